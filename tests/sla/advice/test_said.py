"""The words of the advice, and the picture beside them."""

import math
import random

import pytest

from otklik.sla.advice import drawn, people, said, splitting, targets
from otklik.sla.advice.people import Crew
from otklik.sla.advice.staffing import Load
from otklik.sla.levels_drawn import RIGHT
from tests.sla.advice import histories
from tests.sla.advice.histories import H
from tests.sla.advice.levelled import way

DAY_S = 8 * H


def plain(words):
    return words.replace("\xa0", " ")


def told(advice, what="resolution", *, counts=True):
    return plain(" ".join(said.sentences(advice, what, counts=counts)))


@pytest.mark.parametrize(
    ("seconds", "day_s", "words"),
    [
        (1800, DAY_S, "30 рабочих минут"), (H, DAY_S, "1 рабочий час"), (2 * H, DAY_S, "2 рабочих часа"),
        (DAY_S, DAY_S, "1 рабочий день"), (5 * DAY_S, DAY_S, "5 рабочих дней"), (8 * H, 9 * H, "8 рабочих часов"),
        (2 * H, 24 * H, "2 часа"), (72 * H, 24 * H, "3 дня"), (900, 24 * H, "15 минут"),
    ],
)  # fmt: skip
def test_a_time_is_said_as_people_promise_it(seconds, day_s, words):
    assert plain(said.promised(seconds, day_s)) == words


def test_the_trap_is_named_where_the_ended_ones_lie_and_not_where_they_do_not():
    third_open = targets.advise(histories.made(1).cases, 90, DAY_S, 4 * H)
    all_ended = targets.advise([(n * 60, True) for n in range(1, 201)], 90, DAY_S)

    assert "Ловушка: если смотреть только на готовые случаи, выйдет" in told(third_open)
    assert "запросов ещё в работе" in told(third_open) or "запроса ещё в работе" in told(third_open)
    assert "Сейчас соглашение обещает 4 ч: за это время успели бы в" in told(third_open)
    assert "и ловушки здесь нет" in told(all_ended)
    young = told(targets.advise([(n * 60, True) for n in range(1, 201)] + [(60, False)] * 200, 90, DAY_S))
    assert "200 запросов ещё в работе" in young
    assert "открытые здесь молодые и почти ничего не меняют" in young
    assert "открытых мало" not in young
    assert "Сейчас это соглашение такого срока не обещает." in told(all_ended)


def test_where_the_end_of_the_slow_ones_is_unseen_no_time_is_advised_and_the_trap_is_still_named():
    lost = targets.advise([(n * 60, True) for n in range(1, 201)] + [(200 * 60, False)] * 200, 90, DAY_S)

    assert "самые долгие запросы ещё в работе" in said.headline(lost, "resolution", counts=True)
    assert "Ловушка" in told(lost)
    assert drawn.draw(lost).proposal is None


def test_numbers_of_cases_are_for_who_sees_all_and_others_read_hundreds():
    advice = targets.advise([(n * 60, True) for n in range(1, 251)], 90, DAY_S)

    assert plain(said.basis(advice, 250, 250, counts=True)) == "250 случаев за полгода"
    assert (
        plain(said.basis(advice, 900, 260, counts=True))
        == "250 случаев за полгода, по жребию из 900 запросов"
    )
    silent = plain(said.basis(advice, 253, 253, counts=True))
    assert silent == "250 случаев за полгода (запросов, по которым считать нечего: 3)"
    assert said.basis(advice, 900, 250, counts=False) == "не меньше 200 случаев за полгода"
    few = targets.advise([(60, True)], 90, DAY_S)
    assert said.basis(few, 1, 1, counts=False) == "меньше 100 случаев за полгода"
    assert "100" in said.headline(few, "response", counts=False)


def test_the_sum_of_levels_is_explained_and_a_level_that_must_hurry_is_named():
    chance = random.Random(3)
    ways = [way(chance) for _n in range(800)]

    words = plain(" ".join(said.sums(splitting.split(ways, 16 * H, 90, DAY_S), DAY_S)))

    assert "в 9 из 10 случаев, вместе за 2 рабочих дня по 8 ч успеем в" in words
    assert "больше обещанного. Это не ошибка: через все уровни идут" in words
    assert "уровню придётся работать быстрее" in words
    assert (said.sums(None, DAY_S), said.level_rows(None, DAY_S)) == ([], [])


def test_the_next_person_is_told_by_what_they_would_allow_to_promise():
    load = Load(18, 600)
    steps = people.crew(load, 4 * H, 90, DAY_S)
    crew = Crew(load, 1.5, 10, is_told=True, steps=steps)

    words, granted = said.crew(crew, 90, DAY_S, counts=True)
    rows = said.step_rows(crew, DAY_S)

    assert "Самый людный час — с 10 до 11: запросов 12. На каждый мы пишем ответов: 1,5" in plain(words)
    assert "Следующий шаг: с ещё одним человеком можно обещать 15 мин в 9 из 10 случаев." in plain(words)
    assert "30 % времени" in plain(granted)
    assert words.endswith(said.crew(crew, 90, DAY_S, counts=False)[0])
    assert "запросов" not in said.crew(crew, 90, DAY_S, counts=False)[0]
    assert [(one.people, one.look, one.hired) for one in rows][:2] == [(3, "bad", 5), (4, "ok", 6)]
    assert people.crew(Load(1e9, H), H, 90, DAY_S) == []


def test_bars_hold_all_cases_and_marks_stay_inside():
    for seed in range(3):
        for today in (None, 4 * H, 400 * H):
            picture = drawn.draw(targets.advise(histories.made(seed).cases, 90, DAY_S, today))
            tenth = next(one for one in picture.grid if plain(one.words) in {"5 %", "10 %", "20 %"})
            share = float(plain(tenth.words).split()[0])
            heights = math.fsum(bar.height for bar in picture.bars) + picture.rest[1]
            assert heights * share / (drawn.GROUND - tenth.at) == pytest.approx(100, abs=2.5)
            assert picture.is_today_beyond == (today == 400 * H)
            assert 0 < picture.proposal.at <= RIGHT
    assert drawn.draw(targets.advise([(60, True)] * 29, 90, DAY_S)) is None
    assert drawn.draw(targets.advise([(0, True)] * 200, 90, DAY_S)) is not None
