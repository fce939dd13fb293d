"""Stays with levels and where they lead, folded into the whole way: a semi-Markov chain on a grid. Pure, numpy.

With q the kernels (from stay to stay) and e the ends, the way from each stay on is w = e + q ∗ w; in the frequencies of
the grid that is one small linear system each. All is damped by r^k and undone afterwards, so that what lies beyond the
grid doesn't come round to its beginning. How much of a way a level has is the derivative by a factor on its time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from otklik.sla.visits import END, Way

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
State: TypeAlias = tuple[int, bool]  # level, whether the team had it before
OPEN: Final = -1
FEW: Final = 5  # with fewer still at risk one case would speak for many
_DAMPED: Final = 1e-8  # what is left of the damping at the end of the grid
_LEAK: Final = 1 - 1e-9  # of each stay, so that no circle without time goes round for ever


def at_risk(seconds: Floats, ends: Floats) -> tuple[Floats, Floats, Floats]:
    """Distinct times; how many lasted at least so long; how many ended then, a row for each kind of end.

    seconds: ascending. ends: 1 where it ended so. One still open counts as there at the instant it was last seen.
    """
    if not len(seconds):
        return seconds, seconds, ends
    starts = np.flatnonzero(np.concatenate(([True], seconds[1:] != seconds[:-1])))
    ended = np.asarray(np.add.reduceat(ends, starts, axis=1), dtype=np.float64)
    return seconds[starts], np.asarray(len(seconds) - starts, dtype=np.float64), ended


def followed(seconds: Floats, over: Floats) -> float:
    """The last time at which enough are still there to speak for those that nobody has followed so far.

    Enough: FEW, or a third of those who would be there had all been followed to their end. seconds: ascending.
    """
    times, risk, ends = at_risk(seconds, over[None, :])
    if not len(times):
        return 0.0
    before = np.concatenate(([1.0], product_limit(ends[0], risk)[:-1]))
    return float(times[risk >= np.minimum(FEW, before * len(seconds) / 3)][-1])


def product_limit(gone: Floats, risk: Floats) -> Floats:
    """What goes on after each time; the last axis is that of the times."""
    return np.asarray(np.cumprod(1 - _per(gone, risk), axis=-1), dtype=np.float64)


def _per(gone: Floats, risk: Floats) -> Floats:
    found: Floats = np.divide(gone, risk, out=np.zeros_like(gone), where=risk > 0)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Stays:
    """All visits as columns, in the order of their time. to: number of the state it led to, len(states) for the end."""

    states: tuple[State, ...]
    state: Ints
    seconds: Floats
    to: Ints
    is_first: NDArray[np.bool_]

    @property
    def starts(self) -> Ints:
        """How many ways begin with each state."""
        return np.bincount(self.state[self.is_first], minlength=len(self.states))

    @classmethod
    def of(cls, ways: Sequence[Way]) -> "Stays":
        states = tuple(sorted({(one.level, one.again) for way in ways for one in way}))
        number = {state: n for n, state in enumerate(states)}
        past = len(states)
        place: list[tuple[int, int, bool]] = []  # state, where it led, whether it is the first
        seconds: list[float] = []
        for way in ways:
            its = [number[one.level, one.again] for one in way]
            last = past if way[-1].then == END else OPEN
            place += zip(its, [*its[1:], last], [True] + [False] * (len(its) - 1), strict=True)
            seconds += [one.whole_s for one in way]
        columns, times = np.array(place, dtype=np.int64), np.array(seconds, dtype=np.float64)
        order = np.argsort(times, kind="stable")
        state, to, first = columns[order].T
        return cls(states, state, times[order], to, first > 0).cut()

    def cut(self) -> "Stays":
        """What lasted longer than is followed counts as open since then."""
        lasts = np.array([self.last(state) for state in range(len(self.states))])[self.state]
        later = self.seconds > lasts
        if not later.any():
            return self
        to = np.where(later, OPEN, self.to)
        seconds = np.minimum(self.seconds, lasts)
        order = np.argsort(seconds, kind="stable")
        return Stays(self.states, self.state[order], seconds[order], to[order], self.is_first[order])

    def last(self, state: int) -> float:
        """Up to when stays of this state are followed."""
        its = self.state == state
        return followed(self.seconds[its], (self.to[its] != OPEN).astype(np.float64))


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """jumps[…, from, to, steps]: chance that a stay takes so many steps and leads there; `to` past the states: the end.

    start[…, state]: with which stay a way begins.
    """

    states: tuple[State, ...]
    start: Floats
    jumps: Floats

    @classmethod
    def of(cls, stays: Stays, step_s: float, steps: int) -> "Kernel":
        size = len(stays.states)
        jumps = np.zeros((size, size + 1, steps))
        for state in range(size):
            its = stays.state == state
            kinds = stays.to[its][None, :] == np.arange(size + 1)[:, None]
            times, risk, ends = at_risk(stays.seconds[its], kinds.astype(np.float64))
            jumps[state] = _laid(times / step_s, _jumps(ends, risk), steps)
        return cls(stays.states, stays.starts / stays.starts.sum(), jumps)

    def hopeful(self, stays: Stays, step_s: float) -> "Kernel":
        """The same where what nobody has followed any longer was solved at that very moment."""
        size, steps = len(self.states), self.jumps.shape[-1]
        jumps = self.jumps.copy()
        for state in range(size):
            its = stays.state == state
            over = (stays.to[its] != OPEN).astype(np.float64)
            _times, risk, ends = at_risk(stays.seconds[its], over[None, :])
            lost = product_limit(ends[0], risk)[-1:]
            jumps[state, size] += _laid(stays.seconds[its][-1:] / step_s, lost[None, :], steps)[0]
        return Kernel(self.states, self.start, jumps)

    @classmethod
    def drawn(
        cls, stays: Stays, step_s: float, steps: int, chance: np.random.Generator, repeats: int
    ) -> "Kernel":
        """Such kernels as other requests of the same kind would have given: each count drawn anew (Poisson)."""
        size = len(stays.states)
        node = np.minimum(np.rint(stays.seconds / step_s), steps).astype(np.int64)
        kind = np.where(stays.to == OPEN, size + 1, stays.to)
        cell = (stays.state * (size + 2) + kind) * (steps + 1) + node
        counts = np.bincount(cell, minlength=size * (size + 2) * (steps + 1)).reshape(
            size, size + 2, steps + 1
        )
        found = chance.poisson(counts, (repeats, *counts.shape)).astype(np.float64)
        risk = found.sum(axis=2)[..., ::-1].cumsum(axis=-1)[..., ::-1]
        jumps = _jumps(found[:, :, : size + 1], risk)[..., :steps]
        start = chance.poisson(stays.starts, (repeats, size)).astype(np.float64)
        return cls(stays.states, start / np.maximum(start.sum(axis=1, keepdims=True), 1.0), jumps)

    def folded(self, levels: Sequence[int]) -> Floats:
        """[…, steps, 0]: share of ways that take so many steps; then by level how many of these steps lie with it."""
        size, steps = len(self.states), self.jumps.shape[-1]
        damping = _LEAK * _DAMPED ** (np.arange(steps) / steps)
        seen = np.moveaxis(np.fft.rfft(self.jumps * damping), -1, -3)
        chain = np.eye(size) - seen[..., :size]
        told = np.linalg.solve(chain, seen[..., size:])
        if levels:
            timed = np.moveaxis(np.fft.rfft(self.jumps * damping * np.arange(steps)), -1, -3)
            slope = timed[..., :size] @ told + timed[..., size:]
            there = np.array([[state[0] == level for level in levels] for state in self.states])
            told = np.concatenate((told, np.linalg.solve(chain, slope * there)), axis=-1)
        begun = (self.start[..., None, None, :] @ told)[..., 0, :]
        found: Floats = np.maximum(np.fft.irfft(begun, steps, axis=-2) / damping[:, None], 0.0)
        return found


def _jumps(ends: Floats, risk: Floats) -> Floats:
    """ends[…, kind, time], risk[…, time] → the chance to end so then, for one that has just come."""
    left = product_limit(ends.sum(axis=-2), risk)
    before = np.concatenate((np.ones_like(left[..., :1]), left[..., :-1]), axis=-1)
    whole = np.broadcast_to(risk[..., None, :], ends.shape)
    return _per(ends, whole) * before[..., None, :]


def _laid(places: Floats, mass: Floats, steps: int) -> Floats:
    """Mass between two nodes goes to both, by how near they are: the mean stays. What lies beyond is left out."""
    near = places < steps - 1
    places, mass = places[near], mass[:, near]
    node = places.astype(np.int64)
    rest = places - node
    found = np.zeros((len(mass), steps))
    for kind, its in enumerate(mass):
        found[kind] += np.bincount(node, its * (1 - rest), minlength=steps)
        found[kind] += np.bincount(node + 1, its * rest, minlength=steps)
    return found
