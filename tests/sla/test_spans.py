"""Working time as people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.sla import spans
from otklik.sla.spans import BadSpan

DAY = 8 * 3600


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30 мин", 1800), ("30мин.", 1800), ("90 минут", 5400), ("1 минута", 60), ("4 ч", 14_400), ("4 часа", 14_400),
        ("1 ч 30 мин", 5400), ("1,5 часа", 5400), ("1.5 ч", 5400), ("2 рабочих часа", 7200),
        ("3 рабочих дня по 8 часов", 86_400), ("3 раб. дня", 86_400), ("3 дня по 9 ч", 97_200), ("1 день", DAY),
        ("0,5 дня", 14_400), ("1 рабочий день и 2 часа", DAY + 7200), ("3 working days of 8 hours", 86_400),
        ("30 min", 1800), ("2 hours", 7200), ("4\u00a0ч", 14_400), ("  4   Ч ", 14_400), ("", None), ("—", None),
        ("нет", None),
    ],
)  # fmt: skip
def test_a_span_is_read_as_people_write_it(text, seconds):
    assert spans.read(text, DAY) == seconds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("90", "«90 мин» или «90 ч»"), ("скоро", "Напишите так"), ("4 ч 30", "Напишите так"),
        ("30 мин 4 ч", "Напишите так"), ("-4 ч", "Напишите так"), ("4 ч; DROP TABLE", "Напишите так"),
        ("0 мин", "от 1 минуты"), ("99999 дней", "от 1 минуты"), ("1e9 ч", "Напишите так"), ("NaN ч", "Напишите так"),
        ("3 дня по 0 ч", "от 1 минуты"), ("\0", "Напишите так"), ("9" * 5000 + " ч", "Напишите так"),
        ("<script>", "Напишите так"), ("1 неделя", "Напишите так"), ("0,001 мин", "Напишите так"),
    ],
)  # fmt: skip
def test_what_is_no_span_is_told_how_to_be_written(text, words):
    with pytest.raises(BadSpan, match=words):
        spans.read(text, DAY)


@pytest.mark.parametrize(
    ("seconds", "short", "long"),
    [
        (1800, "30 мин", "30 мин"), (5400, "1 ч 30 мин", "1 ч 30 мин"),
        (DAY, "1 рабочий день", "1 рабочий день по 8 ч"),
        (3 * DAY, "3 рабочих дня", "3 рабочих дня по 8 ч"), (5 * DAY, "5 рабочих дней", "5 рабочих дней по 8 ч"),
        (2 * DAY + 3600, "17 ч", "17 ч"),
    ],
)  # fmt: skip
def test_a_span_is_said_in_days_only_where_they_are_whole(seconds, short, long):
    assert spans.said(seconds, DAY).replace("\u00a0", " ") == short
    assert spans.at_length(seconds, DAY).replace("\u00a0", " ") == long


def test_round_the_clock_there_are_no_working_days():
    assert spans.said(86_400, spans.WHOLE_DAY_S).replace("\u00a0", " ") == "24 ч"


@given(st.integers(1, 366 * 24 * 60), st.sampled_from([4, 8, 9, 12, 24]))
def test_what_is_said_is_read_back(minutes, hours):
    said = spans.at_length(minutes * 60, hours * 3600)

    assert spans.read(said, 7 * 3600) == minutes * 60


@pytest.mark.parametrize(
    ("spec", "hours"),
    [
        ({"always": True}, 24), ({"week": {"mon": [["09:00", "13:00"], ["14:00", "18:00"]]}}, 8),
        ({"week": {"mon": [["09:00", "18:00"]], "tue": [["09:00", "18:00"]], "sat": [["10:00", "14:00"]]}}, 9),
        ({"week": {"mon": [["22:00", "06:00"]]}}, 8), ({"week": {"mon": [["00:00", "24:00"]]}}, 24), ({"week": {}}, 8),
    ],
)  # fmt: skip
def test_the_usual_day_of_a_calendar_is_the_one_most_days_have(spec, hours):
    assert spans.usual_day({"tz": "UTC", **spec}) == hours * 3600
