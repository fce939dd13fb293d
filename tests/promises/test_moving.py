"""A promised time that cannot be kept: moved with a reason, and the word to the client stands in the composer."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from otklik.desk import drafting, routing
from otklik.desk.drafting import DraftWords
from otklik.desk.models import Draft
from otklik.promises import promising, tracking, wording
from otklik.promises.models import STANDING, NextNews, Promise
from otklik.promises.tracking import Pledge
from tests import make
from tests.make import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db
WORDS = "Позвоним завтра до 12:00."
SWAP = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "sheet-body"}


def typed(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def anya():
    return make.agent("Аня Орлова")


@pytest.fixture
def ticket(anya):
    return routing.take(make.ticket(), by=anya, at=NOON)


@pytest.fixture
def browser(anya):
    browser = Client()
    browser.force_login(anya)
    return browser


@pytest.fixture
def promise(ticket, anya):
    message = make.reply(ticket, WORDS, by=anya, at=timezone.now() - HOUR)
    with transaction.atomic():
        tracking.remember(message, [Pledge(0, WORDS, "мы", timezone.now() + HOUR)], by=anya, at=message.at)
    return Promise.objects.get()


def later():
    return timezone.now().replace(second=0, microsecond=0) + 2 * DAY


def test_a_moved_promise_keeps_its_reason_and_drafts_the_letter(browser, promise, ticket, anya):
    answer = browser.post(
        f"/promises/{promise.pk}/", {"due_at": typed(later()), "reason": "ждём ответа банка", "word": "on"}
    )

    assert answer.status_code == 302
    assert Promise.objects.get(ended_at=None).reason == "ждём ответа банка"
    text = Draft.objects.get(user=anya, ticket=ticket).text
    assert text.startswith("Мы обещали: «Позвоним завтра до 12:00».")
    assert "Ждём ответа банка. Сделаем это" in text


def test_without_a_reason_it_is_not_moved(browser, promise):
    answer = browser.post(f"/promises/{promise.pk}/", {"due_at": typed(later()), "reason": " "})
    assert answer.status_code == 422
    assert "клиент об этом спросит" in answer.content.decode()
    assert Promise.objects.get().ended_at is None


def test_no_letter_where_none_is_wanted(browser, promise):
    browser.post(f"/promises/{promise.pk}/", {"due_at": typed(later()), "reason": "ждём банк"})
    assert Promise.objects.filter(ended_at=None).exists()
    assert not Draft.objects.exists()


def test_what_was_typed_stays_below(browser, promise, ticket, anya):
    drafting.save(anya, ticket, Draft.Mode.REPLY, DraftWords("Мария, вот счёт."), at=timezone.now())
    browser.post(f"/promises/{promise.pk}/", {"due_at": typed(later()), "reason": "ждём банк", "word": "on"})
    assert Draft.objects.get().text.endswith("\n\nМария, вот счёт.")


def test_the_dialog_brings_the_composer_with_what_stands_in_it(browser, promise):
    answer = browser.post(
        f"/promises/{promise.pk}/",
        {"due_at": typed(later()), "reason": "ждём банк", "word": "on", "text": "Ещё не сохранено"},
        **SWAP,
    )
    assert answer.headers["HX-Retarget"] == "#composer"
    assert "otklik:close" in answer.headers["HX-Trigger"]
    assert "Мы обещали" in answer.content.decode()
    assert "Ещё не сохранено" in answer.content.decode()


def test_the_letter_of_a_moved_promise_promises_nothing_new(browser, promise, ticket, anya):
    due_at = later()
    browser.post(f"/promises/{promise.pk}/", {"due_at": typed(due_at), "reason": "ждём банк", "word": "on"})
    letter = make.reply(ticket, Draft.objects.get().text, by=anya, at=timezone.now())
    said = [
        Pledge(0, "Сделаем это послезавтра.", "мы", due_at),
        Pledge(1, "Пришлём акт.", "мы", due_at + HOUR),
    ]
    with transaction.atomic():
        assert tracking.remember(letter, said, by=anya, at=letter.at) == 1
    assert sorted(Promise.objects.filter(ended_at=None).values_list("action", flat=True)) == [
        WORDS,
        "Пришлём акт.",
    ]


def test_moved_news_drafts_what_is_being_done(browser, ticket, anya):
    with transaction.atomic():
        promising.open_many([(ticket.pk, timezone.now() + HOUR)], at=timezone.now())
    fields = {"due_at": typed(later()), "reason": "Проверяем счёт в банке.", "word": "on"}

    assert browser.post(f"/promises/news/{ticket.number}/", fields).status_code == 302

    assert NextNews.objects.get(STANDING).reason == "Проверяем счёт в банке."
    text = Draft.objects.get(user=anya).text
    assert re.fullmatch(r"Ответ ещё не готов\. Проверяем счёт в банке\. Напишем вам .+ до\s.+\.", text)


def test_what_was_said_by_telephone_is_noted(browser, ticket, anya):
    fields = {"action": " Пришлём акт\nза октябрь ", "due_at": typed(later())}

    assert browser.post(f"/promises/noted/{ticket.number}/", fields).status_code == 302

    noted = Promise.objects.get()
    assert (noted.action, noted.made_by, noted.message) == ("Пришлём акт за октябрь", anya, None)
    ticket.refresh_from_db()
    assert ticket.next_due_kind == "promise"


@pytest.mark.parametrize(
    "wrong", [{"action": ""}, {"due_at": ""}, {"due_at": "вчера"}, {"action": "я" * 301}]
)
def test_a_promise_without_words_or_time_is_not_noted(browser, ticket, wrong):
    fields = {"action": "Пришлём акт", "due_at": typed(later()), **wrong}
    assert browser.post(f"/promises/noted/{ticket.number}/", fields).status_code == 422
    assert not Promise.objects.exists()


def test_a_stranger_notes_nothing(ticket):
    stranger = Client()
    stranger.force_login(make.agent(team=make.team("Чужие")))
    fields = {"action": "Пришлём акт", "due_at": typed(later())}
    assert stranger.post(f"/promises/noted/{ticket.number}/", fields).status_code == 404
    assert not Promise.objects.exists()


def test_quotes_inside_quotes_are_the_other_ones():
    zone = timezone.get_default_timezone()
    said = wording.moved_promise("Отправим «Акт».", "", NOON + timedelta(days=3), now=NOON, tz=zone)
    assert said.startswith("Мы обещали: «Отправим „Акт“». К этому времени не успеем. Сделаем это")
