"""Working time of one request: by the calendar of the agreement that judges it, the company's while none does."""

from datetime import datetime, timedelta

from otklik.sla import calendars, timetables
from otklik.sla.models import STANDING, Bond
from otklik.sla.timetables import Timetable
from otklik.sla.worktime import NoWorkingTime


def timetable(ticket_id: int) -> Timetable:
    """Two queries."""
    bound = Bond.objects.filter(STANDING, ticket=ticket_id).values_list(
        "version__agreement__calendar", flat=True
    )
    calendar = bound.first()
    return calendars.of_default() if calendar is None else calendars.timetable(calendar)


def add(ticket_id: int, since: datetime, work: timedelta) -> datetime:
    """The moment when that much of it has passed; by the clock on the wall where nobody ever works."""
    try:
        return timetables.add(timetable(ticket_id), since, work.total_seconds())
    except NoWorkingTime:
        return since + work
