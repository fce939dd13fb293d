"""Dates and terms as people say them: what is due when, and what is no term at all."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from otklik.russian import spoken
from otklik.russian.text import tokens

NOON = datetime.fromisoformat("2026-11-25T12:00:00+03:00")  # a Wednesday
TABLE = Path(__file__).with_name("spoken_due.txt").read_text(encoding="utf-8").splitlines()[1:]


def _only(said: str, now: datetime = NOON) -> spoken.Term:
    found = spoken.terms(said, now)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(("said", "due"), [line.split(" | ") for line in TABLE])
def test_a_term_is_due_when_people_mean_it(said, due):
    found = _only(f"Ответим {said}.")

    assert found.due == datetime.fromisoformat(f"{due}+03:00")
    assert f"Ответим {said}."[found.start : found.end] in said


@pytest.mark.parametrize(
    ("now", "said", "due"),
    [
        ("2026-11-27T18:40:00+03:00", "через 1 рабочий день", "2026-11-30T23:59:59+03:00"),
        ("2026-11-27T18:40:00+03:00", "в пятницу", "2026-12-04T23:59:59+03:00"),
        ("2026-11-27T18:40:00+03:00", "до конца недели", "2026-11-29T23:59:59+03:00"),
        ("2026-11-27T18:40:00+03:00", "к 10 утра", "2026-11-28T10:00:00+03:00"),
        ("2026-11-28T10:00:00+03:00", "в течение двух рабочих дней", "2026-12-01T23:59:59+03:00"),
        ("2026-12-31T23:30:00+03:00", "через час", "2027-01-01T00:30:00+03:00"),
        ("2026-12-31T12:00:00+03:00", "до конца года", "2026-12-31T23:59:59+03:00"),
        ("2026-12-31T12:00:00+03:00", "15 января", "2027-01-15T23:59:59+03:00"),
        ("2027-01-31T12:00:00+03:00", "через месяц", "2027-02-28T12:00:00+03:00"),
        ("2028-02-28T12:00:00+03:00", "завтра", "2028-02-29T23:59:59+03:00"),
        ("2028-02-10T12:00:00+03:00", "до конца месяца", "2028-02-29T23:59:59+03:00"),
        ("2028-02-29T12:00:00+03:00", "через год", "2029-02-28T12:00:00+03:00"),
        ("2026-11-25T09:00:00+10:00", "до 18:00", "2026-11-25T18:00:00+10:00"),
        ("2026-11-25T09:00:00-03:00", "сегодня", "2026-11-25T23:59:59-03:00"),
        ("2026-11-25T23:30:00+05:00", "утром", "2026-11-26T12:00:00+05:00"),
        ("2026-11-25T08:00:00+05:00", "утром", "2026-11-25T12:00:00+05:00"),
        ("2026-11-25T17:00:00+03:00", "в восемь", "2026-11-25T20:00:00+03:00"),
        ("2026-11-25T16:00:00+03:00", "сегодня ночью", "2026-11-26T06:00:00+03:00"),
        ("2026-11-30T12:00:00+03:00", "до 31 числа", "2026-12-31T23:59:59+03:00"),
        ("2026-11-26T12:00:00+03:00", "к 25-му", "2026-12-25T23:59:59+03:00"),
        ("2026-11-23T12:00:00+03:00", "в следующую среду", "2026-12-02T23:59:59+03:00"),
        ("2026-11-23T12:00:00+03:00", "в ближайшую среду", "2026-11-25T23:59:59+03:00"),
    ],
)
def test_a_term_counts_from_the_moment_and_the_zone_of_the_speaker(now, said, due):
    assert _only(said, datetime.fromisoformat(now)).due == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    "said",
    [
        "до 12 рублей",
        "в 5 отделениях",
        "к 12 клиентам",
        "до 18 лет",
        "раз в час",
        "раз в неделю",
        "по вторникам",
        "каждую пятницу",
        "до 10 %",
        "в 1С 8.3.24",
        "от 5 до 10 человек",
        "с 5 до 10 рублей",
        "в 2 раза",
        "31 ноября",
        "к 3 из 10 заказов",
        "через сайт",
        "за деньги",
        "в течение",
        "в прошлую среду",
        "10–14 лет",
        "пункт 5.12",
        "версия 8.11",
    ],
)
def test_what_only_looks_like_a_term_is_left_in_peace(said):
    assert [one for one in spoken.terms(said, NOON) if one.due] == []


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("от 12 октября", "of"),
        ("за октябрь", "of"),
        ("с 1 декабря", "from"),
        ("на пятницу", "onto"),
        ("на следующей неделе", "at"),
        ("к пятнице", "by"),
        ("через час", "in"),
        ("за час", "within"),
        ("за час до приезда", "event"),
        ("через 2 дня после оплаты", "event"),
        ("в ближайшее время", "vague"),
        ("в ближайшие дни", "vague"),
        ("скоро", "vague"),
        ("с 10 до 14", "window"),
        ("после выходных", "after"),
    ],
)
def test_a_term_says_how_it_is_tied_to_the_deed(said, role):
    found = _only(f"Решим {said}.")

    assert found.role == role
    assert (found.due is None) == (role in {"vague", "event", "after"})


def test_a_day_said_before_holds_for_the_clock_time_after_it():
    day, clock = spoken.terms("Завтра мастер позвонит вам до 18:00.", NOON)

    assert day.due == clock.due == datetime.fromisoformat("2026-11-26T18:00:00+03:00")


def test_two_terms_of_one_sentence_stay_apart():
    found = spoken.terms("Вернём деньги за октябрь до 5 декабря, а напишем сегодня до 18:00.", NOON)

    assert [one.role for one in found] == ["of", "by", "by"]


def test_working_days_follow_the_calendar_that_is_handed_in():
    works = spoken.working_days({date(2026, 11, 26)}, days_on={date(2026, 11, 28)})

    found = spoken.terms("в течение двух рабочих дней", NOON, works)[0]

    assert found.due == datetime.fromisoformat("2026-11-28T23:59:59+03:00")


def test_a_calendar_without_working_days_gives_no_moment():
    assert spoken.terms("через 3 рабочих дня", NOON, lambda _: False)[0].due is None


def test_an_hour_is_an_hour_where_the_clock_is_turned():
    now = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))  # the hour that comes twice

    due = spoken.terms("через час", now)[0].due

    assert due is not None
    assert due.timestamp() - now.timestamp() == 3600


def test_without_a_clock_terms_are_found_but_not_due():
    assert [one.due for one in spoken.terms("Напишу завтра до 12.", None)] == [None]


@pytest.mark.parametrize(
    "said", ["через 9000 лет", "до 31.12.9999", "в течение 9999 месяцев", "в 10 " * 5000, "с " * 9000]
)
def test_no_text_is_too_strange(said):
    spoken.terms(said, NOON)


def test_places_are_offsets_of_the_text_the_tokens_came_from():
    text = "Мастер\u00a0приедет завтра\u00a0— с\u00a010\u00a0до\u00a014."

    found = spoken.terms(tokens(text), NOON)

    assert [text[one.start : one.end] for one in found][-1].endswith("с\u00a010\u00a0до\u00a014")
