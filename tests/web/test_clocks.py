"""The words of clocks: calm, soon in the last quarter, late with what was promised, paused while others move."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from otklik.web import clocks
from tests.make import DAY, HOUR, MINUTE, NOON

MOSCOW = ZoneInfo("Europe/Moscow")


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("kind", "left", "since", "mood", "what", "when"),
    [
        ("answer", 25 * MINUTE, HOUR, "calm", "ответить", "за 25 мин"),
        ("answer", 6 * MINUTE, HOUR, "soon", "ответить", "за 6 мин"),
        ("answer", 110 * MINUTE, HOUR, "calm", "ответить", "за 1 ч 50 мин"),
        ("answer", 5 * HOUR, HOUR, "calm", "ответить", "до 17:00"),
        ("news", 150 * MINUTE, HOUR, "calm", "новость", "до 14:30"),
        ("news", DAY, HOUR, "calm", "новость", "завтра, 12:00"),
        ("news", 3 * DAY, HOUR, "calm", "новость", "23 ноября"),
        ("answer", -35 * MINUTE, HOUR, "late", "обещали", "к 11:25"),
        ("news", -35 * MINUTE, HOUR, "late", "обещали", "к 11:25"),
        ("news", -DAY, 2 * DAY, "late", "обещали", "вчера"),
        ("answer", timedelta(), HOUR, "late", "обещали", "к 12:00"),
    ],
)
def test_a_row_says_what_falls_due_and_when(kind, left, since, mood, what, when):
    clock = clocks.running(kind, NOON + left, NOON - since, now=NOON, tz=MOSCOW)

    assert (clock.mood, clock.what, plain(clock.when)) == (mood, what, when)


def test_the_last_minute_is_now():
    clock = clocks.running("answer", NOON + MINUTE / 2, NOON - HOUR, now=NOON, tz=MOSCOW)

    assert (clock.what, clock.when) == ("ответить", "сейчас")


def test_a_late_chip_names_the_deed():
    late = clocks.running("news", NOON - HOUR, NOON - 2 * HOUR, now=NOON, tz=MOSCOW)

    assert plain(late.chip + late.rest) == "обещали к 11:00 — напишите новый срок"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("waiting_client", "ждём клиента"),
        ("waiting_other", "ждём других"),
        ("solved", "решён"),
        ("spam", "спам"),
    ],
)
def test_a_clock_that_stands_says_why(state, said):
    clock = clocks.stopped(state)

    assert clock is not None
    assert clock.chip == said


@pytest.mark.parametrize("state", ["new", "open"])
def test_open_work_without_a_due_time_has_no_clock(state):
    assert clocks.stopped(state) is None
