"""`add` and `between` for arrays of POSIX seconds, by the same table as one call."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from otklik.sla._axis import HORIZON, Axis, nothing_after
from otklik.sla._errors import BadCall
from otklik.sla._table import TICKS, Table

Numbers: TypeAlias = NDArray[
    Any
]  # int64 or float64; the stubs cannot say "one of the two, the same for both"


@dataclass(frozen=True, slots=True)
class Columns:
    """A table in seconds: stretch i is [starts[i], ends[i]), before it lie sums[i] of work.

    One stretch more stands at the table's end, so that an instant after the last closing has one to look at.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    sums: NDArray[np.int64]

    @classmethod
    def of(cls, table: Table) -> "Columns":
        starts = np.array([*table.starts, table.hi], dtype=np.int64)
        ends = np.array([*table.ends, table.hi + TICKS], dtype=np.int64)
        return cls(starts // TICKS, ends // TICKS, np.array(table.sums, dtype=np.int64) // TICKS)

    def work(self, at: Numbers) -> Numbers:
        """Seconds of work before each instant of the table."""
        i = self.ends.searchsorted(at, side="right")
        work = at - self.starts[i]
        np.maximum(work, 0, out=work)
        work += self.sums[i]
        return work

    def reached(self, work: Numbers) -> Numbers:
        """The earliest instants before which that much work lies; 0 < work <= sums[-1]. Overwrites `work`."""
        i = self.sums.searchsorted(work, side="left")
        i -= 1
        work -= self.sums[i]
        work += self.starts[i]
        return work


def add_many(axis: Axis, since: ArrayLike, seconds: ArrayLike) -> Numbers:
    begin, amount = _numbers(since, seconds)
    if not begin.size:
        return begin
    if amount.min() < 0:
        raise BadCall(f"рабочих секунд не бывает меньше нуля: {amount.min()}")
    columns = _columns(axis.covering(_ticks(begin.min()), _ticks(begin.max())))
    work = columns.work(begin) + amount
    if work.max() > columns.sums[-1]:
        columns = _columns(axis.reaching(_ticks(begin.min()), _ticks(begin.max()) + HORIZON))
        work = columns.work(begin) + amount
    _refuse(begin, work > columns.sums[-1])
    due = columns.reached(work)
    due = np.where(amount == 0, begin, due)
    _refuse(begin, due - begin > HORIZON // TICKS)
    return due


def between_many(axis: Axis, since: ArrayLike, until: ArrayLike) -> Numbers:
    begin, end = _numbers(since, until)
    if not begin.size:
        return begin
    first, last = min(begin.min(), end.min()), max(begin.max(), end.max())
    columns = _columns(axis.covering(_ticks(first), _ticks(last)))
    work = columns.work(end)
    work -= columns.work(begin)
    return np.maximum(work, 0, out=work)


def _numbers(*given: ArrayLike) -> tuple[Numbers, Numbers]:
    """Both as arrays of one shape and kind. Raises BadCall for what is no number."""
    one, two = (np.asarray(numbers) for numbers in given)
    for numbers in (one, two):
        if numbers.dtype.kind not in "iuf" and numbers.size:
            raise BadCall(f"нужны массивы чисел, а не {numbers.dtype}")
    whole = one.dtype.kind != "f" and two.dtype.kind != "f"
    try:
        one, two = np.broadcast_arrays(one, two)
    except ValueError:
        raise BadCall(f"массивы разной длины: {one.shape} и {two.shape}") from None
    if not whole and not (np.isfinite(one).all() and np.isfinite(two).all()):
        raise BadCall("секунды — числа, а в массиве есть NaN или бесконечность")
    kind = np.int64 if whole else np.float64
    return one.astype(kind, copy=False), two.astype(kind, copy=False)


def _columns(table: Table) -> Columns:
    if table.columns is None:
        table.columns = Columns.of(table)
    return table.columns


def _ticks(seconds: np.int64 | np.float64) -> int:
    return int(np.floor(seconds)) * TICKS


def _refuse(begin: Numbers, faulty: NDArray[np.bool_]) -> None:
    if faulty.any():
        raise nothing_after(_ticks(begin[faulty][0]))
