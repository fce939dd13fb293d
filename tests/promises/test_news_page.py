"""«Следующая новость» on the card: shown, moved, promised; who may not."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from otklik.desk import routing
from otklik.desk.models import Ticket
from otklik.promises import cards, promising
from otklik.promises.models import NextNews
from tests import make
from tests.make import HOUR, NOON

pytestmark = pytest.mark.django_db


def typed(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def anna():
    return make.agent("Анна Орлова")


@pytest.fixture
def ticket(anna) -> Ticket:
    return routing.take(make.ticket(), by=anna, at=NOON)


@pytest.fixture
def browser(anna) -> Client:
    browser = Client()
    browser.force_login(anna)
    return browser


def promise(ticket: Ticket, due_at: datetime, at: datetime) -> None:
    with transaction.atomic():
        promising.open_many([(ticket.pk, due_at)], at=at)


def test_the_card_tells_the_promised_time_and_says_when_it_has_passed(anna, ticket):
    now = timezone.now()
    promise(ticket, now + HOUR, now)
    assert "Перенести" in cards.news(anna, [ticket.pk])[ticket.pk]

    NextNews.objects.update(made_at=now - 2 * HOUR, due_at=now - HOUR)
    assert "обещали" in cards.news(anna, [ticket.pk])[ticket.pk]


def test_the_card_of_many_takes_as_many_queries_as_of_one(anna, ticket, django_assert_num_queries):
    others = [make.ticket(f"Запрос {n}") for n in range(5)]
    with django_assert_num_queries(2):
        cards.news(anna, [ticket.pk])
    with django_assert_num_queries(2):
        assert len(cards.news(anna, [ticket.pk, *(one.pk for one in others)])) == 6


def test_moving_by_the_form_tells_the_client_the_new_time(browser, ticket):
    now = timezone.now()
    promise(ticket, now + HOUR, now)
    later = (now + timedelta(hours=5)).replace(second=0, microsecond=0)

    answer = browser.post(f"/promises/news/{ticket.number}/", {"due_at": typed(later)})

    standing = promising.standing(ticket.pk)
    assert answer.status_code == 302
    assert standing is not None
    assert standing.due_at == later


def test_news_can_be_promised_where_none_stands(browser, ticket):
    later = (timezone.now() + HOUR).replace(second=0, microsecond=0)

    browser.post(f"/promises/news/{ticket.number}/", {"due_at": typed(later)})

    assert NextNews.objects.get().due_at == later


@pytest.mark.parametrize(
    ("hours", "words"), [(-1, "уже прошло"), (24 * 400, "дальше года"), (None, "Не разобрали время")]
)
def test_a_time_out_of_reason_is_refused_with_words(browser, ticket, hours, words):
    due = typed(timezone.now() + timedelta(hours=hours)) if hours else "завтра\0"

    answer = browser.post(f"/promises/news/{ticket.number}/", {"due_at": due})

    assert answer.status_code == 422
    assert words in answer.content.decode().replace("\xa0", " ")
    assert not NextNews.objects.exists()


def test_in_the_dialog_the_form_comes_alone_and_the_deed_refreshes_the_desk(browser, ticket):
    swap = {"HTTP_HX_REQUEST": "true"}
    shown = browser.get(f"/promises/news/{ticket.number}/", **swap).content.decode()
    assert "<html" not in shown

    done = browser.post(f"/promises/news/{ticket.number}/", {"due_at": typed(timezone.now() + HOUR)}, **swap)
    assert done.status_code == 204
    assert "otklik:card" in done["HX-Trigger"]


def test_a_colleague_of_another_team_moves_nothing(ticket):
    browser = Client()
    browser.force_login(make.agent("Борис Котов", team=make.team("Серверы")))

    answer = browser.post(f"/promises/news/{ticket.number}/", {"due_at": typed(timezone.now() + HOUR)})

    assert answer.status_code == 404
    assert not NextNews.objects.exists()


def test_a_stranger_is_asked_to_sign_in(ticket):
    assert Client().get(f"/promises/news/{ticket.number}/")["Location"].startswith("/sign-in/")
