"""Working time counted the slow way: by looking at the wall clock of every minute. Shares nothing with the product."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

Pause = tuple[datetime, datetime | None]
Spec = dict[str, Any]  # JSON


def is_working(spec: Spec, at: datetime) -> bool:
    """By the words of the calendar: is the wall clock in an interval of today, or of yesterday past midnight?"""
    if spec.get("always"):
        return True
    wall = at.astimezone(ZoneInfo(spec["tz"]))
    today, clock = wall.date(), f"{wall:%H:%M}"
    if today.isoformat() in spec.get("holidays", []) and today.isoformat() not in spec.get("days", {}):
        return False
    ours = any(start <= clock and (clock < end or end <= start) for start, end in _shifts(spec, today))
    tails = any(end <= start and clock < end for start, end in _shifts(spec, today - timedelta(days=1)))
    return ours or tails


def _shifts(spec: Spec, day: date) -> Any:  # JSON: pairs of times
    if day.isoformat() in spec.get("days", {}):
        return spec["days"][day.isoformat()]
    if day.isoformat() in spec.get("holidays", []):
        # its own hours are closed with the civil day; only what it sends over midnight is left
        return [shift for shift in spec["week"].get(NAMES[day.weekday()], []) if shift[1] <= shift[0]]
    return spec["week"].get(NAMES[day.weekday()], [])


def pieces(
    spec: Spec, since: datetime, until: datetime, pauses: list[Pause]
) -> Iterator[tuple[datetime, datetime]]:
    """Working pieces of [since, until) outside the pauses, none longer than a minute, in order.

    Right for zones whose offset is whole minutes, as all are since 1972.
    """
    edges = sorted({edge for pause in pauses for edge in pause if edge and since < edge < until})
    at = since.astimezone(UTC)
    while at < until:
        next_minute = at.replace(second=0, microsecond=0) + MINUTE
        stop = min([next_minute, until, *[edge for edge in edges if edge > at][:1]])
        paused = any(begin <= at and (end is None or at < end) for begin, end in pauses)
        if not paused and is_working(spec, at):
            yield at, stop
        at = stop


def worked(spec: Spec, since: datetime, until: datetime, pauses: list[Pause]) -> timedelta:
    return sum((stop - start for start, stop in pieces(spec, since, until, pauses)), timedelta())


def done(
    spec: Spec, since: datetime, work: timedelta, pauses: list[Pause], until: datetime
) -> datetime | None:
    """The earliest instant with that much work behind it, None if it is not reached by `until`."""
    if not work:
        return since
    for start, stop in pieces(spec, since, until, pauses):
        if work <= stop - start:
            return start + work
        work -= stop - start
    return None
