"""Dates, lengths and figures in the language of the page: Russian, and English beside it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from django.utils.translation import ngettext

from otklik.web import clocks, dates, figures
from tests.make import DAY, HOUR, MINUTE

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 20, 11, 5, tzinfo=UTC)  # Friday, 14:05 in Moscow


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def said(language: str, words, *args) -> str:
    with translation.override(language):
        return plain(words(*args))


def at(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("words", "moment", "russian", "english"),
    [
        (dates.when, at(20, 14, 30), "сегодня, 14:30", "today, 14:30"),
        (dates.when, at(19, 9, 5), "вчера, 9:05", "yesterday, 9:05"),
        (dates.when, at(23, 12), "23 ноября, пн, 12:00", "Mon, 23 November, 12:00"),
        (dates.when, at(21, 14, 30, year=2025), "21 ноября 2025 года, 14:30", "21 November 2025, 14:30"),
        (dates.by, at(20, 18), "сегодня до 18:00", "today by 18:00"),
        (dates.by, at(21, 12), "завтра до 12:00", "tomorrow by 12:00"),
        (dates.by, at(24, 9, 30), "во вторник, 24 ноября, до 9:30", "on Tuesday, 24 November, by 9:30"),
        (dates.brief, at(20, 9, 26), "9:26", "9:26"),
        (dates.brief, at(19, 23), "вчера", "yesterday"),
        (dates.brief, at(18, 9), "18 ноября", "18 Nov"),
        (dates.brief, at(1, 9, year=2025), "1.11.2025", "1 Nov 2025"),
    ],
)
def test_a_moment_is_said_in_both_languages(words, moment, russian, english):
    assert said("ru", words, moment, NOW, MOSCOW) == russian
    assert said("en", words, moment, NOW, MOSCOW) == english


@pytest.mark.parametrize(
    ("length", "russian", "english"),
    [
        (timedelta(seconds=9), "меньше минуты", "less than a minute"),
        (25 * MINUTE, "25 мин", "25 min"),
        (110 * MINUTE, "1 ч 50 мин", "1 h 50 min"),
        (DAY, "1 день", "1 day"),
        (21 * DAY, "21 день", "21 days"),
    ],
)
def test_a_length_is_said_in_both_languages(length, russian, english):
    assert (said("ru", dates.span, length), said("en", dates.span, length)) == (russian, english)


def test_days_full_dates_and_ages_have_an_english_twin():
    assert said("en", dates.full, at(20, 9, 40), MOSCOW) == "Friday, 20 November 2026, 9:40"
    assert said("en", dates.day, at(21, 0).date(), NOW.date()) == "tomorrow"
    assert said("en", dates.day_of_month, at(21, 0).date(), NOW.date()) == "21 November"
    assert said("ru", dates.day_of_month, at(21, 0).date(), NOW.date()) == "21 ноября"
    assert said("en", dates.age, NOW, NOW) == "just now"
    assert said("en", dates.age, NOW - 3 * DAY, NOW) == "3 days ago"


@pytest.mark.parametrize(
    ("left", "what", "when"),
    [
        (25 * MINUTE, "reply", "in 25 min"),
        (2 * HOUR, "reply", "in 2 h"),
        (DAY, "reply", "tomorrow, 14:05"),
        (-HOUR, "promised", "by 13:05"),
        (-DAY, "promised", "yesterday"),
    ],
)
def test_a_row_of_the_list_says_its_clock_in_english(left, what, when):
    with translation.override("en"):
        clock = clocks.running("answer", NOW + left, NOW - HOUR, now=NOW, tz=MOSCOW)

    assert (clock.what, plain(clock.when)) == (what, when)


@pytest.mark.parametrize(
    ("n", "russian", "english"),
    [
        (1, "1 письмо", "1 email"),
        (2, "2 письма", "2 emails"),
        (21, "21 письмо", "21 emails"),
        (12_500, "12 500 писем", "12,500 emails"),
    ],
)
def test_a_count_takes_the_form_and_the_figures_of_its_language(n, russian, english):
    def letters() -> str:
        return figures.counted(ngettext("%s письмо", "%s писем", n), n)

    assert (said("ru", letters), said("en", letters)) == (russian, english)


@pytest.mark.parametrize(
    ("value", "russian", "english"), [(1.5, "1,5", "1.5"), (2.04, "2", "2"), (10, "10", "10")]
)
def test_a_fraction_takes_the_sign_of_its_language(value, russian, english):
    assert (said("ru", figures.decimal, value), said("en", figures.decimal, value)) == (russian, english)
