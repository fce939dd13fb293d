"""The menu of the composer in a browser: an answer with a promise of the next news."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from otklik.desk import routing
from otklik.desk.models import Message, Ticket
from otklik.journal.models import Entry
from otklik.sla import binding
from tests import make
from tests.browsing import sign_in

pytestmark = pytest.mark.browser


def test_an_answer_leaves_the_request_in_work_until_the_chosen_time(page, running):
    anya = make.agent()
    ticket = make.ticket(sender=make.identity("news@kvarts.example", "Клиент"), at=timezone.now())
    routing.take(ticket, by=anya, at=timezone.now())
    chosen = timezone.localtime(timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    sign_in(page, running.url, anya.email, make.PASSWORD)
    page.goto(f"{running.url}/desk/{ticket.number}/")
    page.locator("html[data-ready]").wait_for()
    page.get_by_label("Текст ответа").fill("Ищем причину.")

    page.locator(".split summary").click()
    news = page.locator("#news-reply")
    news.fill("2020-01-01T10:00")
    news.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("Время новости уже прошло")
    expect(page.get_by_label("Текст ответа")).to_have_value("Ищем причину.")
    page.locator(".split summary").click()
    page.locator("#news-reply").fill(chosen)
    page.get_by_role("button", name="Отправить и оставить в работе").click()

    expect(page.locator(".msg--ours")).to_contain_text("Ищем причину.")
    sent = Message.objects.get(ticket=ticket, direction="out")
    facts = Entry.objects.get(word="message.written", ticket=ticket).facts
    assert (facts["message"], facts["then"], facts["news_due_at"] is not None) == (sent.pk, "work", True)
    assert Ticket.objects.get(pk=ticket.pk).state == Ticket.State.OPEN


def test_the_due_time_in_the_head_opens_its_account_by_key_and_by_press(page, running):
    anya, at = make.agent(), timezone.now()
    ticket = make.ticket(sender=make.identity("why@kvarts.example", "Клиент"), at=at)
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=at + timedelta(hours=4), next_due_kind="answer")
    binding.bind_many([ticket.pk], by=None, at=at)
    sign_in(page, running.url, anya.email, make.PASSWORD)
    page.goto(f"{running.url}/desk/{ticket.number}/")
    page.locator("html[data-ready]").wait_for()
    account = page.get_by_role("dialog", name="Почему такой срок")

    page.keyboard.press("w")
    expect(account).to_contain_text("запрос пришёл")
    page.keyboard.press("Escape")
    expect(account).to_be_hidden()
    page.locator("#head .clock--chip").click()

    expect(account).to_contain_text("Соглашение «Обычный» обещает первый ответ")
