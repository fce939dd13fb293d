"""The table of one calendar: every stretch of working time over some years, with the sum of work before it.

Instants and amounts are whole microseconds ("ticks") since 1970-01-01 UTC. Stretches are cut where the zone's
offset changes, so their lengths are elapsed real time: a repeated hour counts twice, a skipped one is absent.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from otklik.sla._spec import DAY, Rules

if TYPE_CHECKING:
    from otklik.sla._batch import Columns

TICKS = 1_000_000  # in a second
DAY_S = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Table:
    """Knows [lo, hi), in ticks. Stretch i is [starts[i], ends[i]); before it lie sums[i] ticks of work."""

    lo: int
    hi: int
    starts: list[int]
    ends: list[int]
    sums: list[int]  # one longer than starts: the last is the sum of all
    columns: "Columns | None" = field(default=None, repr=False)  # the same for numpy, made on first need

    def work(self, at: int) -> int:
        """Ticks of work in [lo, at); lo <= at <= hi."""
        i = bisect_right(self.ends, at)
        if i == len(self.ends):
            return self.sums[i]
        start = self.starts[i]
        return self.sums[i] + at - start if at > start else self.sums[i]

    def after(self, at: int, amount: int) -> int | None:
        """The earliest instant with `amount` > 0 ticks of work between; None if the table ends before it."""
        target = self.work(at) + amount
        if target > self.sums[-1]:
            return None
        i = bisect_left(self.sums, target) - 1
        return self.starts[i] + target - self.sums[i]

    def opening(self, at: int) -> int | None:
        """The earliest working instant at or after `at`; None if the table ends before it."""
        i = bisect_right(self.ends, at)
        return None if i == len(self.ends) else max(at, self.starts[i])


def build(rules: Rules, first_year: int, last_year: int) -> Table:
    """Covers both years, by UTC. Twelve years of a five-day week: ≤ 50 ms (bench/worktime.py)."""
    lo, hi = new_year(first_year), new_year(last_year + 1)
    if rules.always:
        return Table(lo, hi, [lo], [hi], [0, hi - lo])
    starts, ends = [], []
    local = _local(rules, lo // TICKS // DAY_S - 2, hi // TICKS // DAY_S + 2)
    for since, until, offset in _offsets(ZoneInfo(rules.tz), lo // TICKS, hi // TICKS):
        for start, end in _shown(local, since + offset, until + offset):
            starts.append((start - offset) * TICKS)
            ends.append((end - offset) * TICKS)
    sums = [0]
    for start, end in zip(starts, ends, strict=True):
        sums.append(sums[-1] + end - start)
    return Table(lo, hi, starts, ends, sums)


def new_year(year: int) -> int:
    return (datetime(year, 1, 1, tzinfo=UTC) - _EPOCH).days * DAY_S * TICKS


Stretches = tuple[list[int], list[int]]  # starts, ends: seconds by the wall clock since its 1970-01-01 00:00


def _local(rules: Rules, first: int, last: int) -> Stretches:
    """Working stretches of the days [first, last) by the wall clock, joined where they touch or overlap."""
    starts: list[int] = []
    ends: list[int] = []
    end_before = None
    for start, end in _shifts(rules, first, last):
        if end_before is not None and start <= end_before:
            end_before = ends[-1] = max(end_before, end)
        else:
            starts.append(start)
            ends.append(end)
            end_before = end
    return starts, ends


def _shifts(rules: Rules, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Shifts in order of their starts, cut out of closed days: the civil day is closed, 00:00 to 24:00."""
    days = dict(rules.days)
    closed = set(rules.holidays) - days.keys()
    week = rules.week[3:] + rules.week[:3]  # 1970-01-01 was a Thursday
    for day in range(first, last):
        for start, end in days.get(day) or (() if day in days else week[day % 7]):
            begin = DAY if day in closed else start
            finish = DAY if end > DAY and day + 1 in closed else end
            if begin < finish:
                yield (day * DAY + begin) * 60, (day * DAY + finish) * 60


def _shown(local: Stretches, since: int, until: int) -> Iterator[tuple[int, int]]:
    """The parts of the stretches that the wall clock shows while it runs from `since` to `until`."""
    starts, ends = local
    for i in range(bisect_right(ends, since), bisect_left(starts, until)):
        yield max(starts[i], since), min(ends[i], until)


def _offsets(zone: ZoneInfo, lo: int, hi: int) -> Iterator[tuple[int, int, int]]:
    """(since, until, offset) in seconds of UTC, covering [lo, hi).

    A day's step misses nothing: since 1900 no zone has changed its offset twice within three days.
    """
    since, offset = lo, _offset(zone, lo)
    for at in range(lo, hi + 1, DAY_S):
        found = _offset(zone, at)
        if found != offset:
            change = _change(zone, at - DAY_S, at)
            yield since, change, offset
            since, offset = change, found
    yield since, hi, offset


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The first second with the offset of `after`."""
    new = _offset(zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == new:
            after = middle
        else:
            before = middle
    return after


def _offset(zone: ZoneInfo, at: int) -> int:
    offset = (_EPOCH + timedelta(seconds=at)).astimezone(zone).utcoffset() or timedelta()
    return offset.days * DAY_S + offset.seconds
