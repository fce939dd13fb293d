"""The picture of a whole way: how long requests take, each bar split by the levels, with the promise as a line.

Widths are percent of the picture, heights its pixels, so that it stretches and its letters don't.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.utils.translation import gettext as _

from otklik.sla import levels_said
from otklik.sla.chances import Whole
from otklik.sla.levels import Figures
from otklik.sla.spans import HOUR_S, MINUTE_S

TOP: Final = 32.0
GROUND: Final = 192.0
RIGHT: Final = 91.0  # percent: the bars end, the one of what takes longer stands apart
ROOM: Final = 7.0  # percent: what the words of the last bar take to its left
FAR: Final = 4  # promises that the picture shows at most
_MINUTES, _HOURS = (5, 10, 20, 30), (1, 2, 4, 8, 12, 24, 48, 96, 192, 480)
_NICE: Final = (*(n * MINUTE_S for n in _MINUTES), *(n * HOUR_S for n in _HOURS))
_SHARES: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
_TICKS: Final = 6


@dataclass(frozen=True, slots=True)
class Part:
    level: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """times, share, sum: for the table of the same figures. is_late: after the promise."""

    x: float
    width: float
    parts: tuple[Part, ...]
    times: str
    share: str
    sum: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A line or a tick at x percent or y pixels, with words."""

    at: float
    words: str

    @property
    def anchor(self) -> str:
        """Of the words beside a line: they never leave the picture."""
        return "end" if self.at > 50 else "start"

    @property
    def tick_anchor(self) -> str:
        return "middle" if self.at > 3 else "start"


@dataclass(frozen=True, slots=True)
class Picture:
    """rest: the bar of what takes longer than the picture shows: (y, height, share in words)."""

    bars: tuple[Bar, ...]
    promise: Mark | None
    ticks: tuple[Mark, ...]
    grid: tuple[Mark, ...]
    rest: tuple[float, float, str]
    levels: tuple[int, ...]
    words: str

    @property
    def late_width(self) -> float:
        """Percent from the promise to the right edge."""
        return round(100 - self.promise.at, 2) if self.promise else 0.0


@dataclass(frozen=True, slots=True)
class _Frame:
    """base: the promise, or what stands in for it; per: bars to it; count: in all; top: the share of full height."""

    base: float
    per: int
    count: int
    top: float

    @property
    def width_s(self) -> float:
        return self.base / self.per

    @property
    def end(self) -> float:
        return self.width_s * self.count

    def x(self, seconds: float) -> float:
        return round(RIGHT * seconds / self.end, 2)

    def height(self, share: float) -> float:
        return round((GROUND - TOP) * share / self.top, 1)


def draw(one: Figures) -> Picture | None:
    """None where there is too little to draw."""
    if one.whole is None:
        return None
    whole, levels = one.whole, tuple(level.level for level in one.levels)
    base = float(one.promise_s or (one.most and one.most.value) or len(whole.mass) * whole.step_s / FAR)
    per, count = _size(whole, base)
    shares = [_between(whole.mass, *_steps(whole, base / per, n)) for n in range(count)]
    rest = max(1 - sum(shares), 0.0)
    frame = _Frame(base, per, count, max([*shares, rest]) or 1.0)
    promise = Mark(frame.x(one.promise_s), levels_said.about(one.promise_s)) if one.promise_s else None
    height = frame.height(rest)
    return Picture(
        tuple(_bars(whole, frame, levels, promise=one.promise_s or 0)), promise, tuple(_ticks(frame)),
        tuple(_grid(frame)), (GROUND - height, height, levels_said.share(rest)), levels, _words(one),
    )  # fmt: skip


def _size(whole: Whole, base: float) -> tuple[int, int]:
    """Bars to the base, and in all: so far that nineteen of twenty requests are seen."""
    most = whole.percentile(0.95).value
    far = min(max(base * 1.25, most if most is not None else math.inf), base * FAR)
    per = 16 if far <= base * 2 else 12 if far <= base * 3 else 8
    return per, math.ceil(far / base * per - 1e-9)


def _steps(whole: Whole, width_s: float, n: int) -> tuple[int, int]:
    """Of bar n: what takes no time at all is in the first one, and an edge belongs to the bar before it."""
    first, last = (int(width_s * edge / whole.step_s + 1e-9) + 1 for edge in (n, n + 1))
    return (0 if n == 0 else first), last


def _between(mass: "np.ndarray[tuple[int], np.dtype[np.float64]]", first: int, last: int) -> float:
    return float(mass[first:last].sum())


def _bars(whole: Whole, frame: _Frame, levels: tuple[int, ...], *, promise: int) -> Iterator[Bar]:
    done = 0.0
    for n in range(frame.count):
        first, last = _steps(whole, frame.width_s, n)
        share = _between(whole.mass, first, last)
        done += share
        begin, end = n * frame.width_s, (n + 1) * frame.width_s
        times = _("от %(low)s до %(high)s") % {
            "low": levels_said.tick(begin), "high": levels_said.about(end),
        }  # fmt: skip
        yield Bar(
            frame.x(begin) + 0.2, max(frame.x(end) - frame.x(begin) - 0.4, 0.2),
            tuple(_parts(whole, frame, levels, (first, last))), times, levels_said.share(share),
            levels_said.share(min(done, 1.0)), bool(promise) and end > promise + 1,
        )  # fmt: skip


def _parts(whole: Whole, frame: _Frame, levels: tuple[int, ...], at: tuple[int, int]) -> Iterator[Part]:
    """Each level as high as its part of the working time of these requests; what took no time is the first level's."""
    mass = whole.mass[slice(*at)]
    worked = np.array([whole.parts[level][slice(*at)] for level in levels])
    total = worked.sum(axis=0)
    idle = np.zeros_like(worked)
    idle[0] = 1.0
    its = np.divide(worked, total, out=idle, where=total > 1e-12) @ mass
    y = GROUND
    for level, share in zip(levels, its, strict=True):
        if (height := frame.height(float(share))) >= 0.1:
            y -= height
            yield Part(level, round(y, 1), height)


def _ticks(frame: _Frame) -> Iterator[Mark]:
    every = next((one for one in _NICE if frame.end / one <= _TICKS), _NICE[-1])
    places = ((frame.x(n * every), n * every) for n in range(int(frame.end / every) + 1))
    yield from (Mark(at, levels_said.tick(seconds)) for at, seconds in places if at < RIGHT - ROOM)


def _grid(frame: _Frame) -> Iterator[Mark]:
    every = next((one for one in _SHARES if frame.top / one <= 4), _SHARES[-1])
    for n in range(1, int(frame.top / every) + 1):
        yield Mark(round(GROUND - frame.height(n * every), 1), levels_said.share(n * every))


def _words(one: Figures) -> str:
    half = levels_said.longest(one.half)
    most = levels_said.longest(one.most)
    parts = ", ".join(
        _("уровень %(level)s: %(share)s времени")
        % {"level": level.level, "share": levels_said.share(level.part)}
        for level in one.levels
    )
    told = {"half": half, "most": most, "parts": parts}
    return (
        _("Половину запросов решаем за %(half)s, девять из десяти за %(most)s. Куда уходит время: %(parts)s.")
        % told
    )
