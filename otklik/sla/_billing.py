"""Bills: lines whose sums make the total, to the kopeck; see `otklik.sla.penalty`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal, TypeAlias

from otklik.sla._credits import Credit
from otklik.sla._money import NOTHING, exact, to_kopecks
from otklik.sla._windows import Window, WindowKind, window
from otklik.sla.terms_money import Unit

Charged: TypeAlias = Literal["fee", "request", "hour", "uptime", "clocks"]


@dataclass(frozen=True, slots=True)
class Price:
    """fee: per this window; unit: of what goes beyond the included ones, by solved requests or worked hours."""

    fee: Decimal = NOTHING
    per: WindowKind = "month"
    unit: Decimal = NOTHING
    by: Unit = "request"
    included: Decimal = Decimal(0)

    @classmethod
    def of(cls, payment: Mapping[str, Any]) -> "Price":
        """Out of the terms' JSON."""
        return cls(
            exact(payment.get("fee", 0)), payment.get("per", "month"), exact(payment.get("unit", 0)),
            payment.get("by", "request"), exact(payment.get("included", 0)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """Civil days [since, until) of a period under one price, and what was used in them: requests or hours."""

    since: date
    until: date
    price: Price
    used: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """sum = price × quantity / of, to the kopeck. of: days of the whole window where only some were agreed, else 1."""

    what: Charged
    since: date
    until: date
    quantity: Decimal
    of: Decimal
    price: Decimal
    sum: Decimal


@dataclass(frozen=True, slots=True)
class Bill:
    """total: the sum of the lines, never below zero. left: credit beyond it, which nobody gets."""

    lines: tuple[Line, ...]
    total: Decimal
    left: Decimal = NOTHING

    @property
    def charged(self) -> Decimal:
        """Before credits."""
        return sum((one.sum for one in self.lines if one.sum > 0), NOTHING)


def charges(period: Window, parts: Iterable[Part]) -> tuple[Line, ...]:
    """Fees and use of a period. Days of a part that lie outside it cost nothing here."""
    lines: list[Line] = []
    for part in parts:
        since, until = max(part.since, period.first), min(part.until, period.behind)
        if since < until:
            fees = list(_fees(part.price, since, until, period.zone))
            lines += _joined(fees) if part.price.fee else []
            lines += _use(part, since, until, sum((one.quantity / one.of for one in fees), Decimal(0)))
    return tuple(lines)


def bill(period: Window, lines: Iterable[Line], given: Mapping[Charged, Credit]) -> Bill:
    """given: credits of availability and of clocks; together they never take more than the period cost."""
    charged = tuple(lines)
    left = sum((one.sum for one in charged), NOTHING)
    over = NOTHING
    less: list[Line] = []
    for what, one in given.items():
        taken = min(one.sum, left)
        left, over = left - taken, over + one.sum - taken
        if taken:
            less.append(Line(what, period.first, period.behind, Decimal(1), Decimal(1), -taken, -taken))
    return Bill((*charged, *less), left, over)


def _fees(price: Price, since: date, until: date, zone: str) -> Iterator[Line]:
    """A line for each window of the fee: a whole one, or the days of it that were agreed."""
    one = window(price.per, since, zone)
    while one.first < until:
        first, behind = max(since, one.first), min(until, one.behind)
        days = (behind - first).days
        quantity, of = (Decimal(1), Decimal(1)) if days == one.days else (Decimal(days), Decimal(one.days))
        yield Line("fee", first, behind, quantity, of, price.fee, to_kopecks(price.fee * quantity / of))
        one = one.moved(1)


def _joined(fees: list[Line]) -> Iterator[Line]:
    """Whole windows that follow each other in one line: «3 × 12 000»."""
    held: Line | None = None
    for one in fees:
        if held and held.of == one.of == 1:
            n = held.quantity + 1
            held = Line("fee", held.since, one.until, n, one.of, one.price, to_kopecks(one.price * n))
            continue
        if held:
            yield held
        held = one
    if held:
        yield held


def _use(part: Part, since: date, until: date, windows: Decimal) -> Iterator[Line]:
    """What goes beyond the included: of a part of a window its part, rounded up for the client."""
    price = part.price
    beyond = part.used - (price.included * windows).to_integral_value(ROUND_CEILING)
    if price.unit and beyond > 0:
        total = to_kopecks(price.unit * beyond)
        yield Line(price.by, since, until, beyond, Decimal(1), price.unit, total)
