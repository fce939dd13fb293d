"""Times as people promise them: 15 min, 30 min, 1, 2, 4, 8 h, 1, 2, 3, 5 working days and on. Pure."""

from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import Final

from otklik.sla.terms import LONGEST_S

MINUTE_S: Final = 60
HOUR_S: Final = 3600
_PLAIN: Final = (15 * MINUTE_S, 30 * MINUTE_S, *(n * HOUR_S for n in (1, 2, 4, 8)))
_FINE: Final = (
    *(n * MINUTE_S for n in (5, 10, 15, 20, 30, 45)),
    *(n * HOUR_S for n in (1, 2, 3, 4, 5, 6, 8)),
)
_DAYS: Final = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 250, 365)
_FINE_DAYS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, *_DAYS[5:])
_EXACT: Final = 1e-6


@lru_cache(maxsize=64)
def steps(day_s: int, *, fine: bool = False) -> tuple[int, ...]:
    """Working seconds, ascending. day_s: a working day; hours end where it begins. fine: what colleagues are told."""
    hours = [one for one in (_FINE if fine else _PLAIN) if one < day_s]
    days = [one * day_s for one in (_FINE_DAYS if fine else _DAYS)]
    return (*hours, *(one for one in days if one <= LONGEST_S))


def up(seconds: float, day_s: int) -> int | None:
    """The first of them that is not below; None beyond the last."""
    every = steps(day_s)
    place = bisect_left(every, seconds - _EXACT)
    return every[place] if place < len(every) else None


def down(seconds: float, day_s: int) -> int:
    """The last fine one that is not above, or the least."""
    every = steps(day_s, fine=True)
    return every[max(bisect_right(every, seconds + _EXACT) - 1, 0)]


def finer(seconds: int, day_s: int) -> int | None:
    """The fine one after this."""
    every = steps(day_s, fine=True)
    place = bisect_right(every, seconds)
    return every[place] if place < len(every) else None
