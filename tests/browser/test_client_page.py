"""The client's open page with the real live stream: what an agent does is on it without a word from the client."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from otklik.desk import routing
from otklik.journeys import saying
from otklik.promises import tracking
from tests import make
from tests.browsing import profile, sign_in

pytestmark = pytest.mark.browser


def test_what_an_agent_says_is_on_the_open_page_of_the_client_within_seconds(running, page):
    anya, now = make.agent("Аня Орлова"), timezone.now()
    ticket = make.ticket("Списали дважды", at=now)
    path = make.page(ticket, at=now)
    with page.expect_response(lambda answer: "/live" in answer.url):
        page.goto(running.url + path)
    page.evaluate("window.sameDocument = true")

    routing.take(ticket, by=anya, at=timezone.now())
    saying.now(ticket, "Аня ищет вторую оплату", by=anya, at=timezone.now())

    expect(page.locator("#standing")).to_contain_text("Аня ищет вторую оплату", timeout=10_000)
    expect(page.locator("#standing")).to_contain_text("Аня взяла запрос")
    assert page.evaluate("window.sameDocument") is True


def test_a_moved_promise_is_on_the_open_page_and_its_letter_in_the_composer(browser, running, page):
    """The agent moves it in the dialog; the client's page says so by itself, with the former time and the reason."""
    anya, now = make.agent("Аня Орлова"), timezone.now()
    ticket = routing.take(make.ticket("Пришлите акт", at=now), by=anya, at=now)
    tracking.note(ticket, "Пришлём акт за октябрь", due_at=now + timedelta(hours=1), by=anya, at=now)
    context = profile(browser)
    try:
        client = context.new_page()
        with client.expect_response(lambda answer: "/live" in answer.url):
            client.goto(running.url + make.page(ticket, at=now))
        expect(client.locator("#promised")).to_contain_text("Пришлём акт за октябрь")
        client.evaluate("window.sameDocument = true")

        move_in_dialog(page, running, anya, ticket)

        promised = client.locator("#promised")
        expect(promised).to_contain_text("раньше обещали", timeout=10_000)
        expect(promised).to_contain_text("ждём ответа банка")
        assert client.evaluate("window.sameDocument") is True
    finally:
        context.close()


def move_in_dialog(page, running, anya, ticket):
    sign_in(page, running.url, anya.email, make.PASSWORD)
    page.goto(f"{running.url}/desk/{ticket.number}/")
    page.locator("html[data-ready]").wait_for()
    page.get_by_label("Текст ответа").fill("Добрый день!")
    page.locator("#promises").get_by_text("Перенести…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("К какому времени сделаем").fill(
        timezone.localtime(timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    )
    dialog.get_by_label("Почему не успеваем").fill("ждём ответа банка")
    dialog.get_by_role("button", name="Перенести обещание").click()
    expect(dialog).to_be_hidden()
    text = page.get_by_label("Текст ответа")
    expect(text).to_have_value(re.compile(r"^Мы обещали: «Пришлём акт за октябрь».+Добрый день!$", re.DOTALL))
