"""What requests are judged by, as the pure course of clocks wants it: terms, timetables, levels of teams.

A version of an agreement or of a calendar never changes, so each is read and checked once a process.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import lru_cache

from django.db.models import Max

from otklik import rows
from otklik.sla import timetables
from otklik.sla._times import Times
from otklik.sla.course import Fact, Policy, Rules
from otklik.sla.models import AgreementVersion, Calendar, CalendarVersion
from otklik.sla.terms import Terms
from otklik.sla.worktime import Hours
from otklik.staff.models import Team

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
OVERLAP = 1000  # entries
_NEWEST = "SELECT COALESCE(max(id), 0) FROM journal_entry WHERE ticket_id IS NULL"
_TEAMS = """
    SELECT id, (facts->>'team')::bigint, at, (facts->>'level')::integer FROM journal_entry
     WHERE ticket_id IS NULL AND id > %(since)s::bigint AND word = 'team.changed' AND facts ? 'level'
"""


def of(facts: Iterable[Iterable[Fact]]) -> Policy:
    """Everything that these facts name. Five queries, and one for each version that is new to this process."""
    bound = {fact.id for one in facts for fact in one if fact.word == "bound"}
    return Policy(versions=rules(bound), levels=_levels())


def rules(ids: Collection[int]) -> dict[int, Rules]:
    """Of these versions. Two queries, and one for each that is new to this process."""
    found = AgreementVersion.objects.filter(pk__in=ids).values_list("pk", "agreement__calendar")
    calendars = dict(found)
    latest = CalendarVersion.objects.filter(calendar__in=set(calendars.values())).values("calendar")
    newest = dict(latest.annotate(newest=Max("pk")).values_list("calendar", "newest"))
    return {
        pk: Rules(_terms(pk), _times(calendar, newest.get(calendar))) for pk, calendar in calendars.items()
    }


def _levels() -> dict[int, list[tuple[datetime, int]]]:
    """By the journal, for the level of a team may change; of a team that it doesn't name, the level it has."""
    now = {pk: [(BEGINNING, level)] for pk, level in Team.objects.values_list("pk", "level")}
    return now | _changes.by_team()


class _Changes:
    """Levels as entries «team.changed» tell them. Safe to share between threads: what is read twice stands once."""

    def __init__(self) -> None:
        self._told: dict[int, tuple[int, datetime, int]] = {}
        self._seen = 0

    def by_team(self) -> dict[int, list[tuple[datetime, int]]]:
        self._read_on()
        found: dict[int, list[tuple[datetime, int]]] = {}
        for _pk, (team, at, level) in sorted(self._told.items()):
            found.setdefault(team, []).append((at, level))
        return found

    def _read_on(self) -> None:
        """Only what is new, and a little before it: ids commit out of order. Uses entry_ticket."""
        ((newest,),) = rows.ask(_NEWEST, {})
        found = rows.ask(_TEAMS, {"since": self._seen - OVERLAP}, binary=True)
        self._told |= {pk: (team, at, level) for pk, team, at, level in found}
        self._seen = newest


_changes = _Changes()


@lru_cache(maxsize=1024)
def _terms(pk: int) -> Terms:
    return Terms.from_dict(AgreementVersion.objects.get(pk=pk).terms)


def _times(calendar: int, newest: int | None) -> Times:
    if newest is None:  # it has no version yet: what stands in its row may change
        return Times(((BEGINNING, Hours.from_dict(Calendar.objects.get(pk=calendar).spec)),))
    return _versioned(calendar, newest)


@lru_cache(maxsize=256)
def _versioned(calendar: int, newest: int) -> Times:
    versions = CalendarVersion.objects.filter(calendar=calendar, pk__lte=newest).order_by("pk")
    return Times(timetables.joined((one.effective_from, Hours.from_dict(one.spec)) for one in versions))
