"""Hours that change: each version of a calendar from its moment on (notes §8: closed time keeps its hours). Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from otklik.sla.worktime import Hours

Part: TypeAlias = tuple[datetime, Hours]  # in force from … on
Timetable: TypeAlias = tuple[Part, ...]  # by time; the first part also counts for what lies before it


def joined(versions: Iterable[Part]) -> Timetable:
    """The parts that stay. versions: in the order they were made; a later one takes all that follows its moment."""
    parts: list[Part] = []
    for since, hours in versions:
        parts = [part for part in parts if part[0] < since]
        if not parts or parts[-1][1] != hours:
            parts.append((since, hours))
    return tuple(parts)


def hours_at(timetable: Timetable, at: datetime) -> Hours:
    """The hours in force at this moment."""
    return timetable[_place(timetable, at)][1]


def add(timetable: Timetable, since: datetime, seconds: float) -> datetime:
    """The earliest moment with that many working seconds since `since`, each part by its own hours.

    Raises NoWorkingTime.
    """
    place = _place(timetable, since)
    for (_from, hours), (until, _later) in zip(timetable[place:], timetable[place + 1 :], strict=False):
        worked = hours.between(since, until)
        if worked >= seconds:
            return hours.add(since, seconds)
        since, seconds = until, seconds - worked
    return timetable[-1][1].add(since, seconds)


def between(timetable: Timetable, since: datetime, until: datetime) -> float:
    """Working seconds in [since, until), each part by its own hours."""
    worked = 0.0
    place = _place(timetable, since)
    ends: Sequence[datetime] = [part[0] for part in timetable[place + 1 :]]
    for (_from, hours), end in zip(timetable[place:], [*ends, until], strict=True):
        if since >= until:
            break
        worked += hours.between(since, min(end, until))
        since = max(since, min(end, until))
    return worked


def _place(timetable: Timetable, at: datetime) -> int:
    begun = [place for place, (since, _hours) in enumerate(timetable) if since <= at]
    return begun[-1] if begun else 0
