"""Availability out of outages and planned work: three ways to count, windows that overlap and overrun (R-E2, R-E6)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.sla import penalty
from otklik.sla.penalty import Down, Rules, Work
from tests.sla.calendars import office
from tests.sla.uptime.values import these

MIN, H, DAY = 60, 3600, 86_400
MONTH = (0, 30 * DAY)  # 43,200 minutes
LONG_AGO = -60 * DAY
NOTICE = Decimal(24)


def _down(since, until, key="сбой", **rest):
    return Down(key, since, until, **{"monitor": since, **rest})


def _work(since, until, real=None, announced=LONG_AGO, key="работы"):
    return Work(key, announced, (since, until), real)


def _minutes(found, how):
    """How many minutes each cause has, of what is counted so."""
    told: dict[str, int] = {}
    for one in found.evidence:
        if one.how == how:
            told[one.why] = told.get(one.why, 0) + int(one.seconds) // MIN
    return told


@pytest.mark.parametrize(
    ("how", "percent", "base", "down"),
    [("out", "99.860", 42_960, 60), ("up", "99.861", 43_200, 60), ("down", "99.306", 43_200, 300)],
)
def test_a_month_with_planned_work_and_an_outage_counts_as_the_agreement_says(how, percent, base, down):
    downs, works = [_down(DAY, DAY + 60 * MIN)], [_work(9 * DAY, 9 * DAY + 240 * MIN)]

    found = penalty.availability(MONTH, downs, works, Rules(how, notice_h=NOTICE, planned_min=Decimal(240)))

    assert (found.told(), found.base_min, found.down_min) == (percent, base, down)
    assert found.percent == Decimal(100) * (base - down) / base or abs(
        found.percent - Decimal(100) * (base - down) / base
    ) < Decimal("1e-20")
    assert sum(one.seconds for one in found.evidence if one.how == "down") == found.down_s


@pytest.mark.parametrize(("early", "why"), [(0, "announced"), (1, "late_notice")])
def test_work_is_planned_only_when_it_was_announced_in_time(early, why):
    begin = 9 * DAY
    work = _work(begin, begin + 2 * H, announced=begin - 24 * H + early)

    found = penalty.availability(MONTH, [], [work], Rules(notice_h=NOTICE))

    assert [one.why for one in found.evidence] == [why]
    assert found.down_s == (2 * H if early else 0)


def test_what_runs_over_its_window_on_either_side_is_downtime():
    work = _work(9 * DAY, 9 * DAY + 2 * H, real=(9 * DAY - 10 * MIN, 9 * DAY + 3 * H))

    found = penalty.availability(MONTH, [], [work], Rules())

    assert (_minutes(found, "down"), _minutes(found, "planned")) == ({"overrun": 70}, {"announced": 120})
    assert found.base_min == 43_200 - 120


def test_work_that_took_less_than_its_window_leaves_the_rest_in_the_base():
    found = penalty.availability(
        MONTH, [], [_work(DAY, DAY + 4 * H, real=(DAY + H, DAY + 2 * H))], Rules("out")
    )

    assert these(found.planned_min, found.base_min, found.told()) == (60, 43_140, "100.000")


def test_planned_minutes_over_the_agreed_limit_are_downtime_the_latest_ones():
    works = [_work(DAY, DAY + 200 * MIN, key="первые"), _work(9 * DAY, 9 * DAY + 100 * MIN, key="вторые")]

    found = penalty.availability(MONTH, [], works, Rules(planned_min=Decimal(240)))

    assert these(found.planned_min, found.down_min) == (240, 60)
    over = next(one for one in found.evidence if one.why == "over_limit")
    assert (over.key, over.since, over.until) == ("вторые", 9 * DAY + 40 * MIN, 9 * DAY + 100 * MIN)


def test_overlapping_windows_and_outages_count_each_minute_once():
    works = [_work(DAY, DAY + 2 * H, key="а"), _work(DAY + H, DAY + 3 * H, key="б")]
    downs = [_down(DAY + 2 * H, DAY + 5 * H, "первый"), _down(DAY + 4 * H, DAY + 6 * H, "второй")]

    found = penalty.availability(MONTH, downs, works, Rules())

    assert these(found.planned_min, found.down_min) == (180, 180)
    assert _minutes(found, "not") == {"in_window": 60, "counted": 60}


def test_an_outage_that_began_before_the_month_and_still_goes_on_counts_inside_it():
    found = penalty.availability(MONTH, [_down(-DAY, None)], [], Rules())

    assert these(found.told(), found.down_min) == ("0.000", 43_200)
    assert penalty.availability(MONTH, [_down(31 * DAY, None)], [], Rules()).evidence == ()


@pytest.mark.parametrize(
    ("rules", "down", "why"),
    [
        (Rules(begins="monitor"), 50, {"workaround": 60}),
        (Rules(begins="report"), 40, {"before": 10, "workaround": 60}),
        (Rules(begins="accepted"), 20, {"before": 30, "workaround": 60}), (Rules(workaround_ends=False), 110, {}),
        (Rules(excluded=frozenset({"vendor"})), 0, {"excluded": 110}),
    ],
)  # fmt: skip
def test_downtime_begins_and_ends_where_the_agreement_says(rules, down, why):
    outage = _down(
        DAY, DAY + 110 * MIN, cause="vendor", report=DAY + 10 * MIN, accepted=DAY + 30 * MIN,
        workaround=DAY + 50 * MIN,
    )  # fmt: skip

    found = penalty.availability(MONTH, [outage], [], rules)

    assert (found.down_min, _minutes(found, "not")) == (down, why)


def test_what_the_monitor_missed_counts_from_the_report_and_what_nobody_told_of_does_not_count():
    missed = Down("сбой", DAY, DAY + H, report=DAY + 20 * MIN)

    by_monitor = penalty.availability(MONTH, [missed], [], Rules(begins="monitor"))
    untold = penalty.availability(MONTH, [_down(DAY, DAY + H)], [], Rules(begins="report"))

    assert these(by_monitor.down_min, untold.down_min, untold.evidence[0].why) == (40, 0, "untold")


def test_by_working_hours_the_night_costs_nothing():
    friday = datetime(
        2026, 11, 20, 14, 30, tzinfo=UTC
    )  # 17:30 in Moscow, half an hour before the end of work
    period = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
    rules = Rules(service=office())

    found = penalty.availability(period, [_down(friday, friday + timedelta(hours=20))], [], rules)
    closed = penalty.availability(
        period, [_down(friday + timedelta(hours=1), friday + timedelta(hours=3))], [], rules
    )

    assert found.down_min == 30
    assert these(closed.down_s, closed.evidence[0].why) == (0, "closed")
    assert found.base_min < 30 * 24 * 60 / 3


def test_a_period_without_service_time_has_no_percent():
    sunday = (datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 22, 12, tzinfo=UTC))
    found = penalty.availability(sunday, [_down(*sunday)], [], Rules(service=office()))

    assert (found.percent, found.told(), found.ratio.is_below(Decimal(100))) == (None, "", False)


def test_a_rounded_figure_never_hides_on_which_side_of_a_border_it_lies():
    a_hair = Decimal("0.00001")
    found = penalty.availability((0, 10_000_000), [_down(0, 10_000 + 1)], [], Rules())

    assert found.told() == "99.900"
    assert found.told(Decimal("99.9")) == "99.89999"
    assert penalty.Ratio(999, 1000).told(Decimal("99.9")) == "99.900"
    assert penalty.Ratio(999, 1000).is_below(Decimal("99.9") + a_hair)


def test_a_stretch_that_ends_before_it_begins_is_refused_and_so_are_mixed_instants():
    with pytest.raises(penalty.BadCall, match="кончается раньше"):
        penalty.availability(MONTH, [_down(H, 0)], [], Rules())
    with pytest.raises(penalty.BadCall, match="одинаково"):
        penalty.availability(MONTH, [_down(datetime(2026, 1, 1, tzinfo=UTC), None)], [], Rules())


SPANS = st.tuples(st.integers(-5, 60), st.integers(0, 30)).map(lambda pair: (pair[0], pair[0] + pair[1]))
WORKS = st.lists(st.tuples(SPANS, SPANS, st.booleans()), max_size=4)


@settings(max_examples=60, deadline=None)
@given(
    downs=st.lists(SPANS, max_size=4), works=WORKS, how=st.sampled_from(["out", "up", "down"]),
    limit=st.none() | st.integers(0, 40),
)  # fmt: skip
def test_each_minute_is_what_a_slow_count_by_the_minute_says(downs, works, how, limit):
    """Minutes 0 … 49, one by one: planned while the limit lasts, else down, else up."""
    allowed, every, broken = set(), set(), set()
    for (since, until), real, told in works:
        every |= set(range(*real))
        allowed |= set(range(*real)) & set(range(since, until)) if told and how != "down" else set()
    allowed = set(sorted(allowed & set(range(50)))[:limit])
    broken = ((every | {n for one in downs for n in range(*one)}) & set(range(50))) - allowed

    found = penalty.availability(
        (0, 50), [_down(one[0], one[1], f"с{n}") for n, one in enumerate(downs)],
        [
            _work(one[0], one[1], real, LONG_AGO if told else one[0] + 1, f"р{n}")
            for n, (one, real, told) in enumerate(works)
        ],
        Rules(how, planned_min=None if limit is None else Decimal(limit) / 60),
    )  # fmt: skip

    base = 50 - (len(allowed) if how == "out" else 0)
    assert these(found.down_s, found.planned_s, found.base_s) == (len(broken), len(allowed), base)
    assert sum(one.seconds for one in found.evidence if one.how == "down") == found.down_s


def test_windows_are_months_quarters_and_years_of_the_agreement_zone():
    march = penalty.window("month", date(2026, 3, 29), "Europe/Berlin")  # an hour is skipped in it
    quarter = penalty.window("quarter", date(2026, 11, 20), "Europe/Moscow")

    assert march.until - march.since == timedelta(days=31, hours=-1)
    assert (quarter.since, quarter.days, quarter.name) == (
        datetime(2026, 9, 30, 21, tzinfo=UTC),
        92,
        "2026-Q4",
    )
    assert (quarter.moved(1).name, quarter.moved(-4).name) == ("2027-Q1", "2025-Q4")
    assert penalty.window("year", date(2026, 2, 1), "Europe/Moscow").name == "2026"
    for name in ("2026-11", "2026-Q4", "2026"):
        assert penalty.named(name, "Europe/Moscow").name == name
    for wrong in ("2026-13", "2026-Q5", "26", "2026-1", "x", "2026-Qx", "2026-011"):
        with pytest.raises(ValueError, match=r".*"):
            penalty.named(wrong, "Europe/Moscow")
