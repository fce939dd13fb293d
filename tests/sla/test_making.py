"""A calendar made of a week, a country's days off and days of its own."""

from datetime import date

import pytest

from otklik.sla import countries, making, russia
from otklik.sla.worktime import BadHours, Hours

WEEK = {key: [["09:00", "18:00"]] for key in ("mon", "tue", "wed", "thu", "fri")}
YEARS = range(2026, 2029)
OFFICE = {"tz": "Europe/Moscow", "week": WEEK, "country": "RU"}


def test_the_russian_one_is_the_production_calendar():
    assert making.spec(OFFICE) == russia.spec(WEEK)


def test_own_days_win_over_holidays_and_the_week():
    own = {"2027-01-04": [["10:00", "14:00"]], "2027-03-03": []}
    spec = making.spec({**OFFICE, "own": own})
    assert "2027-01-04" not in spec["holidays"]
    assert spec["days"]["2027-01-04"] == [["10:00", "14:00"]]
    assert "2027-03-03" in spec["holidays"]


def test_a_day_of_the_republic_is_closed_there():
    """A regional day off: «8 июня, Ураза-байрам» is a day of one's own."""
    spec = making.spec({**OFFICE, "own": {"2026-03-20": []}})
    noon = 1_773_997_200  # Friday 2026-03-20 12:00 in Moscow
    assert Hours.from_dict(spec).is_open(noon) is False
    assert Hours.from_dict(making.spec(OFFICE)).is_open(noon) is True


@pytest.mark.parametrize("country", [code for code in countries.CODES if code != "RU"])
def test_each_country_has_days_off(country):
    spec = making.spec({"tz": "Asia/Almaty", "week": WEEK, "country": country}, YEARS)
    assert len([day for day in spec["holidays"] if day.startswith("2026")]) >= 7
    assert Hours.from_dict(spec)


def test_a_saturday_that_is_worked_has_the_hours_of_the_day_before():
    found = countries.of("BY", YEARS)
    saturday = min(day for day in found.worked if day.weekday() == 5)
    spec = making.spec(
        {"tz": "Europe/Minsk", "week": {**WEEK, "fri": [["09:00", "17:00"]]}, "country": "BY"}, YEARS
    )
    assert spec["days"][saturday.isoformat()] == [["09:00", "17:00"]]


def test_an_unknown_country_is_refused():
    with pytest.raises(KeyError):
        making.spec({"tz": "UTC", "week": WEEK, "country": "XX"}, YEARS)


@pytest.mark.parametrize("own", [{"2026-02-30": []}, {"2026-01-01": [["25:00", "26:00"]]}, {"soon": []}])
def test_own_days_that_are_none_are_said(own):
    with pytest.raises(BadHours, match="own"):
        making.spec({**OFFICE, "own": own})


def test_round_the_clock_asks_nothing_else():
    assert making.spec({"tz": "UTC", "always": True, "country": "RU"}) == {"tz": "UTC", "always": True}


@pytest.mark.parametrize(
    "made", [OFFICE, {**OFFICE, "own": {"2026-12-30": [["09:00", "12:00"]], "2026-06-01": []}}]
)
def test_a_calendar_without_a_record_tells_what_it_was_made_of(made):
    found = making.from_spec(making.spec(made))
    assert making.spec(found) == making.spec(made)
    assert found["country"] == "RU"


def test_a_foreign_record_is_kept_as_days_of_its_own():
    spec = {"tz": "UTC", "week": WEEK, "holidays": ["2026-05-04"], "days": {}}
    found = making.from_spec(spec)
    assert (found["country"], found["own"]) == ("", {"2026-05-04": []})
    assert date.fromisoformat("2026-05-04").isoformat() in making.spec(found)["holidays"]
