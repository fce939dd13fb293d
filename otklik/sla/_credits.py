"""Credits: what a broken promise gives back; see `otklik.sla.penalty`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final, Literal, TypeAlias

from otklik.sla._money import HUNDRED, NOTHING, exact, to_kopecks
from otklik.sla._ratio import Ratio
from otklik.sla._uptime import Availability
from otklik.sla._windows import Window
from otklik.sla.terms import Terms
from otklik.sla.terms_money import Credits, Rounding, Steps

Outcome: TypeAlias = Literal[
    "none",  # no credit was agreed
    "unknown",  # nothing to judge by: no service time, or too few clocks
    "kept",  # the promise was kept
    "owed", "capped",
    "mild",  # not kept, but no step of the ladder is for so little
    "short",  # not kept, but the outage is too short to count by hours
    "small",  # the sum is so little that the agreement doesn't give it
    "unasked",  # to be asked for, and nobody has yet
    "lapsed",  # nobody asked for it in time
    "late",  # the client asked too late
]  # fmt: skip
_HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True)
class Charge:
    """What a period cost. days: civil days of it; share: the part of the fee that was touched, 0 to 1."""

    sum: Decimal
    days: int = 30
    share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Credit:
    """sum: to the kopeck, 0.00 unless owed or capped. base: what it is counted from.

    rate: percent of the base; of «days» days of the period's fee. hours: of downtime, as the agreement rounds them.
    full: the sum before the cap, the least sum and a missing claim took from it, not rounded.
    """

    outcome: Outcome
    sum: Decimal = NOTHING
    base: Decimal = NOTHING
    rate: Decimal = Decimal(0)
    hours: Decimal = Decimal(0)
    full: Decimal = Decimal(0)

    @property
    def is_owed(self) -> bool:
        return self.outcome in ("owed", "capped")


def credit(found: Availability, charge: Charge, terms: Credits, promised: float | None = None) -> Credit:
    """For availability. promised: its percent, and that alone decides whether it was kept.

    Without one a ladder knows what is too little; elsewhere any downtime is.
    """
    if not terms:
        return Credit("none")
    if not found.ratio.whole:
        return Credit("unknown")
    base = _base(charge, terms)
    hours = _rounded(found.down_s / _HOUR_S, terms.rounding)
    is_broken = terms.kind != "ladder" and found.down_s > 0
    if promised is not None:
        is_broken = found.ratio.is_below(exact(promised))
    if terms.kind == "ladder":
        rate, exactly = _step(found.ratio, terms.steps), None
    elif not is_broken:
        rate, exactly = Decimal(0), None
    else:
        rate, exactly = _by_hours(terms, hours, found.down_s)
    if not rate:
        broken: Outcome = "mild" if terms.kind == "ladder" else "short"
        return Credit(broken if is_broken else "kept", NOTHING, base, rate, hours)
    full = base * rate / (charge.days if terms.kind == "days" else HUNDRED)
    if exactly is not None:
        full = base * exactly / _HOUR_S / (charge.days if terms.kind == "days" else HUNDRED)
    return _limited(Credit("owed", NOTHING, base, rate, hours, full), exact(terms.cap), exact(terms.least))


def credit_of_clocks(kept: Ratio | None, charge: Charge, terms: Terms) -> Credit:
    """For requests: the same ladder over the share of clocks that were met (seed 001). kept: of `clock_share`.

    Whether the promise was kept is decided by the promised share alone.
    """
    if not terms.penalties:
        return Credit("none")
    if kept is None or not kept.whole:
        return Credit("unknown")
    rate = _step(kept, terms.penalties)
    if not rate:
        is_broken = kept.is_below(exact(terms.share))
        return Credit("mild" if is_broken else "kept", NOTHING, charge.sum)
    full = charge.sum * rate / HUNDRED
    return _limited(Credit("owed", NOTHING, charge.sum, rate, Decimal(0), full), exact(terms.cap))


def clock_share(months: Iterable[tuple[int, int]], sample: int) -> Ratio | None:
    """Of the last month: (met, judged) of each, in order. None: too few clocks, they go over to the next month.

    A month with fewer than `sample` is added to the next one. Time that waited for the client is no part of clocks.
    """
    met = judged = 0
    found: Ratio | None = None
    for month_met, month_judged in months:
        met, judged = met + month_met, judged + month_judged
        found = Ratio(met, judged) if judged >= max(sample, 1) else None
        if found:
            met = judged = 0
    return found


def claim_by(window: Window, terms: Credits) -> datetime | None:
    """Until when (that moment not included) the client may ask; None: given without asking."""
    if not (terms.claim_windows or terms.claim_days):
        return None
    return window.moved(terms.claim_windows).until + timedelta(days=terms.claim_days)


def claimed(given: Credit, deadline: datetime | None, asked_at: datetime | None, now: datetime) -> Credit:
    """The same, or nothing where it is to be asked for until the deadline and nobody did."""
    if deadline is None or not given.is_owed or (asked_at and asked_at < deadline):
        return given
    unasked: Outcome = "unasked" if now < deadline else "lapsed"
    return replace(given, outcome="late" if asked_at else unasked, sum=NOTHING)


def _base(charge: Charge, terms: Credits) -> Decimal:
    if terms.base == "sum":
        return exact(terms.sum)
    return charge.sum * charge.share if terms.base == "part" else charge.sum


def _step(found: Ratio, steps: Steps) -> Decimal:
    """The greatest credit of all steps that it is below."""
    return max((exact(one) for below, one in steps if found.is_below(exact(below))), default=Decimal(0))


def _by_hours(terms: Credits, hours: Decimal, down_s: Decimal) -> tuple[Decimal, Decimal | None]:
    """(rate, rate × seconds where hours are not rounded: so that dividing comes last)."""
    rate = exact(terms.rate)
    if terms.kind == "flat":
        return rate, None
    return rate * hours, rate * down_s if terms.rounding == "exact" else None


def _rounded(hours: Decimal, how: Rounding) -> Decimal:
    if how == "exact":
        return hours
    return hours.to_integral_value(ROUND_FLOOR if how == "full" else ROUND_CEILING)


def _limited(given: Credit, cap: Decimal, least: Decimal = NOTHING) -> Credit:
    """A credit of `least` or less is not given; one over the cap is cut down to it."""
    most = given.base * cap / HUNDRED
    total = to_kopecks(min(given.full, most))
    if total <= least or not total:
        return replace(given, outcome="small")
    return replace(given, outcome="capped" if given.full > most else "owed", sum=total)
