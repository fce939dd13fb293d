"""The terms of an agreement in words."""

from dataclasses import replace

import pytest

from otklik.sla import hours_said, wording
from tests.sla import tiers

DAY = 8 * 3600


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u2009", " ").replace("\u202f", " ")


def test_a_change_names_what_was_and_what_becomes_and_nothing_else():
    before = tiers.terms(margin=10, payment={"fee": 12_500.0, "per": "month"})
    after = replace(before, margin=0, payment={"fee": 12_500.5, "per": "year"}, levels={1: {"high": DAY}})

    found = [(one.label, plain(one.was), plain(one.becomes)) for one in wording.changes(before, after, DAY)]

    assert found == [
        ("Уровень 1, важность высокая", "", "1 рабочий день по 8 ч"),
        ("Плата", "12 500 ₽ в месяц", "12 500,50 ₽ в год"),
        ("Запас в том, что слышит клиент", "10 %", ""),
    ]
    assert wording.changes(before, before, DAY) == []


def test_slips_are_told_and_good_terms_are_not():
    levels = {1: {"high": 80_000}, 2: {"high": 80_000}}
    news = {"response": {"low": 7200}, "news": {"low": 3600}}
    odd = tiers.terms(levels=levels, penalties=((95.0, 5.0),))

    assert [one.split(":")[0] for one in wording.warnings(odd)] == [
        "Уровни вместе получают больше времени, чем мы обещаем на решение",
        "Скидки считаем от платы, а плата не указана.",
    ]
    assert wording.warnings(tiers.terms(targets=news)) == [
        "Новость мы обещаем раньше первого ответа: низкая."
    ]
    assert wording.warnings(tiers.terms()) == []


def test_every_promised_time_stands_in_its_table_under_its_priority():
    rows = wording.targets(tiers.terms(targets={"response": {"urgent": 900, "low": 7200}}), DAY)

    assert [(name, [(head, plain(time)) for head, time in times]) for name, times in rows] == [
        ("Первый ответ", [("срочно", "15 мин"), ("высокая", "—"), ("обычная", "—"), ("низкая", "2 ч")])
    ]


@pytest.mark.parametrize(
    ("value", "said"), [(99.95, "99,95 %"), (90.0, "90 %"), (100.0, "100 %"), (0.0, "0 %")]
)
def test_a_share_has_as_many_digits_as_it_needs(value, said):
    assert plain(wording.percent(value)) == said


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"always": True}, "круглосуточно"), ({}, ""),
        ({"week": {"mon": [["09:00", "18:00"]], "tue": [["09:00", "18:00"]]}}, "пн, вт, 9:00–18:00"),
        ({"week": {"mon": [["09:00", "13:00"], ["14:00", "18:00"]], "sat": [["10:00", "14:00"]]}},
         "пн, 9:00–13:00, 14:00–18:00; сб, 10:00–14:00"),
        ({"week": {day: [["22:00", "06:00"]] for day in ("fri", "sat", "sun")}}, "пт–вс, 22:00–6:00"),
    ],
)  # fmt: skip
def test_the_hours_of_a_calendar_are_said_in_a_line(spec, said):
    assert hours_said.brief({"tz": "UTC", **spec}) == said
