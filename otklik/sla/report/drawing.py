"""The picture of a report: months side by side, what was kept below, what was missed above it.

Widths are percent of the picture and heights its pixels; the same drawing stands on the page and, with the colours of
paper, in the PDF.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from otklik.russian.dates import MONTH_NAMES
from otklik.sla.report.counting import Month
from otklik.web.language import is_english

TOP: Final = 28.0
GROUND: Final = 176.0
HEIGHT: Final = 208
_FULL: Final = 0.56  # of a month's room
_ENGLISH: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Bar:
    """x, width, middle: percent. kept, missed: (y, height). above: what stands over it."""

    x: float
    width: float
    middle: float
    kept: tuple[float, float]
    missed: tuple[float, float]
    label: str
    above: str
    month: str
    count: int
    in_time: int

    @property
    def late(self) -> int:
        return self.count - self.in_time


@dataclass(frozen=True, slots=True)
class Picture:
    bars: tuple[Bar, ...]
    words: str


def draw(months: Sequence[Month]) -> Picture | None:
    """None where nothing ended in any of them."""
    most = max((one.count for one in months), default=0)
    if not most:
        return None
    room = 100 / len(months)
    return Picture(
        tuple(_bar(one, n, room, most, few=len(months) <= 6) for n, one in enumerate(months)), _words(months)
    )


def _bar(one: Month, n: int, room: float, most: int, *, few: bool) -> Bar:
    per = (GROUND - TOP) / most
    kept, missed = one.kept * per, (one.count - one.kept) * per
    if one.count > one.kept:  # a single miss among thousands is still seen
        missed = max(missed, 3.0)
        kept = min(kept, GROUND - TOP - missed)
    width = room * _FULL
    label, month = _names(one)
    above = _("%(kept)s из %(n)s") % {"kept": one.kept, "n": one.count} if few and one.count else ""
    return Bar(
        round(n * room + (room - width) / 2, 2), round(width, 2), round(n * room + room / 2, 2),
        (round(GROUND - kept, 1), round(kept, 1)), (round(GROUND - kept - missed, 1), round(missed, 1)),
        label, above, month, one.count, one.kept,
    )  # fmt: skip


def _names(one: Month) -> tuple[str, str]:
    """«ноя», «ноябрь 2026»."""
    if is_english():
        return _ENGLISH[one.first.month - 1], f"{one.first:%B %Y}"
    whole = MONTH_NAMES[one.first.month - 1]
    return whole[:3], f"{whole} {one.first.year}"


def _words(months: Sequence[Month]) -> str:
    parts = (
        _("%(month)s: вовремя %(kept)s из %(n)s")
        % {"month": _names(one)[1], "kept": one.kept, "n": one.count}
        for one in months
        if one.count
    )
    return "; ".join(parts) + "."
