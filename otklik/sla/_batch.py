"""`add` and `between` for arrays of POSIX seconds, by the same table as one call."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from otklik.sla._axis import HORIZON, Axis, nothing_after
from otklik.sla._errors import BadCall
from otklik.sla._table import TICKS, Table

Numbers: TypeAlias = NDArray[
    Any
]  # int64 or float64; the stubs cannot say "one of the two, the same for both"


_LONGEST: Final = HORIZON // TICKS
_BLOCK: Final = 8_192  # numbers that stay in the processor's cache from the first step to the last


@dataclass(frozen=True, slots=True)
class Columns:
    """A table in seconds: stretch i begins at sums[i] + shifts[i], ends at ends[i], and before it lie sums[i] of work.

    One stretch more stands at the table's end, so that an instant after the last closing has one to look at.
    """

    ends: NDArray[np.int64]
    sums: NDArray[np.int64]
    shifts: NDArray[np.int64]

    @classmethod
    def of(cls, table: Table) -> "Columns":
        starts = np.array([*table.starts, table.hi], dtype=np.int64) // TICKS
        ends = np.array([*table.ends, table.hi + TICKS], dtype=np.int64) // TICKS
        sums = np.array(table.sums, dtype=np.int64) // TICKS
        return cls(ends, sums, starts - sums)

    def work(self, at: Numbers) -> Numbers:
        """Seconds of work before each instant of the table."""
        i = self.ends.searchsorted(at, side="right")
        work = at - self.shifts.take(i)
        return np.maximum(work, self.sums.take(i), out=work)

    def reached(self, work: Numbers) -> Numbers:
        """The earliest instants before which that much work lies; 0 < work. Past sums[-1] they mean nothing."""
        i = self.sums.searchsorted(work, side="left")
        i -= 1
        return work + self.shifts.take(i)

    def after(self, begin: Numbers, amount: Numbers) -> tuple[Numbers, int | None]:
        """When so much work is done; the place of the first for which the table, or ten years, is too short."""
        work = self.work(begin)
        work += amount
        due = self.reached(work)
        if not amount.all():
            np.copyto(due, begin, where=amount == 0)
        took = due - begin
        if work.max() <= self.sums[-1] and took.max() <= _LONGEST:
            return due, None
        return due, int(((work > self.sums[-1]) | (took > _LONGEST)).argmax())


def add_many(axis: Axis, since: ArrayLike, seconds: ArrayLike) -> Numbers:
    begin, amount = _numbers(since, seconds)
    if not begin.size:
        return begin
    if amount.min() < 0:
        raise BadCall(f"рабочих секунд не бывает меньше нуля: {amount.min()}")
    if amount.max() > _LONGEST:  # as much as nobody works in ten years, and no more: sums stay within 64 bits
        amount = np.minimum(amount, _LONGEST + 1)
    first, last = _ticks(begin.min()), _ticks(begin.max())
    due, short = _by_blocks(_columns(axis.covering(first, last)), begin, amount)
    if short is not None:
        due, short = _by_blocks(_columns(axis.reaching(first, last + HORIZON)), begin, amount)
    if short is not None:
        raise nothing_after(_ticks(begin.reshape(-1)[short]))
    return due


def _by_blocks(columns: Columns, begin: Numbers, amount: Numbers) -> tuple[Numbers, int | None]:
    """As Columns.after, whose answer is whole only where nothing is too short."""
    due = np.empty(begin.shape, begin.dtype)
    flat, starts, amounts = due.reshape(-1), begin.reshape(-1), amount.reshape(-1)
    for at in range(0, begin.size, _BLOCK):
        block = slice(at, at + _BLOCK)
        flat[block], short = columns.after(starts[block], amounts[block])
        if short is not None:
            return due, at + short
    return due, None


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
