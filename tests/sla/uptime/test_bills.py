"""Bills: fees and use of a period, less credits; what stands in the lines makes the total, to the kopeck (R-E9)."""

from datetime import date
from decimal import Decimal

import pytest

from otklik.sla import penalty
from otklik.sla.penalty import Credit, Part, Price
from tests.sla.uptime.values import these

ZONE = "Europe/Moscow"
NOVEMBER = penalty.window("month", date(2026, 11, 1), ZONE)
QUARTER = penalty.window("quarter", date(2026, 11, 1), ZONE)


def _price(**payment):
    return Price.of(payment)


@pytest.mark.parametrize(
    ("period", "payment", "since", "until", "lines"),
    [
        (NOVEMBER, {"fee": 12_000, "per": "month"}, (2020, 1, 1), (2030, 1, 1), [(1, 1, "12000.00")]),
        (NOVEMBER, {"fee": 1000, "per": "month"}, (2026, 11, 14), (2030, 1, 1), [(17, 30, "566.67")]),
        (NOVEMBER, {"fee": 1000, "per": "month"}, (2020, 1, 1), (2026, 11, 6), [(5, 30, "166.67")]),
        (QUARTER, {"fee": 99.99, "per": "month"}, (2020, 1, 1), (2030, 1, 1), [(3, 1, "299.97")]),
        (QUARTER, {"fee": 1000, "per": "month"}, (2026, 10, 31), (2030, 1, 1), [(1, 31, "32.26"), (2, 1, "2000.00")]),
        (NOVEMBER, {"fee": 36_500, "per": "year"}, (2020, 1, 1), (2030, 1, 1), [(30, 365, "3000.00")]),
        (NOVEMBER, {"fee": 9200, "per": "quarter"}, (2020, 1, 1), (2030, 1, 1), [(30, 92, "3000.00")]),
        (NOVEMBER, {"fee": 1000}, (2026, 12, 1), (2030, 1, 1), []),
    ],
)  # fmt: skip
def test_a_fee_is_due_for_the_days_that_were_agreed(period, payment, since, until, lines):
    found = penalty.charges(period, [Part(date(*since), date(*until), _price(**payment))])

    assert [(one.quantity, one.of, one.sum) for one in found] == [(n, of, Decimal(x)) for n, of, x in lines]


@pytest.mark.parametrize(
    ("payment", "used", "quantity", "total"),
    [
        ({"unit": 333.33}, "3", "3", "999.99"), ({"unit": 350, "included": 10}, "10", None, None),
        ({"unit": 350, "included": 10}, "12", "2", "700.00"),
        ({"unit": 1500, "by": "hour"}, "2.33", "2.33", "3495.00"), ({"unit": 0.005}, "1", "1", "0.01"),
    ],
)  # fmt: skip
def test_use_is_paid_beyond_what_the_fee_includes(payment, used, quantity, total):
    part = Part(NOVEMBER.first, NOVEMBER.behind, _price(**payment), Decimal(used))

    found = penalty.charges(NOVEMBER, [part])

    assert [(str(one.quantity), str(one.sum)) for one in found] == ([(quantity, total)] if quantity else [])
    assert all(one.what == payment.get("by", "request") for one in found)


def test_half_a_month_includes_half_of_the_requests_rounded_up():
    part = Part(date(2026, 11, 16), NOVEMBER.behind, _price(fee=300, unit=10, included=5), Decimal(4))

    fee, use = penalty.charges(NOVEMBER, [part])

    assert these(fee.sum, use.quantity, use.sum) == (Decimal("150.00"), 1, Decimal("10.00"))


def test_terms_that_change_within_a_month_are_paid_each_for_its_days():
    parts = [
        Part(date(2026, 11, 1), date(2026, 11, 11), _price(fee=1000)),
        Part(date(2026, 11, 11), date(2026, 12, 1), _price(fee=2000, unit=1.005), Decimal(3)),
    ]

    found = penalty.bill(NOVEMBER, penalty.charges(NOVEMBER, parts), {})

    assert [str(one.sum) for one in found.lines] == ["333.33", "1333.33", "3.02"]  # 3.015: half up
    assert found.total == sum(one.sum for one in found.lines) == Decimal("1669.68")


def test_credits_take_no_more_than_the_period_cost_and_the_rest_is_told():
    lines = penalty.charges(NOVEMBER, [Part(NOVEMBER.first, NOVEMBER.behind, _price(fee=100))])
    given: dict[penalty.Charged, Credit] = {
        "uptime": Credit("owed", Decimal("70.01")),
        "clocks": Credit("owed", Decimal("40.00")),
    }

    found = penalty.bill(NOVEMBER, lines, given)
    without = penalty.bill(NOVEMBER, lines, {"uptime": Credit("kept")})

    assert [(one.what, str(one.sum)) for one in found.lines[1:]] == [
        ("uptime", "-70.01"),
        ("clocks", "-29.99"),
    ]
    assert these(found.total, found.left, found.charged) == (0, Decimal("10.01"), 100)
    assert these(without.total, len(without.lines), without.left) == (100, 1, 0)
