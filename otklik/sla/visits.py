"""Facts of a request → how it went through the levels, visit by visit, from hand-over to hand-over (R-E4). Pure.

A way is what one clock of the resolution measures: from the first waking word, or a reopening long after the end, to
the end. Coming back to the team that had it last goes on with the same visit; spam is no way at all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final, TypeAlias

from otklik.sla import _instants, course
from otklik.sla._life import Life
from otklik.sla._meter import COUNTS, PAUSES, Meter
from otklik.sla._table import TICKS
from otklik.sla._times import Times
from otklik.sla.course import Fact, Policy

END: Final = 0  # in place of a level: nobody gets it any more, the request is solved
_PRESENT: Final = frozenset({COUNTS, *PAUSES})


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay of a request with a team of this level.

    own_s: working seconds by the level's own clock. whole_s: those by the promise to the client, which goes on while a
    vendor keeps the level waiting. then: the level that got it next, END, or None while it is still there. again: the
    team had had it before.
    """

    level: int
    team: int
    own_s: int
    whole_s: int
    then: int | None
    again: bool = False


Way: TypeAlias = tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """[since, until) in ticks with one team; counted: by the level's clock."""

    since: int
    until: int
    team: int
    level: int
    counted: int


def ways(facts: Iterable[Fact], policy: Policy, *, now: datetime) -> list[Way]:
    """Every way of one request, in order; [] where nothing binds it or nobody waits. Raises NoWorkingTime.

    facts: as course.run takes them, none of them later than now.
    """
    life, at = course.live(facts, policy), _instants.from_datetime(now)
    wholes = [one for one in life.meters if one.kind == "resolution"]
    ends = [later.started for later in wholes[1:]]
    held = sorted(_held(life, at), key=lambda one: (one.since, one.until))
    found = []
    for whole, until in zip(wholes, [*ends, at + 1], strict=False):
        its = [one for one in held if whole.started <= one.since < until]
        if its and not (whole.void and whole.ended is not None):
            found.append(_way(its, whole, at))
    return found


def _held(life: Life, at: int) -> Iterator[_Stretch]:
    """When which team had it: what counted and what was paused, not what lay with others or after the end."""
    for meter in life.meters:
        if meter.kind == "level" and meter.team is not None:
            for since, until, why, counted, _times in _stretches(meter, at):
                if why in _PRESENT:
                    yield _Stretch(since, until, meter.team, meter.level, counted)


def _stretches(meter: Meter, at: int) -> Iterator[tuple[int, int, str, int, Times]]:
    for one in meter.stretches:
        yield one.since, one.until, one.why, one.counted, one.times
    if meter.ended is None:
        counted = meter.rules.times.between(meter.since, at) if meter.why == COUNTS else 0
        yield meter.since, max(at, meter.since), meter.why, counted, meter.rules.times


def _way(held: Sequence[_Stretch], whole: Meter, at: int) -> Way:
    stays = [list(same) for _team, same in groupby(held, key=lambda one: one.team)]
    last = None if whole.ended is None else END
    nexts: list[int | None] = [stay[0].level for stay in stays[1:]]
    counting = [
        (since, until, times) for since, until, why, _n, times in _stretches(whole, at) if why == COUNTS
    ]
    seen: set[int] = set()
    visits = []
    for stay, then in zip(stays, [*nexts, last], strict=True):
        team = stay[0].team
        own = sum(one.counted for one in stay) // TICKS
        visits.append(Visit(stay[0].level, team, own, _of_whole(stay, counting) // TICKS, then, team in seen))
        seen.add(team)
    return tuple(visits)


def _of_whole(stay: Sequence[_Stretch], counting: Sequence[tuple[int, int, Times]]) -> int:
    """What of the promise's time passed meanwhile, in ticks."""
    return sum(
        times.between(max(one.since, since), min(one.until, until))
        for one in stay
        for since, until, times in counting
        if one.since < until and since < one.until
    )
