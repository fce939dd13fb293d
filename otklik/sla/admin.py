"""For the operator: calendars and agreements with their versions, clocks, and who was told of what falls due."""

from django.contrib import admin

from otklik.sla.models import (
    Agreement,
    AgreementVersion,
    Alert,
    Bond,
    Calendar,
    CalendarVersion,
    Clock,
    Cover,
    Proposal,
    Replay,
)
from otklik.sla.uptime.models import Incident, PeriodAccount
from otklik.web.repair import ReadOnly


@admin.register(Calendar)
class CalendarAdmin(ReadOnly):
    list_display = ("name", "version", "is_default")


@admin.register(Alert)
class AlertAdmin(ReadOnly):
    list_display = ("pk", "user", "ticket", "share", "due_at", "show_at", "seen_at", "over_at")
    search_fields = ("=ticket__number",)


@admin.register(Agreement)
class AgreementAdmin(ReadOnly):
    list_display = ("name", "rank", "calendar", "is_default", "ended_at")


@admin.register(Clock)
class ClockAdmin(ReadOnly):
    list_display = ("pk", "ticket", "kind", "cycle", "state", "due_at", "late")
    search_fields = ("=ticket__number",)


@admin.register(Proposal)
class ProposalAdmin(ReadOnly):
    list_display = (
        "pk",
        "kind",
        "priority",
        "tag",
        "proposed_s",
        "at",
        "by",
        "taken_s",
        "taken_at",
        "taken_by",
    )


@admin.register(Replay)
class ReplayAdmin(ReadOnly):
    list_display = ("pk", "by", "asked_at", "state", "done", "total", "ended_at")


@admin.register(AgreementVersion, CalendarVersion, Cover, Bond)
class OtherAdmin(ReadOnly):
    list_display = ("pk", "__str__")


@admin.register(Incident)
class IncidentAdmin(ReadOnly):
    list_display = ("pk", "kind", "name", "cause", "began_at", "ended_at", "withdrawn_at")


@admin.register(PeriodAccount)
class PeriodAccountAdmin(ReadOnly):
    list_display = ("pk", "agreement", "organisation", "window", "credit", "total", "replaces")
