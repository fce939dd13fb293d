"""The company's working hours change: the calendar gets a new version, what was told to clients stays (invariant 7)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.errors import Refusal
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.sla import calendars
from otklik.sla.models import Calendar
from otklik.sla.worktime import BadHours, Hours, NoWorkingTime


class NoHours(Refusal):
    code = "calendar.no_hours"


def set_default(spec: object, *, by: User, at: datetime) -> Calendar:
    """Count by these hours from now on. spec: the JSON of a calendar. Raises NoHours when nothing falls due."""
    _refuse_useless(spec, at)
    calendar = calendars.default()
    with transaction.atomic():
        calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
        if calendar.spec != spec:
            calendar.spec, calendar.version = spec, calendar.version + 1
            calendar.save(update_fields=["spec", "version"])
            facts: dict[str, object] = {"calendar": calendar.pk, "version": calendar.version}
            journaling.write(Line(None, "calendar.changed", at, by=by, facts=facts))
    return calendar


def _refuse_useless(spec: object, at: datetime) -> None:
    try:
        Hours.from_dict(spec).add(at, 3600.0)
    except (BadHours, NoWorkingTime) as fault:
        raise NoHours(
            _("По этим часам мы не сможем назвать клиенту ни одного срока."),
            _("Оставьте хотя бы час в неделю."),
        ) from fault
