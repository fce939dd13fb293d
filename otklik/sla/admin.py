"""For the operator: the calendars."""

from django.contrib import admin

from otklik.sla.models import Calendar
from otklik.web.repair import ReadOnly


@admin.register(Calendar)
class CalendarAdmin(ReadOnly):
    list_display = ("name", "version", "is_default")
