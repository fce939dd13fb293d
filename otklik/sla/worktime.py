"""Working time: what a calendar holds between two instants, and when an amount of it is done (R-E3).

Pure: no Django, no clock, no file but the zone database. An instant is an aware datetime or POSIX seconds, one kind
in a call; answers come in the same kind, datetimes in UTC, exact to the microsecond. An instant is working time
when its local wall-clock minute lies in an interval of the calendar, so working time is elapsed real time: an hour
that the clock shows twice counts twice, one that it skips does not exist. Instants from 1900 to 2199 are answered.

WorktimeError
├── BadHours         a calendar cannot be read; .faults names all of them
├── BadCall          naive or mixed instants, years out of range, negative seconds, a pause that ends before it begins
├── BadSteps         steps of a clock out of order or unknown
└── NoWorkingTime    ten years from the asked instant hold too little

Speed on one core (bench/worktime.py): 300,000 `add` a second on integers, 100,000 on datetimes; 10,000,000 in a
batch of sorted instants, 3,000,000 of random ones; a table of twelve years in 50 ms, one for equal calendars.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, overload

from otklik.sla import _instants, _spec
from otklik.sla._axis import Axis, axis
from otklik.sla._errors import BadCall, BadHours, BadSteps, Fault, NoWorkingTime, WorktimeError
from otklik.sla._instants import Instant
from otklik.sla._table import TICKS
from otklik.sla.clock import Clock, Reading, Step, replay

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "BadCall", "BadHours", "BadSteps", "Clock", "Fault", "Hours", "Instant", "NoWorkingTime", "Reading", "Step",
    "WorktimeError", "replay",
]  # fmt: skip

DatetimePauses: TypeAlias = Iterable[tuple[datetime, datetime | None]]
SecondsPauses: TypeAlias = Iterable[tuple[float, float | None]]
Pauses: TypeAlias = Iterable[tuple[Instant, Instant | None]]


@dataclass(frozen=True, slots=True)
class Hours:
    """The working hours of one version of a calendar. Equal calendars are equal, hash alike and share one table.

    A holiday closes its civil day from 00:00 to 24:00, the tail of a shift begun the evening before included; a
    shift begun on a holiday works from the next midnight. A date in `days` is no holiday.
    """

    rules: _spec.Rules
    axis: Axis = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "axis", axis(self.rules))

    @classmethod
    def from_dict(cls, spec: object) -> "Hours":
        """Read the JSON of a calendar: `tz`, `always`, `week`, `holidays`, `days`. Raises BadHours."""
        return cls(_spec.read(spec))

    def to_dict(self) -> _spec.Spec:
        """The JSON from which `from_dict` makes equal hours."""
        return _spec.write(self.rules)

    def between(self, since: Instant, until: Instant, pauses: Pauses = ()) -> float:
        """Working seconds in [since, until) outside the pauses, an int when whole; 0 when `until` <= `since`."""
        if type(since) is int and type(until) is int and not pauses:
            return self.axis.between(since * TICKS, until * TICKS) // TICKS
        begin, end = _instants.to_ticks(since, like=since), _instants.to_ticks(until, like=since)
        if not pauses:
            return _instants.to_seconds(self.axis.between(begin, end))
        away = [_pause(pause, since) for pause in pauses]
        return _instants.to_seconds(self.axis.between_paused(begin, end, away))

    @overload
    def add(self, since: datetime, seconds: float) -> datetime: ...
    @overload
    def add(self, since: float, seconds: float) -> float: ...
    @overload
    def add(self, since: datetime, seconds: float, pauses: DatetimePauses) -> datetime | None: ...
    @overload
    def add(self, since: float, seconds: float, pauses: SecondsPauses) -> float | None: ...
    @overload
    def add(self, since: Instant, seconds: float, pauses: Pauses = ()) -> Instant | None: ...
    def add(self, since: Instant, seconds: float, pauses: Pauses = ()) -> Instant | None:
        """The earliest instant `t >= since` with that many working seconds in [since, t) outside the pauses.

        0 gives `since`, an exact fit the end of its interval. Pauses `(from, to)` may overlap (counted once) and
        come in any order; when one is open, `(from, None)`, and begins before the work is done: None.
        Raises NoWorkingTime when `t` would lie more than ten years (3,653 days) on.
        """
        if type(seconds) is int and seconds >= 0 and not pauses:  # what is asked by the thousand
            if type(since) is int:
                return self.axis.add(since * TICKS, seconds * TICKS) // TICKS
            if type(since) is datetime:
                return _instants.to_datetime(self.axis.add(_instants.from_datetime(since), seconds * TICKS))
        begin, amount = _instants.to_ticks(since, like=since), _instants.amount(seconds)
        if not pauses:
            return _instants.from_ticks(self.axis.add(begin, amount), like=since)
        due = self.axis.add_paused(begin, amount, [_pause(pause, since) for pause in pauses])
        return None if due is None else _instants.from_ticks(due, like=since)

    def is_open(self, at: Instant) -> bool:
        """Whether `at` is working time."""
        ticks = _instants.to_ticks(at, like=at)
        table = self.axis.covering(ticks, ticks)
        return table.opening(ticks) == ticks

    @overload
    def opening(self, at: datetime) -> datetime: ...
    @overload
    def opening(self, at: float) -> float: ...
    def opening(self, at: Instant) -> Instant:
        """The earliest working instant at or after `at`. Raises NoWorkingTime if ten years hold none."""
        return _instants.from_ticks(self.axis.opening(_instants.to_ticks(at, like=at)), like=at)

    def add_many(self, since: "ArrayLike", seconds: "ArrayLike") -> "NDArray[np.int64 | np.float64]":
        """`add` for arrays of POSIX seconds; one of the two may be a single number.

        Whole numbers give int64, floats float64. Raises NoWorkingTime or BadCall when one of them would.
        """
        from otklik.sla import _batch

        return _batch.add_many(self.axis, since, seconds)

    def between_many(self, since: "ArrayLike", until: "ArrayLike") -> "NDArray[np.int64 | np.float64]":
        """`between` for arrays of POSIX seconds; kinds and refusals as in `add_many`."""
        from otklik.sla import _batch

        return _batch.between_many(self.axis, since, until)


def _pause(pause: Sequence[Instant | None], like: Instant) -> tuple[int, int | None]:
    if len(pause) != 2 or pause[0] is None:
        raise BadCall("пауза — пара «начало, конец», у открытой конец пустой")
    begin = _instants.to_ticks(pause[0], like=like)
    end = None if pause[1] is None else _instants.to_ticks(pause[1], like=like)
    if end is not None and end < begin:
        raise BadCall(f"пауза кончается раньше, чем началась: {pause[0]} — {pause[1]}")
    return begin, end
