"""For the operator: what was promised and what became of it."""

from django.contrib import admin

from otklik.promises.models import NextNews, Promise
from otklik.web.repair import ReadOnly


@admin.register(NextNews)
class NextNewsAdmin(ReadOnly):
    list_display = ("pk", "ticket", "due_at", "made_at", "made_by", "ended_at", "outcome")
    search_fields = ("=ticket__number",)
    list_filter = ("outcome",)


@admin.register(Promise)
class PromiseAdmin(ReadOnly):
    list_display = ("pk", "ticket", "message", "due_at", "made_at", "made_by", "ended_at", "outcome")
    search_fields = ("=ticket__number",)
    list_filter = ("outcome",)
