"""A calendar through its versions as one axis of working time: each is in force from its moment on (R-E3). Pure.

A clock that runs over such a moment counts by the former hours before it and by the new ones after it, so that what
has elapsed stays and only what lies ahead moves. All in ticks (see `_table`).
"""

from bisect import bisect_right
from collections.abc import Iterator

from otklik.sla import _instants
from otklik.sla._axis import Axis
from otklik.sla.timetables import Timetable
from otklik.sla.worktime import Hours


class Times:
    """What timetables.joined gives, in ticks and quick. At least one part."""

    def __init__(self, parts: Timetable) -> None:
        self._hours = [hours for _since, hours in parts]
        self._axes = [hours.axis for hours in self._hours]
        self._changes = [_instants.from_datetime(since) for since, _hours in parts[1:]]
        self._only: Axis | None = None if self._changes else self._axes[0]

    def between(self, since: int, until: int) -> int:
        """Ticks of work in [since, until); 0 when `until` <= `since`."""
        if self._only is not None:
            return self._only.between(since, until)
        return sum(axis.between(begin, end) for axis, begin, end in self._parts(since, until))

    def add(self, since: int, amount: int) -> int:
        """The earliest instant with that much work in [since, it). Raises NoWorkingTime."""
        if self._only is not None:
            return self._only.add(since, amount)
        for axis, change in zip(self._axes, self._changes, strict=False):
            if since < change:
                worked = axis.between(since, change)
                if amount <= worked:
                    return axis.add(since, amount)
                amount, since = amount - worked, change
        return self._axes[-1].add(since, amount)

    def hours_at(self, at: int) -> Hours:
        """The hours in force at this instant."""
        return self._hours[sum(change <= at for change in self._changes)]

    def breaks(self, since: int, until: int) -> Iterator[tuple[int, int]]:
        """What lies between two stretches of work within [since, until)."""
        for axis, begin, end in self._parts(since, until):
            table, last = axis.covering(begin, end), None
            place = bisect_right(table.ends, begin)
            while place < len(table.ends) and table.starts[place] < end:
                if last is not None and last < table.starts[place]:
                    yield last, table.starts[place]
                last = table.ends[place]
                place += 1

    def stretches(self, since: int, until: int) -> Iterator[tuple[int, int]]:
        """The stretches of work within [since, until), in order; cut where the hours change."""
        for axis, begin, end in self._parts(since, until):
            table = axis.covering(begin, end)
            place = bisect_right(table.ends, begin)
            while place < len(table.ends) and table.starts[place] < end:
                yield max(table.starts[place], begin), min(table.ends[place], end)
                place += 1

    def _parts(self, since: int, until: int) -> Iterator[tuple[Axis, int, int]]:
        for axis, change in zip(self._axes, self._changes, strict=False):
            if since >= until:
                return
            if since < change:
                yield axis, since, min(change, until)
                since = change
        yield self._axes[-1], since, until
