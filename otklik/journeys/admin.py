"""For the operator: what the client's page said and owes. Codes and links are counted, not stored."""

from django.contrib import admin

from otklik.journeys.models import Letter, NowLine, Proof
from otklik.web.repair import ReadOnly


@admin.register(NowLine)
class NowLineAdmin(ReadOnly):
    list_display = ("pk", "ticket", "words", "by", "at", "ended_at")
    search_fields = ("=ticket__number",)


@admin.register(Proof)
class ProofAdmin(ReadOnly):
    list_display = ("pk", "link", "made_at", "tries", "proved_at")


@admin.register(Letter)
class LetterAdmin(ReadOnly):
    list_display = ("pk", "kind", "ticket", "identity", "asked_at", "done_at")
    search_fields = ("=ticket__number",)
