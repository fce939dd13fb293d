"""Columns of a chart, drawn on the server: each month a stack of parts in a frame of 100 units."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from otklik.assist.figures import Month

HEIGHT = 100.0


@dataclass(frozen=True, slots=True)
class Part:
    """look: of chart__part--…; y and height in units of the frame, from above."""

    look: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    month: Month
    parts: list[Part]
    value: float | None  # what stands above it; None where there is nothing to tell


def columns(
    months: Sequence[Month], tell: Callable[[Month], float | None],
    parts: Callable[[Month], Sequence[tuple[str, float]]], most: float = 0.0,
) -> list[Column]:  # fmt: skip
    """tell: the value above a column; parts: (look, value) from below upwards; most: of the frame, 0 is the largest."""
    stacks = [list(parts(one)) for one in months]
    top = most or max((sum(value for _look, value in stack) for stack in stacks), default=0.0) or 1.0
    return [Column(one, _stacked(stack, top), tell(one)) for one, stack in zip(months, stacks, strict=True)]


def _stacked(stack: Sequence[tuple[str, float]], top: float) -> list[Part]:
    drawn, y = [], HEIGHT
    for look, value in stack:
        height = round(HEIGHT * value / top, 1)
        y -= height
        drawn.append(Part(look, round(y, 1), height))
    return [one for one in drawn if one.height]
