"""The client's open page with the real live stream: what an agent does is on it without a word from the client."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from otklik.desk import routing
from otklik.journeys import saying
from tests import make

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
