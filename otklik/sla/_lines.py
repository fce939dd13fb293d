"""«Почему такой срок»: the stretches of one clock as lines that a person can add up."""

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from otklik.sla import _instants
from otklik.sla._meter import COUNTS, Meter, Stretch, Why
from otklik.sla._table import TICKS

if TYPE_CHECKING:
    from otklik.sla.course import Fact
    from otklik.sla.worktime import Hours

Told: TypeAlias = Why | Literal["ahead", "closed", "target", "end"]
Deed: TypeAlias = "tuple[int, Fact]"  # when it counts as done, in ticks
Piece: TypeAlias = tuple[int, int, int]  # since, until, counted
_DAY: Final = timedelta(days=1)
_TURNS: Final = frozenset({"priority", "bound"})  # what gives a clock another target
_ALWAYS_TOLD: Final = frozenset({
    "answered", "vendor_asked", "vendor_said", "reopened", "priority", "team", "bound", "lost", "resent", "ended",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the account. since, until: aware, UTC. left_s: working seconds to the target after it, < 0 when over.

    why: work (counted on one day of its calendar) · closed (nobody works: before opening, whole days) · client, vendor
    (a pause) · ended (solved, then opened again) · away (another team had it) · target (no time: from here on another
    target counts) · ahead (work that lies before the due time still) · end (no time: here it stopped for good).
    goal_s: the target in it; was_s: of a target line the one before. idle_s: working seconds that a pause left out.
    breaks: between since and until. facts: what happened at its beginning. hours: of the calendar then.
    """

    since: datetime
    until: datetime
    why: Told
    counted_s: int
    left_s: int
    hours: "Hours"
    goal_s: int | None = None
    was_s: int | None = None
    idle_s: int = 0
    breaks: tuple[tuple[datetime, datetime], ...] = ()
    facts: tuple["Fact", ...] = ()


def lines(meter: Meter, until: int, deeds: Sequence[Deed] = ()) -> list[Line]:
    """deeds: of the whole request, in order; those of this clock's life cut its lines and stand at their beginning."""
    told = _told(meter, until, deeds)
    cuts = sorted({at for at, _fact in told})
    due = meter.due(until if meter.ended is None else meter.ended)
    if due is not None:
        insort(cuts, due)
    return _with_facts(list(_uncut(meter, until, cuts)), told)


def _uncut(meter: Meter, until: int, cuts: Sequence[int]) -> Iterator[Line]:
    done, goal = 0, None
    for stretch, why in _stretches(meter, until):
        if goal is not None and stretch.goal is not None and stretch.goal != goal:
            here = (stretch.since, stretch.since, 0)
            yield replace(_line(stretch, here, "target", done), was_s=goal // TICKS)
        goal = stretch.goal if stretch.goal is not None else goal
        for part in _cut(stretch, cuts):
            for piece in _pieces(part):
                done += piece[2]
                said = why if piece[2] or part.why != COUNTS else "closed"
                yield _line(replace(part, goal=goal), piece, said, done)
    if meter.ended is not None:
        last = Stretch(meter.ended, meter.ended, "ended", 0, meter.rules.times, goal)
        yield _line(last, (meter.ended, meter.ended, 0), "end", done)


def _line(stretch: Stretch, piece: Piece, why: Told, done: int) -> Line:
    since, until, counted = piece
    times, goal = stretch.times, stretch.goal
    paused = stretch.why != COUNTS and why not in ("target", "end")
    return Line(
        _moment(since), _moment(until), why, counted // TICKS, ((goal or 0) - done) // TICKS, times.hours_at(since),
        goal_s=None if goal is None else goal // TICKS,
        idle_s=times.between(since, until) // TICKS if paused else 0,
        breaks=tuple((_moment(a), _moment(b)) for a, b in times.breaks(since, until)) if counted else (),
    )  # fmt: skip


def _told(meter: Meter, until: int, deeds: Sequence[Deed]) -> list[Deed]:
    """Those of its life that changed something of it, or that people look for."""
    last = until if meter.ended is None else meter.ended
    turns = {meter.started, meter.since, last, *(one.since for one in meter.stretches)}
    return [
        (at, fact)
        for at, fact in deeds
        if meter.started <= at <= last and (at in turns or fact.word in _ALWAYS_TOLD)
    ]


def _with_facts(found: list[Line], told: Sequence[Deed]) -> list[Line]:
    facts: dict[int, list[Fact]] = {}
    for at, fact in told:
        place = _place(found, _moment(at), fact.word)
        if place is not None:
            facts.setdefault(place, []).append(fact)
    return [replace(one, facts=tuple(facts.get(n, ()))) for n, one in enumerate(found)]


def _place(found: Sequence[Line], at: datetime, word: str) -> int | None:
    """The end that it made, the target that it set, else the line that begins then or later, or holds it."""
    for n, one in enumerate(found):
        if one.why == "target":
            if one.since == at and word in _TURNS:
                return n
        elif one.since >= at or at < one.until:
            ended = found[-1]
            return len(found) - 1 if ended.why == "end" and ended.since == at else n
    return None


def _stretches(meter: Meter, until: int) -> Iterator[tuple[Stretch, Told]]:
    """What was, cut at `until`; what goes on; what lies ahead."""
    for one in meter.stretches:
        yield one, one.why
    if meter.ended is not None:
        return
    now, times = max(until, meter.since), meter.rules.times
    yield Stretch(meter.since, now, meter.why, 0, times, meter.goal), meter.why
    due = meter.due(now)
    if meter.why == COUNTS and due is not None and due > now:
        yield Stretch(now, due, COUNTS, 0, times, meter.goal), "ahead"


def _cut(stretch: Stretch, cuts: Sequence[int]) -> Iterator[Stretch]:
    at = stretch.since
    for cut in cuts:
        if at < cut < stretch.until:
            yield replace(stretch, since=at, until=cut)
            at = cut
    yield replace(stretch, since=at)


def _pieces(stretch: Stretch) -> Iterator[Piece]:
    """A pause whole; of work each working day of its zone, days off as one, and the wait for the first opening."""
    if stretch.why != COUNTS:
        yield stretch.since, stretch.until, 0
        return
    times, idle, at = stretch.times, None, stretch.since
    while at < stretch.until:
        end = min(_midnight(at, times.hours_at(at).rules.tz), stretch.until)
        counted = times.between(at, end)
        if counted:
            opens = times.add(at, 1) - 1
            waits = idle if idle is not None else stretch.since if at == stretch.since else opens
            if waits < (at if idle is not None else opens):
                yield waits, at if idle is not None else opens, 0
            yield opens, times.add(at, counted), counted
        idle = (at if idle is None else idle) if not counted else None
        at = end
    if idle is not None:
        yield idle, at, 0


def _midnight(at: int, tz: str) -> int:
    """The next midnight of this zone."""
    local = _moment(at).astimezone(ZoneInfo(tz))
    day = (local + _DAY).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    found = _instants.from_datetime(day)
    return found if found > at else at + 3600 * TICKS


def _moment(ticks: int) -> datetime:
    return _instants.to_datetime(ticks)
