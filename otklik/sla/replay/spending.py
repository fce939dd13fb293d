"""Where the time of many requests went: totals, medians, by team and by month of arrival (R-E9)."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

import structlog
from django.utils import timezone

from otklik import rows
from otklik.sla import policies
from otklik.sla.course import Fact, Policy
from otklik.sla.facts import facts_of
from otklik.sla.replay import choosing, parts
from otklik.sla.replay.choosing import Among, Chosen
from otklik.sla.replay.parts import WHERE, Deed, Part, Where
from otklik.sla.terms import LEVELS
from otklik.sla.worktime import NoWorkingTime

log = structlog.get_logger(__name__)
LOOKED_AT: Final = 50_000  # newest requests of all among which they are sought
MOST: Final = 1_000  # requests that are read
LONGEST: Final = 0.1  # share of the requests whose part in the sum is told
_DEEDS = """
    SELECT ticket_id, at, word, user_id, actor = 'agent', facts ? 'to', facts->>'to', facts->>'from',
           word = 'message.received' AND facts->>'wakes' = 'true'
      FROM journal_entry
     WHERE ticket_id = ANY(%(ids)s::bigint[]) AND (actor = 'agent' OR word = ANY(%(words)s::text[]))
     ORDER BY ticket_id, id
"""
_WORDS: Final = ["ticket.assigned", "ticket.moved", "ticket.reopened", "message.received"]


class Slice(NamedTuple):
    """What is drawn in one colour. level: of work, 0 for the rest."""

    where: Where
    level: int = 0


SLICES: Final = (
    *(Slice("work", level) for level in LEVELS), Slice("shelf"), Slice("queue"), Slice("client"), Slice("vendor"),
    Slice("night"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spent:
    """One request. seconds: by part; their sum is its whole time."""

    id: int
    created_at: datetime
    seconds: Counter[Part]


@dataclass(frozen=True, slots=True)
class Line:
    """One slice of all. share: of all time, 0 to 1; cases: requests that had any, half_s: the median of those."""

    slice: Slice
    total_s: int
    share: float
    half_s: int
    cases: int


@dataclass(frozen=True, slots=True)
class Bar:
    """The same of a part of them. key: a team's id (None: teams the reader doesn't see) or a month."""

    key: int | date | None
    requests: int
    seconds: Mapping[Slice, int]

    @property
    def total_s(self) -> int:
        return sum(self.seconds.values())


@dataclass(frozen=True, slots=True)
class Figures:
    """found: requests that there are; drawn: by lot, where there are too many; requests: those of which time was told.

    longest: part of the longest tenth in all.
    """

    found: int
    drawn: int
    requests: int
    total_s: int
    half_s: int
    longest: float
    lines: tuple[Line, ...]
    teams: tuple[Bar, ...]
    months: tuple[Bar, ...]


def of(chosen: Chosen, teams: Sequence[int] | None, at: datetime) -> Figures:
    """What this reader sees of it. A dozen queries, half a millisecond a request."""
    among = Among(None if teams is None else list(teams), at, LOOKED_AT, MOST)
    drawn, found = choosing.by_lot(chosen, among)
    return figures(spent(drawn, at), found, len(drawn), teams)


def spent(drawn: Sequence[tuple[int, datetime, bool]], at: datetime) -> list[Spent]:
    ids = [pk for pk, _created, _owned in drawn]
    told = facts_of(ids)
    deeds = _deeds(ids)
    policy = policies.of(told.values())
    found = []
    for pk, created_at, is_owned in drawn:
        held = parts.turns([one for one in deeds.get(pk, ()) if one.at <= at], is_owned=is_owned)
        seconds = _parts(pk, [one for one in told.get(pk, ()) if one.at <= at], held, policy, at)
        if seconds:
            found.append(Spent(pk, created_at, seconds))
    return found


def _parts(
    pk: int, facts: Sequence[Fact], held: Sequence[parts.Turn], policy: Policy, at: datetime
) -> Counter[Part]:
    try:
        return parts.of(facts, held, policy, now=at)
    except NoWorkingTime as fault:
        log.error("time not counted", ticket=pk, cause=str(fault), remedy="look at its calendar")
        return Counter()


def _deeds(ids: Collection[int]) -> dict[int, list[Deed]]:
    found: dict[int, list[Deed]] = defaultdict(list)
    for pk, at, word, user, is_agent, names, owner, former, wakes in rows.ask(
        _DEEDS, {"ids": list(ids), "words": _WORDS}, binary=True
    ):
        found[pk].append(Deed(at, word, user, is_agent, names, owner, former, bool(wakes)))
    return found


def figures(told: Sequence[Spent], found: int, drawn: int, seen: Collection[int] | None) -> Figures:
    """Pure. seen: teams that the reader sees, None: all."""
    sliced = [_sliced(one.seconds.items()) for one in told]
    wholes = sorted(sum(one.values()) for one in sliced)
    total = sum(wholes)
    top = wholes[len(wholes) - max(round(len(wholes) * LONGEST), 1) :] if wholes else []
    return Figures(
        found, drawn, len(told), total, _half(wholes), sum(top) / total if total else 0.0,
        tuple(_line(one, sliced, total) for one in SLICES), tuple(_teams(told, seen)), tuple(_months(told)),
    )  # fmt: skip


def _sliced(parts: Iterable[tuple[Part, int]]) -> Counter[Slice]:
    found: Counter[Slice] = Counter()
    for part, seconds in parts:
        found[Slice(part.where, part.level if part.where == "work" else 0)] += seconds
    return found


def _line(one: Slice, sliced: Sequence[Counter[Slice]], total: int) -> Line:
    its = [seconds[one] for seconds in sliced]
    mine, had = sum(its), [seconds for seconds in its if seconds]
    return Line(one, mine, mine / total if total else 0.0, _half(had), len(had))


def _half(seconds: Sequence[int]) -> int:
    return round(statistics.median(seconds)) if seconds else 0


def _teams(told: Sequence[Spent], seen: Collection[int] | None) -> list[Bar]:
    """By whoever had the request at that time, the one with most first; those unseen as one."""
    by: dict[int | None, list[tuple[int, Part, int]]] = defaultdict(list)
    for one in told:
        for part, seconds in one.seconds.items():
            key = part.team if seen is None or part.team in seen else None
            by[key].append((one.id, part, seconds))
    bars = [
        Bar(key, len({pk for pk, _part, _s in its}), _sliced((part, s) for _pk, part, s in its))
        for key, its in by.items()
    ]
    return sorted(bars, key=lambda bar: (bar.key is None, -bar.total_s))


def _months(told: Sequence[Spent]) -> list[Bar]:
    """By the month when the request came, in the company's zone, the latest first."""
    by: dict[date, list[Spent]] = defaultdict(list)
    for one in told:
        by[timezone.localtime(one.created_at).date().replace(day=1)].append(one)
    return [
        Bar(month, len(its), _sliced(pair for one in its for pair in one.seconds.items()))
        for month, its in sorted(by.items(), reverse=True)
    ]


assert {one.where for one in SLICES} == {*WHERE}  # noqa: S101 - a slice for every second
