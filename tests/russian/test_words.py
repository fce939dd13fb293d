"""Spoken dates, plurals and typography: a table a rule."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from otklik import russian

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 20, 11, 5, tzinfo=UTC)  # Friday, 14:05 in Moscow


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "0 ответов"),
        (1, "1 ответ"),
        (2, "2 ответа"),
        (5, "5 ответов"),
        (11, "11 ответов"),
        (12, "12 ответов"),
        (21, "21 ответ"),
        (22, "22 ответа"),
        (111, "111 ответов"),
        (1001, "1001 ответ"),
        (12500, "12 500 ответов"),
    ],
)
def test_a_number_takes_its_form_of_the_word(n, said):
    assert plain(russian.plural(n, "ответ", "ответа", "ответов")) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (at(20, 14, 30), "сегодня, 14:30"),
        (at(19, 9, 5), "вчера, 9:05"),
        (at(21, 0, 0), "завтра, 0:00"),
        (at(23, 12), "23 ноября, пн, 12:00"),
        (at(21, 14, 30, year=2025), "21 ноября 2025 года, 14:30"),
    ],
)
def test_a_moment_is_said_by_its_nearness(moment, said):
    assert plain(russian.dates.when(moment, NOW, MOSCOW)) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (at(20, 18), "сегодня до 18:00"),
        (at(21, 12), "завтра до 12:00"),
        (at(23, 12), "в понедельник, 23 ноября, до 12:00"),
        (at(24, 9, 30), "во вторник, 24 ноября, до 9:30"),
        (at(11, 12, month=1, year=2027), "в понедельник, 11 января 2027 года, до 12:00"),
    ],
)
def test_a_due_time_is_told_with_its_day(moment, said):
    assert plain(russian.dates.by(moment, NOW, MOSCOW)) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (at(20, 9, 26), "9:26"),
        (at(19, 23), "вчера"),
        (at(18, 9), "18 ноября"),
        (at(1, 9, year=2025), "1.11.2025"),
    ],
)
def test_a_row_says_its_time_shortly(moment, said):
    assert plain(russian.dates.brief(moment, NOW, MOSCOW)) == said


def test_the_full_date_names_the_weekday():
    assert plain(russian.dates.full(at(20, 9, 40), MOSCOW)) == "20 ноября 2026, пятница, 9:40"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "только что"),
        (5, "5 мин назад"),
        (60, "1 ч назад"),
        (95, "1 ч 35 мин назад"),
        (4320, "3 дня назад"),
    ],
)
def test_an_age_is_said_in_the_largest_fitting_units(minutes, said):
    assert plain(russian.dates.age(NOW - timedelta(minutes=minutes), NOW)) == said


@pytest.mark.parametrize(
    ("text", "tied"),
    [
        ("Новых: 3 — показать", "Новых: 3~— показать"),
        ("№ 312 и 25 мин", "№~312 и~25~мин"),
        ("А. С. Пушкин", "А.~С.~Пушкин"),
        ("в 21 ноября", "в~21~ноября"),
    ],
)
def test_what_belongs_together_stays_on_one_line(text, tied):
    assert russian.tidy(text) == tied.replace("~", "\N{NO-BREAK SPACE}")
