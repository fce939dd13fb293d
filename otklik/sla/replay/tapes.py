"""Lives of many requests as columns: which stretches each clock counts, whatever its hours and targets are. Pure.

What starts, pauses and ends a clock follows from the facts and the pauses of the terms alone. So a life is led once,
under hours that never pass and targets that only say which they are; hours and targets are laid on all at once
(judging.py). Where terms give grace and a target got shorter on the way, the target itself hangs on the hours: such
requests are kept apart (`rare`) and judged one by one, as ever.
"""

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from otklik.sla import _instants, course
from otklik.sla._life import FIRST_PRIORITY
from otklik.sla._meter import COUNTS, Meter
from otklik.sla._table import TICKS
from otklik.sla._times import Times
from otklik.sla.course import Fact, Policy, Rules
from otklik.sla.replay.grid import NEVER, Ticks
from otklik.sla.terms import KINDS, LEVELS, Kind, Terms

Verdicts: TypeAlias = NDArray[np.int8]
RUNNING, PAUSED, DONE, VOID, GONE = range(5)  # GONE: of spam, judged neither way
_KIND: Final = {kind: place for place, kind in enumerate(KINDS)}
_LEVELS: Final = 8  # room for a level in a code
_CLOCK: Final = (
    "request", "kind", "cycle", "code", "version", "started", "ended", "state", "first",
)  # fmt: skip
_STRETCH: Final = ("since", "until", "by")


class _Named(Terms):
    """Terms whose targets say what they are of: priority and level."""

    __slots__ = ()

    def target(self, kind: Kind, priority: int, level: int | None = None) -> int | None:
        return 1 + priority * _LEVELS + ((level or 0) if kind == "level" else 0)


class _Still(Times):
    """Hours in which no time passes; they know whose they are."""

    def __init__(self, version: int) -> None:
        self.version = version

    def between(self, since: int, until: int) -> int:  # noqa: ARG002 - the signature of Times
        return 0

    def add(self, since: int, amount: int) -> int:  # noqa: ARG002 - the signature of Times
        return NEVER


@dataclass(frozen=True, slots=True, eq=False)
class Tape:
    """Clocks as columns; the stretches of clock i that count are first[i] … first[i + 1] of since, until, by.

    Moments in ticks, ended: -1 while it isn't. request: the place that the recorder was given. by: the version whose
    hours count that stretch. rare: place → facts of the requests whose targets hang on their hours.
    """

    request: Ticks
    kind: Ticks
    cycle: Ticks
    code: Ticks
    version: Ticks
    started: Ticks
    ended: Ticks
    state: Ticks
    first: Ticks
    since: Ticks
    until: Ticks
    by: Ticks
    now: int
    rare: Mapping[int, Sequence[Fact]]

    @property
    def priority(self) -> Ticks:
        return (self.code - 1) // _LEVELS

    @property
    def level(self) -> Ticks:
        return (self.code - 1) % _LEVELS

    @property
    def key(self) -> Ticks:
        """One number a clock: the same clock of the same request has it on every tape."""
        return (self.request * len(KINDS) + self.kind) * 100_000 + self.cycle


@dataclass(slots=True)
class Recorder:
    """Takes requests one by one; `tape` gives what it has. now: nothing later is a fact.

    wish: the policy with other hours and targets that the tape will be judged by as well.
    """

    now: datetime
    wish: Callable[[Policy], Policy] = lambda one: one
    _clocks: "array[int]" = field(
        default_factory=lambda: array("q")
    )  # row by row, as _CLOCK and _STRETCH say
    _stretches: "array[int]" = field(default_factory=lambda: array("q"))
    _rules: dict[int, Rules] = field(default_factory=dict)
    _rare: dict[int, Sequence[Fact]] = field(default_factory=dict)
    _shorter: dict[tuple[int, int, int, int], bool] = field(default_factory=dict)
    _until: int = field(init=False)

    def __post_init__(self) -> None:
        self._until = _instants.from_datetime(self.now)

    def take(self, place: int, facts: Sequence[Fact], policy: Policy) -> None:
        """facts: as course.run takes them, none later than now."""
        for version in policy.versions.keys() - self._rules.keys():
            terms = policy.versions[version].terms
            named = _Named(pauses=terms.pauses, reopen_days=terms.reopen_days)
            self._rules[version] = Rules(named, _Still(version))
        life = course.live(facts, Policy(self._rules, policy.levels))
        forgotten = {id(one) for one in life.forgotten}
        for meter in life.meters:
            self._write(place, meter, is_gone=id(meter) in forgotten)
        if self._hangs_on_hours(facts, policy):
            self._rare[place] = facts

    def tape(self) -> Tape:
        found = {**_columns(self._clocks, _CLOCK), **_columns(self._stretches, _STRETCH)}
        first = np.append(found.pop("first"), len(found["since"]))
        return Tape(**found, first=first, now=self._until, rare=self._rare)

    def _write(self, place: int, meter: Meter, *, is_gone: bool) -> None:
        self._clocks.extend((
            place, _KIND[meter.kind], meter.cycle, (meter.goal or 0) // TICKS, meter.version, meter.started,
            -1 if meter.ended is None else meter.ended, _state(meter, is_gone=is_gone),
            len(self._stretches) // len(_STRETCH),
        ))  # fmt: skip
        for one in meter.stretches:
            if one.why == COUNTS:
                self._stretch(one.since, one.until, one.times)
        if meter.ended is None and meter.why == COUNTS and meter.since < self._until:
            self._stretch(meter.since, self._until, meter.rules.times)

    def _hangs_on_hours(self, facts: Sequence[Fact], policy: Policy) -> bool:
        """Whether a target may have got shorter under terms with grace."""
        now, has_begun = (0, FIRST_PRIORITY), False
        for one in facts:
            was = now
            if one.word == "priority":
                now = now[0], one.id
            elif one.word == "bound" and one.id in policy.versions:
                now = one.id, now[1]
            elif one.word != "team":
                has_begun = True
            if has_begun and now != was and was[0] and self._is_shorter(was, now, policy):
                return True
        return False

    def _is_shorter(self, was: tuple[int, int], now: tuple[int, int], policy: Policy) -> bool:
        key = *was, *now
        if key not in self._shorter:
            worlds = (policy, self.wish(policy)) if policy.versions[now[0]].terms.grace_s else ()
            self._shorter[key] = any(_shortens(world, was, now) for world in worlds)
        return self._shorter[key]

    def _stretch(self, since: int, until: int, times: Times) -> None:
        self._stretches.extend((since, until, times.version if isinstance(times, _Still) else 0))


def _columns(rows: "array[int]", names: Sequence[str]) -> dict[str, Ticks]:
    table = np.frombuffer(rows, dtype=np.int64).reshape(-1, len(names))
    return {name: np.ascontiguousarray(table[:, place]) for place, name in enumerate(names)}


def _state(meter: Meter, *, is_gone: bool) -> int:
    if meter.ended is None:
        return RUNNING if meter.why == COUNTS else PAUSED
    return GONE if is_gone else VOID if meter.void else DONE


def _shortens(policy: Policy, was: tuple[int, int], now: tuple[int, int]) -> bool:
    """Whether any target of (version, priority) `now` is shorter than that of `was`."""
    before, after = policy.versions[was[0]].terms, policy.versions[now[0]].terms
    return any(
        (after.target(kind, now[1], level) or NEVER) < (before.target(kind, was[1], level) or 0)
        for kind in KINDS
        for level in (LEVELS if kind == "level" else (0,))
    )
