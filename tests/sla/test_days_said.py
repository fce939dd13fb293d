"""Why a day is free or has other hours, in words."""

from datetime import date, datetime

import pytest
from django.utils import translation

from otklik.sla import days_said, making
from otklik.sla.worktime import Hours
from tests.sla.calendars import MOSCOW, OFFICE_WEEK

OWN = {"2026-12-25": [], "2026-12-28": [["10:00", "12:00"]]}
MADE = {"tz": "Europe/Moscow", "week": OFFICE_WEEK, "country": "RU", "own": OWN}
HOURS = Hours.from_dict(making.spec(MADE))


def free(first, last):
    since, until = (datetime.fromisoformat(day).replace(tzinfo=MOSCOW) for day in (first, last))
    return [(one.since.day, one.words, one.is_part) for one in days_said.closed(since, until, HOURS, MADE)]


def test_neighbouring_days_of_one_reason_are_one():
    assert free("2026-06-11T19:00", "2026-06-15T00:00") == [
        (11, "вне рабочих часов", True), (12, "День России", False), (13, "выходные", False),
    ]  # fmt: skip
    assert free("2026-12-25", "2026-12-28") == [
        (25, "свой выходной компании", False),
        (26, "выходные", False),
    ]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-02", "новогодние каникулы"), ("2026-01-07", "Рождество"), ("2026-05-09", "День Победы"),
        ("2026-01-09", "выходной перенесли с 3\N{NO-BREAK SPACE}января"), ("2026-03-10", ""),
    ],
)  # fmt: skip
def test_a_russian_day_off_has_its_name(day, name):
    assert days_said.holiday(date.fromisoformat(day), "RU") == name


def test_another_countrys_day_off_is_named_where_its_name_is_known_in_the_language_of_the_page():
    assert (
        days_said.holiday(date(2026, 7, 3), "BY")
        == "День Независимости Республики Беларусь (День Республики)"
    )
    assert days_said.holiday(date(2026, 10, 3), "DE") == ""
    with translation.override("en"):
        assert days_said.holiday(date(2026, 10, 3), "DE") == "German Unity Day"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2027-02-20", "рабочий выходной: день перенесли"), ("2026-06-11", "сокращённый день"),
        ("2026-12-28", "свои часы на этот день"), ("2026-12-29", ""),
    ],
)  # fmt: skip
def test_a_working_day_with_other_hours_says_why(day, words):
    assert days_said.unusual(date.fromisoformat(day), HOURS, MADE) == words


def test_a_year_that_no_decree_has_settled_is_preliminary():
    assert [days_said.is_preliminary(year, MADE) for year in (2026, 2027)] == [False, True]
    assert not days_said.is_preliminary(2027, {**MADE, "country": "BY"})
