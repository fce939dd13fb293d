"""The picture of how long it takes, with the proposal and today's target as lines.

Widths are percent of the picture, heights its pixels, so that it stretches and its letters don't.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _

from otklik.sla import levels_said, spans
from otklik.sla.advice.targets import Advice
from otklik.sla.chances import FLOOR, Curve
from otklik.sla.levels_drawn import RIGHT, Mark
from otklik.sla.spans import HOUR_S, MINUTE_S
from otklik.sla.terms import LONGEST_S

TOP: Final = 56.0
GROUND: Final = 216.0
BARS: Final = 24
FAR: Final = 4  # targets that the picture shows at most
_ROOM: Final = 13.0  # percent that the words «дольше» take
_NICE: Final = (
    *(n * MINUTE_S for n in (5, 10, 20, 30)), *(n * HOUR_S for n in (1, 2, 4, 8, 12, 24, 48, 96, 192, 480)),
)  # fmt: skip
_SHARES: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
_TICKS: Final = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """share: of all cases; sum: by its end. is_late: after the proposal."""

    x: float
    width: float
    y: float
    height: float
    times: str
    share: str
    sum: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """rest: the bar of what takes longer than the picture shows: (y, height, share in words)."""

    bars: tuple[Bar, ...]
    proposal: Mark | None
    today: Mark | None
    ticks: tuple[Mark, ...]
    grid: tuple[Mark, ...]
    rest: tuple[float, float, str]
    words: str
    is_today_beyond: bool

    @property
    def late_width(self) -> float:
        return round(100 - self.proposal.at, 2) if self.proposal else 0.0


@dataclass(frozen=True, slots=True)
class _Frame:
    """end: seconds at the right edge of the bars; top: the share of full height."""

    end: float
    top: float

    def x(self, seconds: float) -> float:
        return round(RIGHT * seconds / self.end, 2)

    def height(self, share: float) -> float:
        return round((GROUND - TOP) * share / self.top, 1)


def draw(advice: Advice) -> Picture | None:
    """None where there is too little to draw."""
    if advice.ended < FLOOR:
        return None
    end = _end(advice)
    edges = [end * n / BARS for n in range(BARS + 1)]
    done = [0.0, *(_by(advice.curve, edge) for edge in edges[1:])]
    rest = max(1 - done[-1], 0.0)
    frame = _Frame(end, max([*(b - a for a, b in pairwise(done)), rest]) or 1.0)
    height = frame.height(rest)
    return Picture(
        tuple(_bars(advice, frame, edges, done)), _mark(advice.proposal_s, advice, frame),
        _mark(advice.today_s, advice, frame), tuple(_ticks(frame)), tuple(_grid(frame)),
        (round(GROUND - height, 1), height, levels_said.share(rest)), _words(advice),
        bool(advice.today_s and advice.today_s > end),
    )  # fmt: skip


def _end(advice: Advice) -> float:
    """So far that nineteen of twenty are seen, and both targets, but no further than FAR of the proposal."""
    far = FAR * (advice.proposal_s or LONGEST_S)
    goals = [one for one in (advice.proposal_s, advice.today_s) if one and one <= far]
    last = float(advice.curve.seen[-1])
    base = float(advice.proposal_s or advice.curve.percentile(0.5).value or last or MINUTE_S)
    most = advice.curve.percentile(0.95).value or (base * 1.5 if advice.proposal_s else last)
    return max(min(max(most, base * 1.25), base * FAR), *(one * 1.05 for one in goals), float(MINUTE_S))


def _by(curve: Curve, seconds: float) -> float:
    return curve.share_by(seconds).value


def _mark(seconds: int | None, advice: Advice, frame: _Frame) -> Mark | None:
    """None for what there is not, and for what lies beyond the picture."""
    if not seconds or seconds > frame.end:
        return None
    return Mark(frame.x(seconds), spans.said(seconds, advice.day_s))


def _bars(advice: Advice, frame: _Frame, edges: list[float], done: list[float]) -> Iterator[Bar]:
    for n in range(BARS):
        begin, end, share = edges[n], edges[n + 1], done[n + 1] - done[n]
        height = frame.height(share)
        times = _("от %(low)s до %(high)s") % {"low": levels_said.tick(begin), "high": levels_said.about(end)}
        late = advice.proposal_s is not None and end > advice.proposal_s + 1
        yield Bar(
            frame.x(begin) + 0.2, max(frame.x(end) - frame.x(begin) - 0.4, 0.2), round(GROUND - height, 1), height,
            times, levels_said.share(share), levels_said.share(done[n + 1]), late,
        )  # fmt: skip


def _ticks(frame: _Frame) -> Iterator[Mark]:
    every = next((one for one in _NICE if frame.end / one <= _TICKS), _NICE[-1])
    places = ((frame.x(n * every), n * every) for n in range(math.floor(frame.end / every) + 1))
    yield from (Mark(at, levels_said.tick(seconds)) for at, seconds in places if at < RIGHT - _ROOM)


def _grid(frame: _Frame) -> Iterator[Mark]:
    every = next((one for one in _SHARES if frame.top / one <= 4), _SHARES[-1])
    for n in range(1, int(frame.top / every) + 1):
        yield Mark(round(GROUND - frame.height(n * every), 1), levels_said.share(n * every))


def _words(advice: Advice) -> str:
    half, most = advice.curve.percentile(0.5), advice.bound
    told = {
        "half": levels_said.longest(half),
        "share": levels_said.share(advice.share / 100),
        "most": levels_said.longest(most),
    }
    return _("Половина случаев — %(half)s, %(share)s случаев — %(most)s.") % told
