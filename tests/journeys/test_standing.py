"""The sentences at the top of the client's page: true in every state, without guessing gender."""

from dataclasses import replace
from datetime import timedelta

import pytest

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.journeys import standing
from otklik.journeys.models import NowLine
from otklik.journeys.standing import Facts
from otklik.promises.models import NextNews
from otklik.staff.models import Team
from tests.make import HOUR, NOON

OWNER = User(name="Анна Орлова", email="anna@primer.example")


def facts(state: str = "open", owner: User | None = OWNER, **more: object) -> Facts:
    fields = {
        "last_by": "client",
        "unread": False,
        **{k: v for k, v in more.items() if k in {"last_by", "unread"}},
    }
    ticket = Ticket(number=7, state=state, owner=owner, team=Team(name="Помощь"), created_at=NOON, **fields)
    whole = Facts(ticket, "f", None, None, None, None, NOON)
    return replace(whole, **{k: v for k, v in more.items() if k not in fields})  # type: ignore[arg-type]  # Facts' own


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("given", "now"),
    [
        (facts("new", None), "Ваш запрос у нас, выбираем, кто им займётся"),
        (facts(unread=True), "Ваше сообщение у нас, его прочтёт Анна"),
        (facts(), "Анна читает ваше сообщение и готовит ответ"),
        (facts(last_by="agent"), "Анна занимается вашим запросом"),
        (facts("waiting_client"), "Ждём вашего ответа"),
        (facts("waiting_other"), "Анна ждёт ответа тех, от кого зависит решение"),
        (facts("waiting_other", None), "Команда «Помощь» ждёт ответа тех, от кого зависит решение"),
        (facts("solved", ended_at=NOON), "Запрос решён сегодня"),
        (facts("closed", ended_at=NOON - timedelta(days=7)), "Запрос закрыт 13 ноября"),
        (facts("spam"), "Запрос закрыт"),
        (facts(line=NowLine(words="проверяю счёт", at=NOON)), "Проверяю счёт"),
        (facts("waiting_client", line=NowLine(words="проверяю счёт", at=NOON)), "Ждём вашего ответа"),
        (
            facts("solved", line=NowLine(words="проверяю счёт", at=NOON), ended_at=NOON),
            "Запрос решён сегодня",
        ),
    ],
)
def test_now_is_said_in_every_state(given, now):
    assert plain(standing.answer(given).now) == now


def news(hours: float, former: float | None = None) -> NextNews:
    replaces = NextNews(due_at=NOON + former * HOUR) if former is not None else None
    return NextNews(due_at=NOON + hours * HOUR, made_at=NOON - HOUR, replaces=replaces)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (facts(news=news(2.5)), "сегодня до 14:30, письмом"),
        (facts(news=news(24)), "завтра до 12:00, письмом"),
        (facts(news=news(4, former=-1)), "сегодня до 16:00, письмом. Раньше обещали: сегодня до 11:00"),
        (facts(), "время назовём в первом ответе"),
        (facts("waiting_client"), "как только вы ответите"),
        (facts("waiting_client", news=news(24)), "завтра до 12:00, письмом"),
        (facts("solved", news=news(1)), ""),
    ],
)
def test_the_next_news_is_told_with_its_time(given, said):
    answer = standing.answer(given)

    assert plain(answer.news + answer.news_more) == said
    assert not answer.is_late


def test_a_time_that_has_passed_is_said_as_it_is():
    answer = standing.answer(facts(news=news(-1)))

    assert answer.is_late
    assert plain(answer.news) == "Обещали написать сегодня до 11:00 и не успели, простите."
    assert "Анна видит, что срок прошёл" in answer.news_more


@pytest.mark.parametrize(
    ("speech", "taken", "label"),
    [
        ("f", "Анна взяла запрос", "Написать Анне"),
        ("m", "Анна взял запрос", "Написать Анне"),
        ("", "Запрос ведёт Анна", "Ваше сообщение"),
    ],
)
def test_the_gender_is_that_of_the_profile_and_never_guessed(speech, taken, label):
    given = replace(facts(), speech=speech)

    assert standing.taken(given.ticket, speech) == taken
    assert standing.answer(given).write_to == label


def test_what_we_need_is_asked_only_when_we_wait_for_the_client():
    assert "Ответьте на наше сообщение" in standing.answer(facts("waiting_client", asked_at=NOON)).needed
    assert standing.answer(facts("open", asked_at=NOON)).needed == ""


def test_a_team_is_told_with_the_time_by_which_somebody_takes_the_request():
    answer = standing.answer(facts("new", None, news=news(2)))

    assert (answer.who, plain(answer.role)) == (
        "Команда «Помощь»",
        "Один из нас возьмёт запрос сегодня до 14:00",
    )
