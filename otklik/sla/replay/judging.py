"""Hours and targets laid on a tape: when each clock falls due and whether it was kept. Pure; equal to course.run.

A due time is W⁻¹ of the target within the stretches that count; one that no stretch reaches lies ahead of the last.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from otklik.sla import _instants, course
from otklik.sla._errors import NoWorkingTime
from otklik.sla._table import DAY_S, TICKS
from otklik.sla._times import Times
from otklik.sla.course import Fact, Policy, Rules, Standing
from otklik.sla.replay.grid import NEVER, Grid, Ticks
from otklik.sla.replay.tapes import DONE, PAUSED, RUNNING, VOID, Tape, Verdicts
from otklik.sla.terms import KINDS, LEVELS, PRIORITIES

NONE: Final = -1
KEPT, LATE = 1, 0
_AHEAD: Final = 2 * 366 * DAY_S * TICKS  # what falls due later than that is looked up by itself


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Of each clock of a tape: due in ticks, NONE without one; verdict KEPT, LATE, or NONE: not judged (yet)."""

    due: Ticks
    verdict: Verdicts


def judge(tape: Tape, policy: Policy) -> Judged:
    """By these terms and hours. policy: with every version of the tape."""
    hours = _Hours(tape, policy.versions)
    goal = _goals(tape, policy.versions)
    due, reached = hours.due(goal)
    verdict = np.full(len(goal), NONE, dtype=np.int8)
    has = goal > 0
    ended = has & ((tape.state == DONE) | (tape.state == VOID))
    late = ended & reached & (tape.ended > due)
    late |= has & (tape.state == RUNNING) & (due != NONE) & (due < tape.now)
    late |= has & (tape.state == PAUSED) & reached & (due < hours.last())
    verdict[has & (tape.state == DONE)] = KEPT
    verdict[late] = LATE
    shown = has & ((tape.state == RUNNING) | (tape.state == DONE) | (late & (tape.state == VOID)))
    judged = Judged(np.where(shown, due, NONE), verdict)
    _correct(tape, judged, policy)
    return judged


class _Hours:
    """The grids of a tape's versions, one for all that have the same hours."""

    def __init__(self, tape: Tape, rules: Mapping[int, Rules]) -> None:
        self._tape = tape
        self._times = {int(one): rules[int(one)].times for one in np.unique(tape.version)}
        self._times |= {int(one): rules[int(one)].times for one in np.unique(tape.by)}
        since = int(tape.started.min()) if len(tape.started) else tape.now
        until = max(tape.now, int(tape.ended.max(initial=tape.now))) + _AHEAD
        made: dict[int, Grid] = {}
        self._grids = {
            version: made.setdefault(id(times), _grid(times, made, since, until))
            for version, times in self._times.items()
        }

    def due(self, goal: Ticks) -> tuple[Ticks, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]:
        """When each falls due, and whether that lies within what has been counted."""
        tape = self._tape
        begun = self._by(tape.by, lambda grid, at: grid.work(tape.since[at]))
        work = self._by(tape.by, lambda grid, at: grid.work(tape.until[at])) - begun
        sums = np.concatenate(([0], np.cumsum(work)))
        owner = np.repeat(np.arange(len(goal)), np.diff(tape.first))
        before = sums[:-1] - sums[tape.first[:-1]][owner]
        over = np.flatnonzero((before + work >= goal[owner]) & (work > 0) & (goal[owner] > 0))
        clocks, places = np.unique(owner[over], return_index=True)
        stretch = over[places]
        due = np.full(len(goal), NONE, dtype=np.int64)
        amount = begun[stretch] + goal[clocks] - before[stretch]
        due[clocks] = self._by(tape.by[stretch], lambda grid, at: grid.reached(amount[at]))
        reached = np.zeros(len(goal), dtype=np.bool_)
        reached[clocks] = True
        done = sums[tape.first[1:]] - sums[tape.first[:-1]]
        ahead = np.flatnonzero(~reached & (goal > 0) & ((tape.state == RUNNING) | (tape.state == DONE)))
        due[ahead] = self._ahead(ahead, (goal - done)[ahead])
        return due, reached

    def last(self) -> Ticks:
        """Until when each has counted."""
        tape = self._tape
        latest = np.full(len(tape.started), NONE, dtype=np.int64)
        owner = np.repeat(np.arange(len(tape.started)), np.diff(tape.first))
        np.maximum.at(latest, owner, tape.until)
        return latest

    def _ahead(self, clocks: Ticks, rest: Ticks) -> Ticks:
        """What is left goes on from the end, or from now."""
        tape = self._tape
        base = np.where(tape.ended[clocks] == NONE, tape.now, tape.ended[clocks])
        found = self._by(tape.version[clocks], lambda grid, at: grid.reached(grid.work(base[at]) + rest[at]))
        for place in np.flatnonzero(found >= NEVER):
            found[place] = _far(
                self._times[int(tape.version[clocks[place]])], int(base[place]), int(rest[place])
            )
        return found

    def _by(self, version: Ticks, ask: Callable[[Grid, Ticks], Ticks]) -> Ticks:
        """The answers of each version's own hours, in place."""
        found = np.zeros(len(version), dtype=np.int64)
        for one in np.unique(version):
            at = np.flatnonzero(version == one)
            found[at] = ask(self._grids[int(one)], at)
        return found


def _grid(times: Times, made: Mapping[int, Grid], since: int, until: int) -> Grid:
    return made.get(id(times)) or Grid.of(times, since, until)


def _far(times: Times, since: int, amount: int) -> int:
    try:
        return times.add(since, amount)
    except NoWorkingTime:
        return NEVER


def _goals(tape: Tape, rules: Mapping[int, Rules]) -> Ticks:
    """The target of each clock in ticks; 0: nothing is promised."""
    found = np.zeros(len(tape.kind), dtype=np.int64)
    for version in np.unique(tape.version):
        terms = rules[int(version)].terms
        table = np.array(
            [
                [
                    [terms.target(kind, n, level) or 0 for level in (0, *LEVELS)]
                    for n in range(len(PRIORITIES))
                ]
                for kind in KINDS
            ],
            dtype=np.int64,
        )
        at = np.flatnonzero(tape.version == version)
        found[at] = table[tape.kind[at], tape.priority[at], tape.level[at]] * TICKS
    return found


def _correct(tape: Tape, judged: Judged, policy: Policy) -> None:
    """What the columns can't say (Tape.rare) as the course of each such request says it."""
    if not tape.rare:
        return
    told = {key: one for place, facts in tape.rare.items() for key, one in _told(place, facts, policy)}
    wanted = np.flatnonzero(np.isin(tape.request, np.fromiter(tape.rare, dtype=np.int64)))
    for at in wanted.tolist():
        one = told.get((int(tape.request[at]), KINDS[int(tape.kind[at])], int(tape.cycle[at])))
        judged.due[at] = NONE if one is None or one.due_at is None else _instants.from_datetime(one.due_at)
        judged.verdict[at] = NONE if one is None else _verdict(one, tape.now)


def _told(
    place: int, facts: Sequence[Fact], policy: Policy
) -> Iterator[tuple[tuple[int, str, int], Standing]]:
    try:
        standings = course.run(facts, policy)
    except NoWorkingTime:  # then it is judged by nobody
        return
    for one in standings:
        yield (place, one.kind, one.cycle), one


def _verdict(one: Standing, now: int) -> int:
    if one.state == "running":
        return LATE if one.due_at and _instants.from_datetime(one.due_at) < now else NONE
    if one.late:
        return LATE
    return KEPT if one.state == "done" else NONE
