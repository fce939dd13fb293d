"""«Почему такой срок»: the stretches of one clock as lines that a person can add up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from otklik.sla import _instants
from otklik.sla._meter import COUNTS, Meter, Stretch, Why
from otklik.sla._table import TICKS

Told: TypeAlias = Why | Literal["ahead", "closed", "target"]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the account. since, until: aware, UTC. left_s: working seconds to the target after it, < 0 when over.

    why: work (counted on one day of its calendar) · closed (whole days that don't work) · client, vendor (a pause) ·
    ended (solved, then opened again) · away (another team had it) · target (no time: from here on another target
    counts) · ahead (work that lies before the due time still).
    """

    since: datetime
    until: datetime
    why: Told
    counted_s: int
    left_s: int


def lines(meter: Meter, until: int) -> list[Line]:
    found: list[Line] = []
    done, goal = 0, None
    for stretch, why in _stretches(meter, until):
        if goal is not None and stretch.goal is not None and stretch.goal != goal:
            found.append(_line((stretch.since, stretch.since, 0), "target", stretch.goal - done))
        goal = stretch.goal if stretch.goal is not None else goal
        for piece in _pieces(stretch):
            done += piece[2]
            said = why if piece[2] or stretch.why != COUNTS else "closed"
            found.append(_line(piece, said, (goal or 0) - done))
    return found


def _line(piece: tuple[int, int, int], why: Told, left: int) -> Line:
    since, until, counted = piece
    return Line(
        _instants.to_datetime(since), _instants.to_datetime(until), why, counted // TICKS, left // TICKS
    )


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


def _pieces(stretch: Stretch) -> Iterator[tuple[int, int, int]]:
    """(since, until, counted): a pause whole; of work each working day of its zone, and days off as one."""
    if stretch.why != COUNTS:
        yield stretch.since, stretch.until, 0
        return
    times, idle, at = stretch.times, None, stretch.since
    while at < stretch.until:
        end = min(_midnight(at, times.hours_at(at).rules.tz), stretch.until)
        counted = times.between(at, end)
        if counted and idle is not None and idle < at:
            yield idle, at, 0
        if counted:
            opens = times.add(at, 1) - 1
            yield opens, times.add(at, counted), counted
        idle = (at if idle is None else idle) if not counted else None
        at = end
    if idle is not None:
        yield idle, at, 0


def _midnight(at: int, tz: str) -> int:
    """The next midnight of this zone."""
    local = _instants.to_datetime(at).astimezone(ZoneInfo(tz))
    day = (local + _DAY).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    found = _instants.from_datetime(day)
    return found if found > at else at + 3600 * TICKS
