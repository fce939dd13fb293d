"""«Клиент видит» on the card, and the line that an agent writes there."""

import pytest
from django.test import Client

from otklik.journal.models import Entry
from otklik.journeys import cards, saying
from otklik.journeys.models import NowLine
from tests import make
from tests.journeys.scene import scene
from tests.make import HOUR, NOON

pytestmark = pytest.mark.django_db


def test_the_card_shows_the_words_that_the_client_reads():
    it = scene()
    assert "слова по статусу" in cards.seen(it.anna, [it.ticket.pk])[it.ticket.pk]

    saying.now(it.ticket, "Анна проверяет счёт", by=it.anna, at=it.now)

    card = cards.seen(it.anna, [it.ticket.pk])[it.ticket.pk]
    assert "Анна проверяет счёт" in card
    assert f"/r/preview/{it.ticket.number}/" in card


def test_a_new_line_ends_the_former_and_an_empty_one_takes_it_away():
    ticket, anna = make.ticket(), make.agent("Анна Орлова")
    saying.now(ticket, "Проверяю\n  счёт\0", by=anna, at=NOON)
    saying.now(ticket, "Готовлю возврат", by=anna, at=NOON + HOUR)
    assert [line.words for line in NowLine.objects.order_by("pk")] == ["Проверяю счёт", "Готовлю возврат"]
    assert NowLine.objects.filter(ended_at=None).count() == 1

    assert saying.now(ticket, " ", by=anna, at=NOON + 2 * HOUR) is None
    assert not NowLine.objects.filter(ended_at=None).exists()


def test_saying_the_same_again_writes_nothing():
    ticket, anna = make.ticket(), make.agent("Анна Орлова")
    saying.now(ticket, "Проверяю счёт", by=anna, at=NOON)
    saying.now(ticket, "Проверяю счёт", by=anna, at=NOON + HOUR)

    assert NowLine.objects.count() == 1
    assert Entry.objects.filter(word="now.said", public=True).count() == 1


def test_a_line_that_is_too_long_is_refused():
    with pytest.raises(saying.TooLong, match="длиннее 200"):
        saying.now(make.ticket(), "ы" * 201, by=make.agent(), at=NOON)


def test_the_form_writes_the_line_and_the_client_reads_it():
    it, browser = scene(), Client()
    browser.force_login(it.anna)

    answer = browser.post(f"/r/now/{it.ticket.number}/", {"words": "Анна проверяет счёт"})

    assert answer.status_code == 302
    assert "Анна проверяет счёт" in it.html()


def test_the_form_refuses_too_much_and_keeps_it():
    it, browser = scene(), Client()
    browser.force_login(it.anna)

    answer = browser.post(f"/r/now/{it.ticket.number}/", {"words": "ы" * 201})

    assert answer.status_code == 422
    assert "ы" * 201 in answer.content.decode()
    assert not NowLine.objects.exists()


def test_a_colleague_of_another_team_says_nothing():
    it, browser = scene(), Client()
    browser.force_login(make.agent("Борис Котов", team=make.team("Серверы")))

    assert browser.post(f"/r/now/{it.ticket.number}/", {"words": "Чужое"}).status_code == 404
    assert not NowLine.objects.exists()
