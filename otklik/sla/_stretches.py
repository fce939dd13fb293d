"""Sets of instants as half-open stretches: outages, announced windows, and what is left of one without the other.

All in ticks (see `_table`). A set is a sorted tuple of stretches that neither touch nor overlap, so equal sets are
equal; its length is counted in the agreed service time, which may be round the clock or a calendar's hours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from otklik.sla import _instants
from otklik.sla._axis import Axis
from otklik.sla.timetables import Timetable
from otklik.sla.worktime import Hours

Stretch: TypeAlias = tuple[int, int]  # [since, until)
Service: TypeAlias = Timetable | Hours | None  # the agreed service time; None: round the clock


@dataclass(frozen=True, slots=True)
class Stretches:
    """A set of instants. `|` either, `&` both, `-` the first alone."""

    parts: tuple[Stretch, ...] = ()

    @classmethod
    def of(cls, stretches: Iterable[Stretch]) -> "Stretches":
        """In any order, overlapping or empty ones too."""
        parts: list[Stretch] = []
        for since, until in sorted(one for one in stretches if one[0] < one[1]):
            if parts and since <= parts[-1][1]:
                parts[-1] = (parts[-1][0], max(parts[-1][1], until))
            else:
                parts.append((since, until))
        return cls(tuple(parts))

    def __or__(self, other: "Stretches") -> "Stretches":
        return Stretches.of([*self.parts, *other.parts])

    def __and__(self, other: "Stretches") -> "Stretches":
        return Stretches(tuple(_both(self.parts, other.parts)))

    def __sub__(self, other: "Stretches") -> "Stretches":
        left: list[Stretch] = []
        for since, until in self.parts:
            at = since
            for begin, end in other.parts:
                if at < end and begin < until:
                    left.append((at, begin))
                    at = end
            left.append((at, until))
        return Stretches.of(left)

    def __bool__(self) -> bool:
        return bool(self.parts)


def _both(ours: Sequence[Stretch], theirs: Sequence[Stretch]) -> Iterable[Stretch]:
    left, right = 0, 0
    while left < len(ours) and right < len(theirs):
        since = max(ours[left][0], theirs[right][0])
        until = min(ours[left][1], theirs[right][1])
        if since < until:
            yield since, until
        if ours[left][1] < theirs[right][1]:
            left += 1
        else:
            right += 1


@dataclass(frozen=True, slots=True)
class Measure:
    """How long sets of instants are by the agreed service time."""

    service: Service = None
    _turns: tuple[tuple[int, Axis], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if isinstance(self.service, Hours):
            turns: tuple[tuple[int, Axis], ...] = ((0, self.service.axis),)
        else:
            known = self.service or ()
            turns = tuple((_instants.from_datetime(since), hours.axis) for since, hours in known)
        object.__setattr__(self, "_turns", turns)

    def length(self, some: Stretches) -> int:
        """Ticks of agreed service time."""
        return sum(self._between(since, until) for since, until in some.parts)

    def first(self, some: Stretches, amount: int) -> Stretches:
        """The earliest of it, as much as holds this amount of service time."""
        taken: list[Stretch] = []
        for since, until in some.parts:
            here = self._between(since, until)
            if here > amount:
                taken.append((since, self._after(since, until, amount)))
                break
            taken.append((since, until))
            amount -= here
        return Stretches.of(taken)

    def _after(self, since: int, until: int, amount: int) -> int:
        """The latest instant with no more than this amount before it: what lies in closed hours costs nothing."""
        low, high = since, until
        while high - low > 1:  # fifty steps at most: a year has 2**45 ticks
            middle = (low + high) // 2
            low, high = (middle, high) if self._between(since, middle) <= amount else (low, middle)
        return low

    def _between(self, since: int, until: int) -> int:
        if not self._turns:
            return max(until - since, 0)
        done, place = 0, self._turns
        for (begin, axis), (end, _next) in zip(place, [*place[1:], (until, place[-1][1])], strict=True):
            first = since if begin == place[0][0] else max(since, begin)
            done += axis.between(first, min(max(end, first), until)) if first < until else 0
        return done
