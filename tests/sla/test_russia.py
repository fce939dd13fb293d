from datetime import date

import pytest

from otklik.sla import russia
from otklik.sla.worktime import BadCall, BadHours, Hours
from tests.sla.calendars import ALL_DAYS, OFFICE_WEEK, moscow

HOUR = 3600


def hours_of_day(hours: Hours, day: str) -> float:
    return hours.between(moscow(f"{day} 00:00"), moscow(f"{day} 23:59:59")) / HOUR


@pytest.mark.parametrize(
    ("year", "norm"),
    [
        (2020, 1979),
        (2021, 1972),
        (2022, 1973),
        (2023, 1973),
        (2024, 1979),
        (2025, 1972),
        (2026, 1972),
        (2027, 1972),
    ],
)
def test_a_year_of_9_to_18_with_an_hours_break_has_the_official_norm_of_hours(year, norm):
    hours = russia.hours(OFFICE_WEEK)

    assert hours.between(moscow(f"{year}-01-01 00:00"), moscow(f"{year + 1}-01-01 00:00")) == norm * HOUR
    assert russia.years()[year].hours40 == norm


@pytest.mark.parametrize("year", range(2020, 2028))
def test_a_year_has_the_official_number_of_working_days(year):
    days = russia.spec(OFFICE_WEEK, years=[year])
    worked = [
        date(year, 1, 1).fromordinal(n)
        for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    ]

    count = sum(
        day.isoformat() in days["days"] or (day.weekday() < 5 and day.isoformat() not in days["holidays"])
        for day in worked
    )
    assert count == russia.years()[year].working_days


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-01-09", 0),  # moved from 3 January
        ("2026-04-30", 7),  # the day before the holiday is shorter
        ("2026-05-01", 0),
        ("2026-05-02", 0),
        ("2026-05-12", 8),
        ("2024-04-27", 8),  # a Saturday worked for Monday the 29th
        ("2024-04-29", 0),
        ("2024-11-02", 7),  # a working Saturday that is shorter
        ("2025-11-01", 7),
        ("2027-02-20", 7),
        ("2020-04-01", 8),  # a day off by decree counts only when asked for
    ],
)
def test_a_day_has_its_official_hours(day, worked):
    assert hours_of_day(russia.hours(OFFICE_WEEK), day) == worked


def test_days_off_by_decree_count_when_asked_for():
    quiet = russia.hours(OFFICE_WEEK, decree_days=True)

    assert hours_of_day(quiet, "2020-04-01") == 0
    assert hours_of_day(quiet, "2020-04-30") == 0
    assert hours_of_day(quiet, "2020-06-11") == 7


def test_a_shortened_day_loses_its_last_hour_of_work():
    week = {
        "thu": [["09:00", "17:00"], ["18:00", "18:30"]],
        "wed": [["22:00", "06:00"]],
        "mon": [["20:00", "00:30"]],
    }

    days = russia.spec(week, years=[2024, 2026])["days"]

    assert days["2026-04-30"] == days["2026-06-11"] == [["09:00", "16:30"]]
    assert russia.spec({"wed": [["22:00", "06:00"]]}, years=[2023])["days"]["2023-02-22"] == [
        ["22:00", "05:00"]
    ]
    assert russia.spec({"fri": [["20:00", "00:30"]]}, years=[2026])["days"]["2026-05-08"] == [
        ["20:00", "23:30"]
    ]


def test_a_desk_that_works_on_saturdays_anyway_keeps_its_saturday_hours():
    week = {**OFFICE_WEEK, "sat": [["10:00", "15:00"]]}

    assert hours_of_day(russia.hours(week), "2024-04-27") == 5
    assert hours_of_day(russia.hours(week), "2024-11-02") == 4


def test_only_the_wanted_years_are_in_the_calendar():
    spec = russia.spec(OFFICE_WEEK, "Asia/Omsk", [2026])

    assert spec["tz"] == "Asia/Omsk"
    assert {day[:4] for day in [*spec["holidays"], *spec["days"]]} == {"2026"}
    assert Hours.from_dict(spec) == russia.hours(OFFICE_WEEK, "Asia/Omsk", [2026])


def test_a_year_that_is_not_published_is_refused_by_name():
    with pytest.raises(BadCall, match="2031 здесь нет, есть 2020–2027"):
        russia.hours(OFFICE_WEEK, years=[2026, 2031])


def test_a_bad_week_is_refused_with_its_faults():
    with pytest.raises(BadHours, match=r"week\.someday"):
        russia.hours({"someday": []})


def test_each_year_tells_its_source_and_whether_it_is_approved():
    years = russia.years()

    assert russia.version() == "2026-11-21"
    assert {year for year, block in years.items() if block.status == "предварительный"} == {2027}
    assert all(block.source for block in years.values())


def test_the_data_does_not_contradict_itself():
    for number, year in russia.years().items():
        listed = [*year.days_off, *year.working_weekends, *year.shortened, *year.decree_days_off]
        assert {day.year for day in listed} == {number}
        assert all(day.weekday() >= 5 for day in year.working_weekends)
        assert set(year.working_weekends) <= set(year.moved.values())
        assert set(year.moved) <= {*year.days_off, *_weekday_transfers(year)}
        assert not {*year.shortened, *year.working_weekends} & set(year.days_off)


def _weekday_transfers(year):
    return [free for free in year.moved if free.weekday() < 5]


def test_a_desk_round_the_clock_closes_on_holidays_only():
    hours = russia.hours({name: [["00:00", "24:00"]] for name in ALL_DAYS}, years=[2026])

    assert hours.between(moscow("2026-01-01 00:00"), moscow("2026-01-10 00:00")) == 0
    assert hours.between(moscow("2026-01-10 00:00"), moscow("2026-01-11 00:00")) == 24 * HOUR
