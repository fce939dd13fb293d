"""The picture of a period: a strip of its time with outages and planned work on it. Reads uptime/evidence.py.

Widths are percent of the picture, so that it stretches and its letters don't. What is short is drawn wide enough to be
seen: the table beside it has the figures.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from otklik.sla.penalty import Window
from otklik.sla.uptime import said
from otklik.sla.uptime.evidence import Evidence

LEAST: Final = 0.45  # percent: what is thinner can't be seen on a telephone
_ORDER: Final = {"planned": 0, "not": 1, "down": 2}  # drawn one over another: what counts lies on top


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    width: float
    how: str
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    words: str

    @property
    def anchor(self) -> str:
        return "start" if self.x < 2 else "middle"


@dataclass(frozen=True, slots=True)
class Strip:
    """ahead: percent from where nothing was counted yet, 100 where all was. hows: for the legend."""

    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    ahead: float
    behind: float
    hows: tuple[tuple[str, str], ...]

    @property
    def ahead_width(self) -> float:
        return round(100 - self.ahead, 3)


def strip(found: Evidence, window: Window) -> Strip:
    whole = (window.until - window.since).total_seconds()

    def x(moment: datetime) -> float:
        return round(100 * (moment - window.since).total_seconds() / whole, 3)

    marks = sorted(_marks(found, x), key=lambda one: _ORDER[one.how])
    there = {one.how for one in marks}
    hows = tuple((how, str(words)) for how, words in said.HOW.items() if how in there)
    ends = x(datetime.fromisoformat(found["until"])), x(datetime.fromisoformat(found["since"]))
    return Strip(tuple(marks), tuple(_ticks(window)), ends[0], ends[1], hows)


def _marks(found: Evidence, x: Callable[[datetime], float]) -> Iterator[Mark]:
    zone = ZoneInfo(found["zone"])
    for one in found["availability"]["lines"]:
        since, until = datetime.fromisoformat(one["since"]), datetime.fromisoformat(one["until"])
        width = max(round(x(until) - x(since), 3), LEAST)
        name = found["incidents"].get(one["incident"], {}).get("name", "")
        words = f"{name}: {said.stretch(since, until, zone)}, {said.HOW[one['how']]}"
        yield Mark(min(x(since), 100 - width), width, one["how"], words)


def _named(day: date, window: Window) -> str:
    """Of a month the day's number; of a longer window the month's name, its first letters in a year."""
    if window.kind == "month":
        return str(day.day)
    name = str(said.MONTHS[day.month - 1])
    return name[:3] if window.kind == "year" else name


def _ticks(window: Window) -> Iterator[Tick]:
    """Of a month each week, of a longer window each month."""
    days = (window.behind - window.first).days
    for n in range(days):
        day = window.first + timedelta(days=n)
        if n % 7 == 0 and n < days - 2 if window.kind == "month" else day.day == 1:
            yield Tick(round(100 * n / days, 3), _named(day, window))
