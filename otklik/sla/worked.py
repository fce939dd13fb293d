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
        return told(self.terms, kind, priority)


def told(terms: Terms, kind: Kind, priority: int) -> timedelta:
    """Working time that a client is told for this: the target less the margin; the company's own where none is."""
    told_s = terms.told(kind, priority)
    return staff.company().answer_within if told_s is None else timedelta(seconds=told_s)


def of(ticket_id: int) -> Judge:
    """Three queries, and one for terms that are new to this process."""
    return of_many([ticket_id])[ticket_id]


def of_many(ticket_ids: Iterable[int]) -> dict[int, Judge]:
    """One query, and two for each calendar."""
    ids = list(ticket_ids)
    bonds = Bond.objects.filter(STANDING, ticket__in=ids)
    bound = list(bonds.select_related("version__agreement").defer("version__terms"))
    agreed = {one.ticket_id: one.version.agreement for one in bound}
    known = {pk: calendars.timetable(pk) for pk in {one.calendar_id for one in agreed.values()}}
    found = {
        one.ticket_id: Judge(
            agreed[one.ticket_id].name,
            agreements.terms(one.version_id),
            known[agreed[one.ticket_id].calendar_id],
        )
        for one in bound
    }
    missing = [pk for pk in ids if pk not in found]
    usual = Judge("", Terms(), calendars.of_default()) if missing else None
    return found | {pk: usual for pk in missing if usual}


def add(ticket_id: int, since: datetime, work: timedelta) -> datetime:
    """Judge.add of one request (promises.suggesting)."""
    return of(ticket_id).add(since, work)
