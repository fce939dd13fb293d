"""«Что мы обещали» and gifts on the client's page: what stands, what was kept, what was moved and why."""

from datetime import timedelta

import pytest
from django.db import transaction

from otklik.desk.models import Draft
from otklik.journeys import giving
from otklik.journeys.models import Gift
from otklik.promises import tracking
from otklik.promises.models import Promise
from otklik.promises.tracking import Pledge
from tests import make
from tests.journeys.scene import GLEB, scene

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def promised(it, words, due_at, to=None):
    message = it.answer(words, to) if to else it.answer(words)
    with transaction.atomic():
        tracking.remember(message, [Pledge(0, words, "мы", due_at)], by=it.anna, at=message.at)
    return Promise.objects.latest("pk")


def test_what_stands_is_told_with_its_time():
    it = scene()
    promised(it, "Пришлём акт.", it.now + 24 * HOUR)
    html = it.html()
    assert "Что мы обещали" in html
    assert html.count("Пришлём акт.") == 2  # in the talk and among the promises


def test_no_promises_no_heading():
    assert "Что мы обещали" not in scene().html()


def test_what_was_moved_says_its_former_time_and_why():
    it = scene()
    promise = promised(it, "Пришлём акт.", it.now + HOUR)
    tracking.move(promise, due_at=it.now + 48 * HOUR, reason="Ждём ответа банка", by=it.anna, at=it.now)
    html = it.html()
    assert "раньше обещали:" in html
    assert "Ждём ответа банка" in html
    assert html.split('id="promised"')[1].split("</section>")[0].count("Пришлём акт.") == 1


def test_kept_late_and_dropped():
    it = scene()
    tracking.keep(promised(it, "Проверим счёт.", it.now + HOUR), by=it.anna, at=it.now)
    promised(it, "Позвоним вам.", it.now - timedelta(minutes=10))
    tracking.drop(promised(it, "Поздравляем!", it.now + HOUR), by=it.anna, at=it.now)
    part = it.html().split('id="promised"')[1].split("</section>")[0]
    assert "сделали: сегодня" in part
    assert "и не успели, простите" in part
    assert part.index("Позвоним вам.") < part.index("Проверим счёт.")
    assert "Поздравляем!" not in part


def test_a_promise_in_a_letter_to_somebody_else_is_not_shown():
    it = scene()
    make.received("Я тоже", ticket=it.ticket, sender=make.identity(GLEB, "Глеб"))
    promised(it, "Глеб, позвоним вам.", it.now + HOUR, to=GLEB)
    assert "Глеб, позвоним вам." not in it.html()


def test_what_was_said_by_telephone_is_shown():
    it = scene()
    tracking.note(it.ticket, "Пришлём мастера", due_at=it.now + HOUR, by=it.anna, at=it.now)
    assert "Пришлём мастера" in it.html()


def test_an_open_page_is_told_when_a_promise_moves():
    it = scene()
    promise = promised(it, "Пришлём акт.", it.now + HOUR)
    mark = it.html().split('data-mark="')[1].split('"')[0]
    assert it.browser.get(f"{it.path}news/?mark={mark}").status_code == 204
    tracking.move(promise, due_at=it.now + 48 * HOUR, reason="Ждём", by=it.anna, at=it.now)
    assert it.browser.get(f"{it.path}news/?mark={mark}").status_code == 200


def test_a_gift_is_announced_once():
    it = scene()
    for _time in range(2):
        giving.give(it.ticket, " Месяц хостинга\nбесплатно ", by=it.anna, at=it.now)
    assert Gift.objects.get().words == "Месяц хостинга бесплатно"
    assert it.html().count("Месяц хостинга бесплатно") == 1


@pytest.mark.parametrize("words", ["", " \0 ", "я" * 201])
def test_a_gift_has_words(words):
    it = scene()
    with pytest.raises(giving.NoGift):
        giving.give(it.ticket, words, by=it.anna, at=it.now)
    assert not Gift.objects.exists()


def test_the_agent_gives_and_the_letter_is_drafted():
    it = scene()
    it.browser.force_login(it.anna)
    answer = it.browser.post(
        f"/r/gift/{it.ticket.number}/", {"words": "Месяц хостинга бесплатно", "word": "on"}
    )
    assert answer.status_code == 302
    assert (
        Draft.objects.get(user=it.anna, ticket=it.ticket).text
        == "Хотим вас порадовать. Наш подарок: месяц хостинга бесплатно."
    )
    assert it.browser.post(f"/r/gift/{it.ticket.number}/", {"words": ""}).status_code == 422


def test_a_stranger_gives_nothing():
    it = scene()
    it.browser.force_login(make.agent("Глеб", team=make.team("Чужие")))
    assert it.browser.post(f"/r/gift/{it.ticket.number}/", {"words": "Месяц"}).status_code == 404
    assert not Gift.objects.exists()
