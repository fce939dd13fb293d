"""The sweep that tells people in time (R-E6): shares of a clock, a due time that passed, news and promises.

Each step takes its rows with SKIP LOCKED, the request along with them, so that two processes never wait for each other
or for a deed (which locks its requests first, docs/decisions.md). That nothing is told twice the database holds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from otklik.desk.models import Ticket
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.promises.models import NextNews
from otklik.sla import calendars, timetables
from otklik.sla.models import STANDING, AgreementVersion, Alert, Bond
from otklik.sla.terms import PRIORITIES, Terms
from otklik.sla.timetables import Timetable
from otklik.sla.whom import Crew, Matter, Stage, Thing
from otklik.sla.worktime import NoWorkingTime

BATCH = 500
THINGS: Final[tuple[Thing, ...]] = ("clock", "news", "promise")
NOBODY: Final[list[int | None]] = [None]
TOLD, OVER, LATE = "alert.told", "alert.over", "clock.late"
Row = Mapping[str, Any]  # Any: columns of several types

_TAKEN = f"LIMIT {BATCH} FOR UPDATE OF {{0}} SKIP LOCKED FOR KEY SHARE OF t SKIP LOCKED"
_CLOCKS = """
    SELECT c.id AS pk, c.ticket_id, c.kind, c.cycle, c.version_id, c.target_s, c.changed_at, c.due_at, c.warned,
           t.team_id, t.owner_id, t.priority
      FROM sla_clock c JOIN desk_ticket t ON t.id = c.ticket_id WHERE c.state = 'running' AND
"""
_LATE = f"{_CLOCKS} NOT c.late AND c.due_at < %(at)s ORDER BY c.due_at {_TAKEN.format('c')}"
_SHARES = f"{_CLOCKS} c.warn_at <= %(at)s ORDER BY c.warn_at {_TAKEN.format('c')}"
_IS_LATE = "UPDATE sla_clock SET late = true, warned = %s, warn_at = NULL WHERE id = %s"
_IS_WARNED = "UPDATE sla_clock SET warned = %s, warn_at = %s WHERE id = %s"

# News and promises: a quarter of an hour before, of what was promised for sooner half of its time; 90 stands for that.
# Each word and time of theirs never changes, so one alert of a share says that it was told. Uses news_due, promise_due.
_WORDS = """
    SELECT w.id AS pk, w.ticket_id, w.due_at, CASE WHEN w.due_at < %(at)s THEN 100 ELSE 90 END AS share,
           t.team_id, t.owner_id, t.priority, b.version_id
      FROM {table} w JOIN desk_ticket t ON t.id = w.ticket_id
      LEFT JOIN sla_bond b ON b.ticket_id = t.id AND b.ended_at IS NULL
     WHERE w.ended_at IS NULL AND w.due_at <= %(at)s + interval '15 minutes'
       AND w.due_at - least(interval '15 minutes', (w.due_at - w.made_at) / 2) <= %(at)s
       AND NOT EXISTS (SELECT 1 FROM sla_alert a WHERE a.{thing}_id = w.id
            AND a.share >= CASE WHEN w.due_at < %(at)s THEN 100 ELSE 90 END)
     ORDER BY w.due_at {taken}
"""
_TABLES: dict[Thing, str] = {"news": "promises_nextnews", "promise": "promises_promise"}

_STANDING = """
    FROM sla_alert a JOIN desk_ticket t ON t.id = a.ticket_id
      LEFT JOIN sla_clock c ON c.id = a.clock_id
      LEFT JOIN promises_nextnews n ON n.id = a.news_id
      LEFT JOIN promises_promise p ON p.id = a.promise_id
      LEFT JOIN sla_bond b ON b.ticket_id = t.id AND b.ended_at IS NULL
     WHERE a.over_at IS NULL
"""
_ENDED = f"""
    SELECT a.id, t.id AS ticket_id, t.team_id {_STANDING} AND NOT CASE
        WHEN a.clock_id IS NOT NULL THEN c.state = 'running' AND c.due_at = a.due_at
        WHEN a.news_id IS NOT NULL THEN n.ended_at IS NULL AND n.due_at = a.due_at
        ELSE p.ended_at IS NULL AND p.due_at = a.due_at END
     ORDER BY a.id {_TAKEN.format("a")}
"""
_HANDED = f"""
    SELECT a.id, a.clock_id, a.news_id, a.promise_id, a.user_id, a.share, a.due_at, t.id AS ticket_id, t.team_id,
           t.owner_id, t.priority, coalesce(c.version_id, b.version_id) AS version_id
    {_STANDING} AND (a.team_id, a.owner_id) IS DISTINCT FROM (t.team_id, t.owner_id)
     ORDER BY a.ticket_id, a.id {_TAKEN.format("a")}
"""  # noqa: S608 - the same
_UNTOLD = f"""
    SELECT a.id, t.id AS ticket_id, t.team_id FROM sla_alert a JOIN desk_ticket t ON t.id = a.ticket_id
     WHERE a.told_at IS NULL AND a.over_at IS NULL AND a.user_id IS NOT NULL AND a.show_at <= %(at)s
     ORDER BY a.show_at {_TAKEN.format("a")}
"""  # noqa: S608 - the same
_INSERT = """
    INSERT INTO sla_alert (user_id, ticket_id, clock_id, news_id, promise_id, share, due_at, at, show_at, owner_id,
                           team_id)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::smallint[],
        %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::bigint[], %s::bigint[])
    ON CONFLICT ON CONSTRAINT alert_once DO UPDATE
       SET over_at = NULL, owner_id = EXCLUDED.owner_id, team_id = EXCLUDED.team_id
"""


@dataclass(frozen=True, slots=True)
class Promised:
    """What a version of an agreement says of warnings."""

    shares: tuple[int, ...]
    urgent: frozenset[str]


def sweep(*, clock: Callable[[], datetime] = timezone.now) -> int:
    """One step of the loop: how many rows it took. Safe in two processes at once."""
    at = clock()
    steps = (_end, _late, _shares, _news, _promises, _hand_over, _tell)
    return sum(_step(step, at) for step in steps)


def tell_of_automatic(news: NextNews, ticket: Ticket, *, at: datetime) -> None:
    """The client got a letter that nobody wrote, and a new time: owner and leads are told. The caller's transaction."""
    version = Bond.objects.filter(STANDING, ticket=ticket.pk).values_list("version", flat=True).first()
    one: Row = {
        "pk": news.pk, "ticket_id": ticket.pk, "team_id": ticket.team_id, "owner_id": ticket.owner_id,
        "due_at": news.due_at, "priority": ticket.priority, "version_id": version,
    }  # fmt: skip
    _alert([replace(_matter("news", one, Alert.ITSELF), stage="last")], at)


def _step(step: Callable[[datetime], int], at: datetime) -> int:
    with transaction.atomic():
        return step(at)


def _late(at: datetime) -> int:
    found = _ask(_LATE, at)
    _run(_IS_LATE, [(len(_promised(one["version_id"]).shares), one["pk"]) for one in found])
    journaling.write_many([_line(one, LATE, at, kind=one["kind"], cycle=one["cycle"]) for one in found])
    _alert([_matter("clock", one, Alert.PAST) for one in found], at)
    return len(found)


def _shares(at: datetime) -> int:
    found = _ask(_SHARES, at)
    timetables_of = _timetables({one["version_id"] for one in found})
    reached = [(one, *_reached(one, timetables_of[one["version_id"]], at)) for one in found]
    _run(_IS_WARNED, [(count, next_at, one["pk"]) for one, count, next_at in reached])
    matters = []
    for one, count, _next in reached:
        shares = _promised(one["version_id"]).shares[:count]
        if count > one["warned"] and shares:
            matters.append(_matter("clock", one, shares[-1]))
    _alert(matters, at)
    return len(found)


def _reached(clock: Row, timetable: Timetable, at: datetime) -> tuple[int, datetime | None]:
    """How many shares have passed, and when the next one does (W⁻¹ from the clock's last step)."""
    shares = _promised(clock["version_id"]).shares
    target = clock["target_s"]
    elapsed = target - timetables.between(timetable, clock["changed_at"], clock["due_at"])
    for place in range(clock["warned"] + 1, len(shares)):
        left = target * shares[place] / 100 - elapsed
        moment = timetables.add(timetable, clock["changed_at"], max(0, left))
        if moment > at:
            return place, moment
    return len(shares), None


def _news(at: datetime) -> int:
    return _of_words("news", at)


def _promises(at: datetime) -> int:
    return _of_words("promise", at)


def _of_words(thing: Thing, at: datetime) -> int:
    statement = _WORDS.format(table=_TABLES[thing], thing=thing, taken=_TAKEN.format("w"))
    found = _ask(statement, at)
    _alert([_matter(thing, one, one["share"]) for one in found], at)
    return len(found)


def _end(at: datetime) -> int:
    """What ended, moved or was kept is nobody's matter any more."""
    found = _ask(_ENDED, at)
    Alert.objects.filter(pk__in=[one["id"] for one in found]).update(over_at=at)
    _journal(found, OVER, at)
    return len(found)


def _hand_over(at: datetime) -> int:
    """The request went to another owner or team: who is told is asked anew, of each thing for its latest share."""
    found = _ask(_HANDED, at)
    latest: dict[tuple[Thing, int], Row] = {}
    for one in sorted(found, key=lambda row: row["share"]):
        thing = _thing(one)
        latest[thing, one[f"{thing}_id"]] = {**one, "pk": one[f"{thing}_id"]}
    Alert.objects.filter(pk__in=[one["id"] for one in found]).update(over_at=at)
    _alert([_matter(thing, one, one["share"]) for (thing, _pk), one in latest.items()], at)
    _journal(found, OVER, at)
    return len(found)


def _tell(at: datetime) -> int:
    """Pages look again, by a line in the journal, when the moment to show has come."""
    found = _ask(_UNTOLD, at)
    Alert.objects.filter(pk__in=[one["id"] for one in found]).update(told_at=at)
    _journal(found, TOLD, at)
    return len(found)


def _alert(matters: Sequence[Matter], at: datetime) -> None:
    """A row for each who is told; one of nobody where nobody is there, so that it is not asked each time."""
    if not matters:
        return
    crew, morning = Crew(timezone.localdate(at)), _morning(at)
    rows = [
        _columns(one, user_id, at, at if one.at_night else morning)
        for one in matters
        for user_id in (sorted(crew.told(one)) or NOBODY)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])


def _columns(one: Matter, user_id: int | None, at: datetime, show_at: datetime) -> tuple[object, ...]:
    things = [one.pk if one.thing == thing else None for thing in THINGS]
    return (
        user_id, one.ticket_id, *things, one.share, one.due_at, at, show_at, one.owner_id, one.team_id,
    )  # fmt: skip


def _morning(at: datetime) -> datetime:
    """The next working moment of the company; now where it is at work, or never is."""
    second = timedelta(seconds=1)
    try:
        return max(at, calendars.due_after(at, second) - second)
    except NoWorkingTime:
        return at


def _matter(thing: Thing, one: Row, share: int) -> Matter:
    promised = _promised(one["version_id"])
    return Matter(
        thing, one["pk"], one["ticket_id"], one["team_id"], one["owner_id"], one["due_at"], share,
        _stage(thing, share, promised), PRIORITIES[one["priority"]] in promised.urgent,
    )  # fmt: skip


def _stage(thing: Thing, share: int, promised: Promised) -> Stage:
    if share == Alert.PAST:
        return "past"
    return "last" if thing == "clock" and promised.shares[-1:] == (share,) else "first"


def _thing(one: Row) -> Thing:
    return next(name for name in THINGS if one[f"{name}_id"])


@lru_cache(maxsize=256)
def _promised(version_id: int | None) -> Promised:
    """Versions never change. None: no agreement binds the request."""
    terms = Terms()
    if version_id is not None:
        terms = Terms.from_dict(AgreementVersion.objects.values_list("terms", flat=True).get(pk=version_id))
    return Promised(terms.warn_at, terms.urgent)


def _timetables(version_ids: Iterable[int]) -> dict[int, Timetable]:
    """By version. Few queries, as many as there are calendars."""
    found = AgreementVersion.objects.filter(pk__in=list(version_ids))
    by_version = dict(found.values_list("pk", "agreement__calendar"))
    known = {calendar: calendars.timetable(calendar) for calendar in set(by_version.values())}
    return {pk: known[calendar] for pk, calendar in by_version.items()}


def _journal(found: Iterable[Row], word: str, at: datetime) -> None:
    """One line a request: who has its page or the rail before them counts anew."""
    by_ticket = {one["ticket_id"]: one for one in found}
    journaling.write_many([_line(one, word, at) for _pk, one in sorted(by_ticket.items())])


def _line(one: Row, word: str, at: datetime, **facts: object) -> Line:
    if "due_at" in one and word == LATE:
        facts["due_at"] = one["due_at"]
    return Line(one["ticket_id"], word, at, teams=(one["team_id"],), facts=facts)


def _ask(statement: str, at: datetime) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"at": at})
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def _run(statement: str, values: Sequence[Sequence[int | datetime | None]]) -> None:
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)
