"""Credits of public agreements, with their limits: at the border nothing, a millionth of a second below it the step."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from otklik.sla import penalty
from otklik.sla.penalty import Charge, Credit, Down, Rules
from otklik.sla.terms import Terms
from tests.sla.uptime.values import these

DAY, H, MIN = 86_400, 3600, 60
MONTH_S = 30 * DAY
HAIR = 0.000001  # seconds
FEE = Decimal("1234.45")  # of which ten percent are 123.445: half a kopeck goes up


def _credits(**spec):
    return Terms.from_dict({"credits": spec}).credits


def _found(down_s):
    return penalty.availability((0, MONTH_S), [Down("сбой", 0, down_s, monitor=0)], [], Rules())


def _at(percent):
    """Seconds of downtime that leave exactly so many percent of the month."""
    return float((100 - Decimal(percent)) * MONTH_S / 100)


def _steps(*steps):
    return [{"below": below, "credit": percent} for below, percent in steps]


EC2 = _credits(steps=_steps((99.99, 10), (99.0, 30), (95.0, 100)))  # region level
COMPUTE = _credits(
    steps=_steps((99.95, 10), (99, 15), (95, 30)), base="part"
)  # of the affected machine's fee
GPU = _credits(steps=_steps((99.5, 10), (99, 15), (95, 30)), base="part")
HOST = _credits(steps=_steps((99.9, 10), (99, 15), (95, 30)), base="part")
REGISTRY = _credits(steps=_steps((99.95, 10), (98, 15), (90, 30)))
LADDERS = {
    "AWS EC2": (EC2, [("99.99", 10), ("99", 30), ("95", 100)]),
    "Yandex Compute": (COMPUTE, [("99.95", 10), ("99", 15), ("95", 30)]),
    "Yandex GPU": (GPU, [("99.5", 10), ("99", 15), ("95", 30)]),
    "Yandex host": (HOST, [("99.9", 10), ("99", 15), ("95", 30)]),
    "Yandex Registry": (REGISTRY, [("99.95", 10), ("98", 15), ("90", 30)]),
}


@pytest.mark.parametrize("name", LADDERS)
def test_each_step_of_a_ladder_begins_just_below_its_border(name):
    terms, steps = LADDERS[name]
    before = 0
    for border, percent in steps:
        at = penalty.credit(_found(_at(border)), Charge(FEE), terms)
        below = penalty.credit(_found(_at(border) + HAIR), Charge(FEE), terms)

        assert these(at.rate, below.rate) == (before, percent), border
        assert at.outcome == ("owed" if before else "kept")
        assert below.sum == penalty.to_kopecks(FEE * percent / 100)
        before = percent
    worst = penalty.credit(_found(MONTH_S), Charge(FEE), terms)
    assert worst.rate == before


def test_half_a_kopeck_goes_up():
    given = penalty.credit(_found(_at("99.9")), Charge(FEE), EC2)

    assert (given.full, given.sum) == (Decimal("123.445"), Decimal("123.45"))
    assert penalty.to_kopecks(Decimal("0.005")) == Decimal("0.01")
    assert penalty.to_kopecks(Decimal("0.0049999")) == Decimal("0.00")


def test_only_the_affected_part_of_the_fee_is_given_back_where_the_agreement_says_so():
    charge = Charge(Decimal(10_000), share=Decimal("0.25"))  # one machine of four

    part = penalty.credit(_found(_at("98")), charge, COMPUTE)
    whole = penalty.credit(_found(_at("98")), charge, REGISTRY)
    fixed = penalty.credit(
        _found(_at("98")), charge, _credits(steps=_steps((99, 15)), base="sum", sum=333.33)
    )

    assert these(part.base, part.sum) == (2500, Decimal("375.00"))
    assert these(whole.base, whole.sum) == (10_000, Decimal("1000.00"))  # 98 is not below 98
    assert (fixed.base, fixed.sum) == (Decimal("333.33"), Decimal("50.00"))


PER_HOUR = {
    "kind": "per_hour",
    "rate": 5,
    "cap": 100,
}  # ipserver.su: the page doesn't tell how hours are rounded


@pytest.mark.parametrize(
    ("down_s", "rounding", "rate", "outcome", "total"),
    [
        (_at("99.99"), "full", 0, "kept", "0.00"), (_at("99.99") + HAIR, "full", 0, "short", "0.00"),
        (H - HAIR, "full", 0, "short", "0.00"), (H, "full", 5, "owed", "50.00"),
        (2.5 * H, "full", 10, "owed", "100.00"),
        (2.5 * H, "exact", Decimal("12.5"), "owed", "125.00"), (2.5 * H, "started", 15, "owed", "150.00"),
        (20 * H, "full", 100, "owed", "1000.00"), (21 * H, "full", 105, "capped", "1000.00"),
    ],
)  # fmt: skip
def test_ipserver_gives_five_percent_an_hour_and_a_month_at_most(down_s, rounding, rate, outcome, total):
    terms = _credits(**PER_HOUR, rounding=rounding)

    given = penalty.credit(_found(down_s), Charge(Decimal(1000)), terms, 99.99)

    assert (given.rate, given.outcome, given.sum) == (rate, outcome, Decimal(total))


@pytest.mark.parametrize(
    ("down_s", "days"),
    [(3628.8, 0), (3628.8 + HAIR, 1), (2 * H - HAIR, 1), (2 * H, 2), (5.9 * H, 5)],
)  # 99.86 % of thirty days is 60 minutes 28.8 seconds
def test_flynet_gives_a_day_for_each_full_hour(down_s, days):
    terms = _credits(kind="days", rate=1)

    given = penalty.credit(_found(down_s), Charge(Decimal(1000), days=30), terms, 99.86)

    assert given.rate == days
    assert given.sum == penalty.to_kopecks(Decimal(1000) * days / 30)  # 33.33, 66.67, 166.67


@pytest.mark.parametrize(("more", "total"), [(0, "0.00"), (HAIR, "123.45")])
def test_spefix_gives_ten_percent_at_once(more, total):
    given = penalty.credit(_found(_at("99") + more), Charge(FEE), _credits(kind="flat", rate=10), 99)

    assert given.sum == Decimal(total)


@pytest.mark.parametrize("kind", ["flat", "per_hour", "days"])
@pytest.mark.parametrize(("down_s", "outcome"), [(0, "kept"), (2 * H, "owed")])
def test_without_a_promised_percent_only_an_outage_gives_a_credit(kind, down_s, outcome):
    given = penalty.credit(_found(down_s), Charge(FEE), _credits(kind=kind, rate=10))

    assert (given.outcome, given.sum > 0) == (outcome, outcome == "owed")


def test_a_credit_no_greater_than_the_least_sum_is_not_given_and_one_over_the_cap_is_cut():
    least = _credits(steps=_steps((99.99, 10), (95, 100)), least=1, cap=50)

    sums = [penalty.credit(_found(_at("99")), Charge(Decimal(fee)), least) for fee in ("10.00", "10.05")]
    cut = penalty.credit(_found(MONTH_S), Charge(Decimal(10)), least)

    assert [(one.outcome, one.sum) for one in sums] == [("small", Decimal("0.00")), ("owed", Decimal("1.01"))]
    assert these(cut.outcome, cut.full, cut.sum) == ("capped", 10, Decimal("5.00"))


def test_a_credit_is_asked_for_within_two_billing_cycles_or_lost():
    november = penalty.window("month", date(2026, 11, 20), "Europe/Moscow")
    terms = _credits(steps=_steps((99.99, 10)), claim_windows=2)
    owed, now = Credit("owed", Decimal(10)), datetime(2027, 3, 1, tzinfo=UTC)

    deadline = penalty.claim_by(november, terms)

    assert deadline == datetime(2027, 1, 31, 21, tzinfo=UTC)  # midnight of 1 February in Moscow
    in_time = penalty.claimed(owed, deadline, deadline - timedelta(microseconds=1), now)
    assert these(in_time.sum, in_time.outcome) == (10, "owed")
    early = penalty.claimed(owed, deadline, None, deadline - timedelta(seconds=1))
    assert early == Credit("unasked", Decimal("0.00"))
    assert penalty.claimed(owed, deadline, None, now) == Credit("lapsed", Decimal("0.00"))
    assert penalty.claimed(owed, deadline, deadline, now) == Credit("late", Decimal("0.00"))
    assert penalty.claim_by(november, EC2) is None


def test_without_steps_nothing_is_owed_and_without_service_time_nobody_knows():
    empty = penalty.availability((0, 0), [], [], Rules())

    assert penalty.credit(_found(MONTH_S), Charge(FEE), _credits()).outcome == "none"
    assert penalty.credit(empty, Charge(FEE), EC2).outcome == "unknown"


STEPS = ((95.0, 5.0), (90.0, 10.0), (80.0, 25.0))


@pytest.mark.parametrize(("met", "rate"), [(95, 0), (94, 5), (90, 5), (89, 10), (80, 10), (79, 25), (0, 25)])
def test_requests_have_the_same_ladder_over_the_share_of_clocks_that_were_met(met, rate):
    kept = penalty.clock_share([(met, 100)], sample=20)

    given = penalty.credit_of_clocks(kept, Charge(Decimal("200.10")), Terms(penalties=STEPS, cap=20))

    assert given.rate == rate
    assert given.sum == {0: 0, 5: Decimal("10.01"), 10: Decimal("20.01"), 25: Decimal("40.02")}[rate]


def test_a_month_with_too_few_clocks_goes_over_to_the_next():
    assert penalty.clock_share([(9, 19)], sample=20) is None
    assert penalty.clock_share([(9, 19), (1, 1)], sample=20) == penalty.Ratio(10, 20)
    assert penalty.clock_share([(0, 20), (20, 20)], sample=20) == penalty.Ratio(20, 20)
    assert penalty.credit_of_clocks(None, Charge(FEE), Terms(penalties=STEPS)).outcome == "unknown"
    assert penalty.credit_of_clocks(penalty.Ratio(1, 20), Charge(FEE), Terms()).outcome == "none"


@pytest.mark.parametrize(
    ("down_s", "promised", "outcome"),
    [(0, 99.95, "kept"), (_at("99.95"), 99.95, "kept"), (30 * MIN, 99.95, "mild"), (_at("99.9") + HAIR, 99.95, "owed"),
     (_at("99.9") + HAIR, 99.5, "owed"), (30 * MIN, None, "kept")],
)  # fmt: skip
def test_a_promise_is_kept_by_its_percent_and_not_by_what_the_ladder_has_steps_for(down_s, promised, outcome):
    given = penalty.credit(_found(down_s), Charge(FEE), HOST, promised)

    assert (given.outcome, given.sum > 0) == (outcome, outcome == "owed")


@pytest.mark.parametrize(("met", "outcome"), [(95, "kept"), (93, "mild"), (90, "mild"), (89, "owed")])
def test_the_promise_about_clocks_is_kept_by_its_share_alone(met, outcome):
    terms = Terms(share=95, penalties=((90.0, 5.0),))

    assert penalty.credit_of_clocks(penalty.Ratio(met, 100), Charge(FEE), terms).outcome == outcome
