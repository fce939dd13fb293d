"""Working time of many moments at once, in ticks, exactly as `_times` counts it for one. Pure."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from otklik.sla._times import Times

Ticks: TypeAlias = NDArray[np.int64]
NEVER: Final = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Stretch i of work is [starts[i], ends[i]), before it lie sums[i] ticks of work since the grid's beginning.

    One stretch more stands behind the end, so that an instant after the last closing has one to look at.
    """

    starts: Ticks
    ends: Ticks
    sums: Ticks

    @classmethod
    def of(cls, times: Times, since: int, until: int) -> "Grid":
        """Knows [since, until)."""
        found = np.array([*times.stretches(since, until), (until, NEVER)], dtype=np.int64)
        starts, ends = found[:, 0], found[:, 1]
        sums = np.concatenate(([0], np.cumsum(ends[:-1] - starts[:-1])))
        return cls(np.ascontiguousarray(starts), np.ascontiguousarray(ends), sums)

    def work(self, at: Ticks) -> Ticks:
        """Ticks of work before each instant."""
        place = self.ends.searchsorted(at, side="right")
        found: Ticks = self.sums[place] + np.maximum(at - self.starts[place], 0)
        return found

    def reached(self, work: Ticks) -> Ticks:
        """The earliest instants before which so much work (> 0) lies; NEVER past the grid's end."""
        place = np.maximum(self.sums.searchsorted(work, side="left") - 1, 0)
        found: Ticks = np.where(work > self.sums[-1], NEVER, self.starts[place] + work - self.sums[place])
        return found


class Line:
    """The same for one moment at a time: quicker than an array of one."""

    def __init__(self, grid: Grid) -> None:
        self._starts, self._ends = grid.starts.tolist(), grid.ends.tolist()
        self._sums = grid.sums.tolist()

    def work(self, at: int) -> int:
        place = bisect_right(self._ends, at)
        return int(self._sums[place] + max(at - self._starts[place], 0))

    def reached(self, work: int) -> int:
        """The earliest instant with that much work before it; past the end as if all of it were work."""
        place = max(bisect_left(self._sums, work) - 1, 0)
        return int(self._starts[place] + work - self._sums[place])
