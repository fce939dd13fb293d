"""A share of a whole, exact: compared by multiplying, rounded for the eye alone."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

PLACES: Final = 3  # as agreements are printed: 99.95, 99.999
_MOST_PLACES: Final = 12
_PRECISE: Final = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Ratio:
    """part of whole, whole numbers of one unit. Of nothing there is no percent, and no border is undercut."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """Sixty digits of it."""
        return _PRECISE.divide(Decimal(self.part * 100), Decimal(self.whole)) if self.whole > 0 else None

    def is_below(self, border: Decimal) -> bool:
        """Strictly, by exact arithmetic: just at the border nothing is owed."""
        return self.whole > 0 and Decimal(self.part * 100) < _PRECISE.multiply(border, Decimal(self.whole))

    def told(self, *borders: Decimal) -> str:
        """«99.861», with a point; '' of nothing. Rounded to the nearest, half up: what people check by a calculator.

        A figure that rounding would put on the other side of one of the borders gets more places, since a client
        who reads «99.900» and gets a credit for «below 99.9» has to see why.
        """
        percent = self.percent
        if percent is None:
            return ""
        for places in range(PLACES, _MOST_PLACES):
            rounded = percent.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _PRECISE)
            if all((rounded < one) == self.is_below(one) for one in borders):
                break
        return f"{rounded:f}"
