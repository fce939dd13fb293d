"""What to promise, by how long it has taken: the upper end of the interval of a percentile, as people say times. Pure.

What is still open counts for as long as it has lasted (product limit, sla/chances.py). Whoever looks at the ended ones
alone sees the quick ones: with a third still open their nine of ten is half of the truth (notes on targets, §9). That
figure stands beside as the trap it is. Fewer than chances.SURE ended cases carry no proposal.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from otklik.sla import chances
from otklik.sla.advice import rounding
from otklik.sla.chances import Curve, Share, Span


@dataclass(frozen=True, slots=True, eq=False)
class Advice:
    """share: percent that is to be in time. bound: the percentile in working seconds; its high end is what we go by.

    proposal_s: None with too few cases, or where nobody has seen the end of the slow ones. naive_s: the percentile of
    the ended ones alone. today_s, kept: what is promised today, and the share that keeps it.
    """

    share: int
    day_s: int
    curve: Curve
    bound: Span
    proposal_s: int | None
    naive_s: float | None
    today_s: int | None = None
    kept: Share | None = None

    @property
    def cases(self) -> int:
        return self.curve.cases

    @property
    def ended(self) -> int:
        return self.curve.ended

    @property
    def is_enough(self) -> bool:
        return self.ended >= chances.SURE


def advise(cases: Iterable[tuple[float, bool]], share: int, day_s: int, today_s: int | None = None) -> Advice:
    """cases: (working seconds so far, whether it is over). day_s: a usual working day."""
    known = list(cases)
    curve = chances.curve(known)
    bound = curve.percentile(share / 100)
    enough = curve.ended >= chances.SURE and bound.high is not None
    proposal = rounding.up(bound.high, day_s) if enough and bound.high is not None else None
    kept = curve.share_by(today_s) if today_s and curve.ended else None
    return Advice(share, day_s, curve, bound, proposal, _of_ended(known, share), today_s, kept)


def _of_ended(cases: Iterable[tuple[float, bool]], share: int) -> float | None:
    ended = sorted(seconds for seconds, is_over in cases if is_over)
    return ended[math.ceil(len(ended) * share / 100) - 1] if ended else None


def choices(advice: Advice) -> list[tuple[int, Share]]:
    """Human times around the proposal and what would be kept of each: from where half is kept to one past the rest.

    Ascending; today's and the proposal are always among them.
    """
    fixed = {one for one in (advice.proposal_s, advice.today_s) if one}
    every = sorted({*rounding.steps(advice.day_s), *fixed})
    found, over = [], 0
    for one in every:
        share = advice.curve.share_by(one)
        is_over = share.value >= advice.share / 100 and one > (advice.proposal_s or 0)
        if one in fixed or (share.value >= 0.3 and over < 1):
            found.append((one, share))
        over += is_over
    return found
