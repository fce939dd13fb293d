"""Money in Decimal, to the kopeck."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

KOPECK: Final = Decimal("0.01")
NOTHING: Final = Decimal("0.00")
HUNDRED: Final = Decimal(100)


def exact(value: float | Decimal) -> Decimal:
    """The number as people wrote it: 99.9 is 99.9, not the nearest that binary can hold."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def to_kopecks(value: Decimal) -> Decimal:
    """Half a kopeck goes up: so rounds the accountant of either side (and the Tax Code, art. 52 item 6)."""
    return value.quantize(KOPECK, ROUND_HALF_UP)
