"""For the operator: what the coach has said, what became of it, and the styles of the teams."""

from django.contrib import admin

from otklik.assist.models import Mute, Outcome, Style, Verdict, Written
from otklik.web.repair import ReadOnly


@admin.register(Style)
class StyleAdmin(ReadOnly):
    list_display = ("pk", "team", "version", "apologise", "made_at", "made_by", "restores")
    list_filter = ("apologise",)


@admin.register(Mute)
class MuteAdmin(ReadOnly):
    list_display = ("pk", "user", "rule", "at")


@admin.register(Verdict)
class VerdictAdmin(ReadOnly):
    list_display = ("pk", "user", "ticket", "message", "what", "reason", "at")
    search_fields = ("=ticket__number",)
    list_filter = ("what",)


@admin.register(Written)
class WrittenAdmin(ReadOnly):
    list_display = ("pk", "team", "user", "at", "length", "closes", "thanks")
    list_filter = ("closes",)


@admin.register(Outcome)
class OutcomeAdmin(ReadOnly):
    list_display = ("pk", "ticket", "message", "user", "rule", "what", "reason", "at")
    search_fields = ("=ticket__number",)
    list_filter = ("what",)
