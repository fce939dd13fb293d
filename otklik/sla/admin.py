"""For the operator: the calendars, and who was told of what falls due."""

from django.contrib import admin

from otklik.sla.models import Alert, Calendar
from otklik.web.repair import ReadOnly


@admin.register(Calendar)
class CalendarAdmin(ReadOnly):
    list_display = ("name", "version", "is_default")


@admin.register(Alert)
class AlertAdmin(ReadOnly):
    list_display = ("pk", "user", "ticket", "share", "due_at", "show_at", "seen_at", "over_at")
    search_fields = ("=ticket__number",)
