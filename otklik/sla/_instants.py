"""Aware datetimes and POSIX seconds to whole microseconds ("ticks") and back."""

import math
from datetime import UTC, datetime, timedelta
from operator import index
from typing import SupportsIndex, TypeAlias

from otklik.sla._errors import BadCall
from otklik.sla._table import TICKS

Instant: TypeAlias = datetime | float
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def from_datetime(at: datetime) -> int:
    """Raises BadCall for a naive datetime."""
    try:
        since = at - _EPOCH
    except TypeError:
        raise BadCall(f"у времени {at} не назван часовой пояс") from None
    return (since.days * 86_400 + since.seconds) * TICKS + since.microseconds


def to_datetime(ticks: int) -> datetime:
    return _EPOCH + timedelta(0, 0, ticks)


def from_seconds(seconds: float | SupportsIndex) -> int:
    """Whole numbers exactly, fractions to the nearest microsecond. Raises BadCall for what is no number."""
    if isinstance(seconds, float):
        if not math.isfinite(seconds * TICKS):
            raise BadCall(f"секунды — число в разумных пределах, а не {seconds}")
        return round(seconds * TICKS)
    try:
        return index(seconds) * TICKS
    except TypeError:
        raise BadCall(f"секунды — число, а не {type(seconds).__name__}") from None


def to_seconds(ticks: int) -> float:
    """An int when whole, else a float."""
    seconds, rest = divmod(ticks, TICKS)
    return ticks / TICKS if rest else seconds


def amount(seconds: float) -> int:
    """Raises BadCall for a negative one."""
    ticks = from_seconds(seconds)
    if ticks < 0:
        raise BadCall(f"рабочих секунд не бывает меньше нуля: {seconds}")
    return ticks


def to_ticks(at: Instant, *, like: Instant) -> int:
    """Raises BadCall when `at` and `like` are of different kinds: that is a mix-up, not a wish."""
    if isinstance(at, datetime) is not isinstance(like, datetime):
        raise BadCall("время в одном вызове задают одинаково: или датой с поясом, или секундами Unix")
    return from_datetime(at) if isinstance(at, datetime) else from_seconds(at)


def from_ticks(ticks: int, *, like: Instant) -> Instant:
    return to_datetime(ticks) if isinstance(like, datetime) else to_seconds(ticks)
