"""Facts of one request → how each of its clocks stands (R-E3, R-E4; notes on clocks, §8). Pure.

    response    the first waking word → our first answer; never paused by itself, never started again
    next_reply  the oldest unanswered word of the client → our answer; a new cycle for each
    news        our last word → our next one, while the request is open; counted from the first answer on
    resolution  the first waking word → solved; a reopening within `reopen_days` goes on, a later one begins a new cycle
    level       of each team, from hand-over to hand-over; a return goes on where it stood
    vendor      asked → answered

An answer taken back never was. One that got lost ends nothing: what it had ended goes on from when we learnt of it.
What a client said last before the end of a request owes no answer, unless its time had passed by then. New terms keep
start, elapsed time and pauses. A fact exactly at `due` is in time. Reasons of a pause overlap once.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias

from otklik.sla import _instants
from otklik.sla._life import Life
from otklik.sla._lines import Line, lines
from otklik.sla._meter import COUNTS, Meter
from otklik.sla._table import TICKS
from otklik.sla._times import Times
from otklik.sla.terms import Kind, Terms

__all__ = ["TOLD", "Fact", "Line", "Policy", "Rules", "Standing", "live", "run", "told", "trace"]

Word: TypeAlias = Literal[
    "asked", "answered", "undone", "lost", "resent", "vendor_asked", "vendor_said", "state", "ended", "reopened",
    "priority", "team", "bound",
]  # fmt: skip
TOLD: tuple[Kind, ...] = ("response", "next_reply", "news")  # clocks that our next word ends
TURNS = frozenset({"answered", "vendor_asked", "state", "ended", "reopened", "lost"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to the request.

    id: of the message (answered, vendor_asked, undone, lost, resent), the priority, the team, the agreement's version.
    to: of an answer wait | work | others | solve, of a state its name, of an end solved | closed | spam.
    by: the user who did it, for showing; 0 where nobody of ours did.
    """

    at: datetime
    word: Word
    id: int = 0
    to: str = ""
    by: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Rules:
    """A version of an agreement: its terms and the timetable of its calendar."""

    terms: Terms
    times: Times


@dataclass(frozen=True, slots=True)
class Policy:
    """versions: by the id that a fact `bound` names; levels: of each team (from, level) in the order of time.

    A team is judged by the level it has when a request first comes to it: 1 where none is given.
    """

    versions: Mapping[int, Rules]
    levels: Mapping[int, Sequence[tuple[datetime, int]]]


@dataclass(frozen=True, slots=True)
class Standing:
    """One clock as the facts leave it: the columns of sla.models.Clock.

    late: of an ended one its verdict, of a paused one whether its time had passed; of a running one False, since that
    is a question of the hour (`due_at`). warnings: of a running one, when each share of `warn_at` is reached (W⁻¹).
    """

    kind: Kind
    cycle: int
    team: int | None
    returns: int
    version: int
    state: Literal["running", "paused", "done", "void"]
    target_s: int
    started_at: datetime
    changed_at: datetime
    elapsed_s: int
    due_at: datetime | None
    ended_at: datetime | None
    late: bool
    warnings: tuple[datetime, ...] = ()


def run(facts: Iterable[Fact], policy: Policy) -> list[Standing]:
    """Every clock that the facts have started and the terms in force promise, in the order of their starts.

    facts: in the order of the deeds; one whose time lies before that of the fact before it counts as of then. Without
    an agreement (`bound`) there is no clock. Raises NoWorkingTime.
    """
    life = live(facts, policy)
    return [_standing(meter) for meter in life.meters if meter.goal is not None]


def trace(facts: Iterable[Fact], policy: Policy, kind: Kind, cycle: int, *, until: datetime) -> list[Line]:
    """«Почему такой срок»: the life of one clock in lines, working days apart, and what lies ahead of it to its due.

    until: now; the last lines of a running clock, with why "ahead", lead from there to its due time. What happened
    meanwhile cuts the lines. [] for a clock that there is not.
    """
    told = list(facts)
    meters = live(told, policy).meters
    wanted = [one for one in meters if (one.kind, one.cycle) == (kind, cycle) and one.goal is not None]
    if not wanted:
        return []
    deeds = [(at, fact) for fact, at in _timed(told, policy)]
    return lines(wanted[0], _instants.from_datetime(until), deeds)


def told(
    facts: Iterable[Fact], policy: Policy, *, at: datetime, kinds: Collection[Kind] = TOLD
) -> datetime | None:
    """By when the client is to hear of us: when the nearest of these clocks is due, less the margin of its terms.

    Later than `at`: what is late already is told by nobody; None where no such clock counts. Never later than the
    due time of that clock. Raises NoWorkingTime.
    """
    life, now = live(facts, policy), _instants.from_datetime(at)
    standing = [meter for kind in kinds if (meter := life.standing.get(kind))]
    ahead = [due for meter in standing if (due := _told(meter, now)) is not None and due > now]
    return _moment(min(ahead)) if ahead else None


def _told(meter: Meter, now: int) -> int | None:
    if meter.goal is None or meter.why != COUNTS:
        return None
    early = meter.when(meter.goal * (100 - meter.rules.terms.margin) // 100, now)
    return early if early > now else meter.due(now)


def live(facts: Iterable[Fact], policy: Policy) -> Life:
    """The life that these facts tell, with all its meters; empty without an agreement. Raises NoWorkingTime."""
    life = Life(policy)
    for fact, at in _timed(facts, policy):
        life.take(fact, at)
    return life


def _timed(facts: Iterable[Fact], policy: Policy) -> Iterator[tuple[Fact, int]]:
    """From the first agreement on, each fact with the moment it counts as of, in ticks."""
    at, bound = 0, False
    for fact in _standing_facts(list(facts)):
        bound = bound or (fact.word == "bound" and fact.id in policy.versions)
        if bound:
            at = max(at, _instants.from_datetime(fact.at))
            yield fact, at


def _standing_facts(facts: Sequence[Fact]) -> list[Fact]:
    """Without the answers that were taken back. The request is open again then, unless a later deed decided that."""
    if not any(one.word == "undone" for one in facts):
        return list(facts)
    kept: list[Fact] = []
    for fact in facts:
        if fact.word != "undone":
            kept.append(fact)
            continue
        place = next((n for n, one in enumerate(kept) if _is_taken_back(one, fact)), None)
        if place is not None:
            turned = any(one.word in TURNS for one in kept[place + 1 :])
            turned = turned or kept[place].to == "others"  # that answer decided nothing
            del kept[place]
            kept += [] if turned else [replace(fact, word="state", to="open")]
    return kept


def _is_taken_back(fact: Fact, undone: Fact) -> bool:
    return fact.word in ("answered", "vendor_asked") and fact.id == undone.id


def _standing(meter: Meter) -> Standing:
    end, goal = meter.ended, meter.goal or 0
    at = meter.changed if end is None else end
    running = end is None and meter.why == COUNTS
    due = meter.due(at) if running or (end is not None and not meter.void) else None
    state: Literal["running", "paused", "done", "void"] = "running" if running else "paused"
    if end is not None:
        state = "void" if meter.void else "done"
    shares = meter.rules.terms.warn_at if running else ()
    return Standing(
        kind=meter.kind, cycle=meter.cycle, team=meter.team, returns=meter.returns, version=meter.version,
        state=state, target_s=goal // TICKS, started_at=_moment(meter.started), changed_at=_moment(meter.changed),
        elapsed_s=meter.elapsed(meter.changed) // TICKS, due_at=None if due is None else _moment(due),
        ended_at=None if end is None else _moment(end), late=meter.late or (state == "paused" and meter.is_past),
        warnings=tuple(_moment(meter.when(goal * share // 100, at)) for share in shares),
    )  # fmt: skip


def _moment(at: int) -> datetime:
    return _instants.to_datetime(at)
