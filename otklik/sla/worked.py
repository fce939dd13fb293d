"""What one request is judged by: its agreement's terms and working time, the company's hours while none binds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.sla import agreements, calendars, timetables
from otklik.sla.models import STANDING, Bond
from otklik.sla.terms import Kind, Terms
from otklik.sla.timetables import Timetable
from otklik.sla.worktime import NoWorkingTime
from otklik.staff import queries as staff


@dataclass(frozen=True, slots=True)
class Judge:
    """name: of the agreement; '' while none binds the request."""

    name: str
    terms: Terms
    timetable: Timetable

    def add(self, since: datetime, work: timedelta) -> datetime:
        """The moment when that much of it has passed; by the clock on the wall where nobody ever works."""
        try:
            return timetables.add(self.timetable, since, work.total_seconds())
        except NoWorkingTime:
            return since + work

    def told(self, kind: Kind, priority: int) -> timedelta:
        """How soon the client is told that they hear of us: the target less its margin."""
        seconds = self.terms.target(kind, priority)
        if seconds is None:
            return staff.company().answer_within
        return timedelta(seconds=seconds * (100 - self.terms.margin) // 100)


def of(ticket_id: int) -> Judge:
    """Three queries, and one for terms that are new to this process."""
    return of_many([ticket_id])[ticket_id]


def of_many(ticket_ids: Iterable[int]) -> dict[int, Judge]:
    """One query, and two for each calendar."""
    ids = list(ticket_ids)
    bonds = Bond.objects.filter(STANDING, ticket__in=ids)
    columns = bonds.values_list(
        "ticket_id", "version_id", "version__agreement__name", "version__agreement__calendar"
    )
    bound = {ticket_id: rest for ticket_id, *rest in columns}
    known = {calendar: calendars.timetable(calendar) for calendar in {one[2] for one in bound.values()}}
    found = {
        ticket_id: Judge(name, agreements.terms(version), known[calendar])
        for ticket_id, (version, name, calendar) in bound.items()
    }
    missing = [pk for pk in ids if pk not in found]
    usual = Judge("", Terms(), calendars.of_default()) if missing else None
    return found | {pk: usual for pk in missing if usual}


def add(ticket_id: int, since: datetime, work: timedelta) -> datetime:
    """Judge.add of one request (promises.suggesting)."""
    return of(ticket_id).add(since, work)
