"""What levels of support may take so that all together keep the promise. Pure (R-E4, notes on targets, §9).

If every stay at every level lasted longer by the same factor, the whole way would too: so the factor that the promise
leaves is the promise by the percentile of the whole. Each level gets its own percentile times that, told as people say
times, rounded down; then one after another gets the next longer time while all still fit. Whether they fit is counted
by folding the ways anew with each level's stays as long as its time allows (chances.whole), never by a sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from otklik.sla import chances
from otklik.sla.advice import rounding
from otklik.sla.chances import Share, Span
from otklik.sla.terms import LEVELS
from otklik.sla.visits import Way


@dataclass(frozen=True, slots=True)
class Part:
    """One level. most: its percentile today, by its own clock; target_s: what it may take; kept: of its stays today."""

    level: int
    visits: int
    ended: int
    most: Span
    target_s: int
    kept: Share


@dataclass(frozen=True, slots=True)
class Split:
    """kept: share of requests within the promise if each level keeps its own in `share` percent of its stays.

    sum_s: of the levels' times; through_all: share of requests that came to every one of them.
    """

    promise_s: int
    share: int
    parts: tuple[Part, ...]
    kept: Share
    sum_s: int
    through_all: float

    @property
    def fits(self) -> bool:
        return self.kept.value >= self.share / 100


def split(ways: Sequence[Way], promise_s: int, share: int, day_s: int) -> Split | None:
    """None where some level has fewer than chances.FLOOR ended stays, or nobody has seen the end of its slow ones.

    promise_s: working seconds for the whole way; share: percent; day_s: a usual working day.
    """
    levels = sorted({one.level for way in ways for one in way})
    curves = {
        level: chances.curve((one.own_s, one.then is not None) for way in ways for one in way if one.level == level)
        for level in levels
    }  # fmt: skip
    mosts = {level: one.percentile(share / 100) for level, one in curves.items()}
    known = {level: one.value for level, one in mosts.items() if one.value is not None}
    if not levels or len(known) < len(levels) or any(one.ended < chances.FLOOR for one in curves.values()):
        return None
    fit = _Fit(ways, known, promise_s, share)
    targets = fit.longest(_first(fit, day_s), day_s)
    parts = tuple(
        Part(level, one.cases, one.ended, mosts[level], targets[level], one.share_by(targets[level]))
        for level, one in curves.items()
    )
    return Split(promise_s, share, parts, fit.kept(targets), sum(targets.values()), _through(ways, levels))


@dataclass(frozen=True, slots=True)
class _Fit:
    """most: percentile of each level's stays."""

    ways: Sequence[Way]
    most: Mapping[int, float]
    promise_s: int
    share: int

    def kept(self, targets: Mapping[int, int]) -> Share:
        """If each level's stays were so much longer, or shorter, that its percentile is its target."""
        factor = {level: targets[level] / max(one, 1.0) for level, one in self.most.items()}
        longer = [
            tuple(replace(one, whole_s=round(one.whole_s * factor[one.level])) for one in way) for way in self.ways
        ]  # fmt: skip
        return chances.whole(longer, self.promise_s).share_by(self.promise_s)

    def longest(self, targets: dict[int, int], day_s: int) -> dict[int, int]:
        """Each in turn gets the next longer time, once, if all still fit; who lost most by rounding is first."""
        for level in sorted(targets, key=lambda one: targets[one] / max(self.most[one], 1.0)):
            longer = rounding.finer(targets[level], day_s)
            tried = {**targets, level: longer} if longer and longer <= self.promise_s else targets
            if tried != targets and self.kept(tried).value >= self.share / 100:
                targets = tried
        return targets


def _first(fit: _Fit, day_s: int) -> dict[int, int]:
    """By the factor that the promise leaves; never longer than the promise itself."""
    most = chances.whole(fit.ways, fit.promise_s).percentile(fit.share / 100).value
    factor = fit.promise_s / max(most, 1.0) if most is not None else 1.0
    return {
        level: rounding.down(min(one * factor, fit.promise_s), day_s)
        for level, one in fit.most.items()
        if level in LEVELS
    }


def _through(ways: Sequence[Way], levels: Sequence[int]) -> float:
    wanted = set(levels)
    return sum(wanted <= {one.level for one in way} for way in ways) / len(ways)
