"""How requests of an agreement go through the levels, and whether that keeps what it promises (R-E4).

Of each priority requests of half a year drawn by lot (the newest alone are too young to tell), by the agreement that
judges them now and the terms in force today: what we promise now is held against what has been. Loads numpy: import it
where somebody asks.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from otklik import rows
from otklik.sla import agreements, chances, policies, visits
from otklik.sla.chances import Share, Span, Whole
from otklik.sla.course import Fact, Policy
from otklik.sla.facts import facts_of
from otklik.sla.terms import LEVELS, PRIORITIES, Terms
from otklik.sla.visits import END, Way
from otklik.sla.worktime import NoWorkingTime

log = structlog.get_logger(__name__)
DAYS: Final = 180
MOST: Final = 500  # requests of a priority; ± 3 % of a share at most
LOOKED_AT: Final = 50_000  # newest requests of all agreements among which they are sought
NINE_OF_TEN: Final = 0.9
# the lot of a request is a hash of its key: who looks again sees the same ones; no index holds created_at
_DRAWN = """
    WITH newest AS (SELECT id, priority, created_at FROM desk_ticket ORDER BY id DESC LIMIT %(looked)s),
         judged AS (SELECT n.id, n.priority,
                           row_number() OVER (PARTITION BY n.priority ORDER BY hashint8(n.id), n.id) AS place
                      FROM newest n JOIN sla_bond b ON b.ticket_id = n.id AND b.ended_at IS NULL
                      JOIN sla_agreementversion v ON v.id = b.version_id
                     WHERE n.created_at >= %(since)s AND v.agreement_id = %(agreement)s)
    SELECT id, priority FROM judged WHERE place <= %(most)s
"""


@dataclass(frozen=True, slots=True)
class Level:
    """One level, by its own clock. kept: of the teams' turns by target_s, returns counted in, as their clocks do.

    here: requests that are there now. again: share of visits that came back to a team that had had it.
    leads: (level or END, share) of the visits that are over. part: of all working time, 0 to 1.
    """

    level: int
    target_s: int | None
    visits: int
    ended: int
    here: int
    kept: Share | None
    half: Span
    most: Span
    again: float
    leads: tuple[tuple[int, float], ...]
    part: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Requests of one priority. chance, straight: that the promise is kept; by the levels, and by whole requests alone.

    naive_s: the levels' 90th percentiles in a sum. None everywhere: too few cases (chances.FLOOR; for the sum, with any
    of the levels), or no promise.
    """

    priority: int
    promise_s: int | None
    aim: float
    requests: int
    ended: int
    levels: tuple[Level, ...]
    whole: Whole | None = None
    chance: Share | None = None
    straight: Share | None = None
    half: Span | None = None
    most: Span | None = None
    naive_s: float | None = None

    @property
    def is_enough(self) -> bool:
        return self.whole is not None

    @property
    def is_rough(self) -> bool:
        return self.ended < chances.SURE


def of(agreement_id: int, at: datetime) -> list[Figures]:
    """By priority, the most urgent first. A dozen queries, a millisecond a request."""
    terms = agreements.terms(agreements.current(agreement_id, at).pk)
    found = sample(agreement_id, at)
    return [
        figures(found.get(priority, []), terms, priority) for priority in reversed(range(len(PRIORITIES)))
    ]


def sample(agreement_id: int, at: datetime) -> dict[int, list[Way]]:
    """Priority → the ways of its requests."""
    since = at - timedelta(days=DAYS)
    values = {"since": since, "looked": LOOKED_AT, "agreement": agreement_id, "most": MOST}
    priorities: dict[int, int] = dict(rows.ask(_DRAWN, values))
    told = facts_of(priorities)
    policy = policies.of(told.values())
    found: dict[int, list[Way]] = defaultdict(list)
    for ticket_id, facts in told.items():
        found[priorities[ticket_id]] += _ways(ticket_id, facts, policy, at)
    return found


def _ways(ticket_id: int, facts: Sequence[Fact], policy: Policy, at: datetime) -> list[Way]:
    try:
        return visits.ways([one for one in facts if one.at <= at], policy, now=at)
    except NoWorkingTime as fault:
        log.error("levels not counted", ticket=ticket_id, cause=str(fault), remedy="look at its calendar")
        return []


def figures(ways: Sequence[Way], terms: Terms, priority: int) -> Figures:
    """Pure. ways: of requests of this priority."""
    promise, ended = terms.target("resolution", priority), sum(way[-1].then == END for way in ways)
    whole = chances.whole(ways, promise) if ended >= chances.FLOOR else None
    levels = tuple(_levels(ways, terms, priority, whole))
    plain = Figures(priority, promise, terms.share / 100, len(ways), ended, levels)
    if whole is None:
        return plain
    straight = chances.curve((sum(one.whole_s for one in way), way[-1].then == END) for way in ways)
    tops = [one.most.value if one.ended >= chances.FLOOR else None for one in levels]
    return Figures(
        priority, promise, terms.share / 100, len(ways), ended, levels, whole,
        whole.share_by(promise) if promise else None, straight.share_by(promise) if promise else None,
        whole.percentile(0.5), whole.percentile(NINE_OF_TEN),
        None if None in tops else sum(filter(None, tops)),
    )  # fmt: skip


def _levels(ways: Sequence[Way], terms: Terms, priority: int, whole: Whole | None) -> Iterator[Level]:
    leads = chances.leading(ways)
    worked = {level: float(part.sum()) for level, part in whole.parts.items()} if whole else {}
    for level in LEVELS:
        its = [one for way in ways for one in way if one.level == level]
        if not its:
            continue
        lasting = chances.curve((one.own_s, one.then is not None) for one in its)
        target = terms.target("level", priority, level)
        turns = chances.curve(_turns(ways, level))
        yield Level(
            level, target, len(its), lasting.ended, lasting.cases - lasting.ended,
            turns.share_by(target) if target and turns.ended >= chances.FLOOR else None,
            lasting.percentile(0.5), lasting.percentile(NINE_OF_TEN), sum(one.again for one in its) / len(its),
            tuple(leads.get(level, {}).items()), _part(worked, level),
        )  # fmt: skip


def _part(worked: Mapping[int, float], level: int) -> float:
    return worked.get(level, 0.0) / (sum(worked.values()) or 1.0)


def _turns(ways: Iterable[Way], level: int) -> Iterator[tuple[float, bool]]:
    """Of each team of this level: all its time with a request, and whether it has let go of it."""
    for way in ways:
        own: dict[int, int] = {}
        for one in way:
            if one.level == level:
                own[one.team] = own.get(one.team, 0) + one.own_s
        for team, seconds in own.items():
            yield seconds, not (way[-1].team == team and way[-1].then is None)
