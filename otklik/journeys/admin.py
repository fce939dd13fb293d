"""For the operator: what the client's page said and owes. Codes and links are counted, not stored."""

from django.contrib import admin

from otklik.journeys.models import Gift, Letter, NowLine, Proof, Wait
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


@admin.register(Gift)
class GiftAdmin(ReadOnly):
    list_display = ("pk", "ticket", "words", "by", "at")
    search_fields = ("=ticket__number",)


@admin.register(Wait)
class WaitAdmin(ReadOnly):
    list_display = ("ticket", "team", "asked_at", "ahead", "ended_at", "actual_s")
