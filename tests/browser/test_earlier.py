"""A long talk in a browser: earlier words come above, the reader's place stays, new words take nothing away."""

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from otklik.desk import receiving
from tests import make
from tests.browsing import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def ticket(running):
    ticket = make.ticket("слово 0.", at=timezone.now(), sender=make.identity("long@kvarts.example", "Клиент"))
    said([f"слово {n}." for n in range(1, 230)], ticket)
    return ticket


def said(texts, ticket):
    batch = [make.arrival(text, ticket=ticket, sender=make.identity("long@kvarts.example")) for text in texts]
    with transaction.atomic():
        receiving.receive(batch, at=timezone.now())


def test_earlier_words_come_above_and_stay_when_something_new_comes(page, running, ticket):
    anya = make.agent()
    sign_in(page, running.url, anya.email, make.PASSWORD)
    page.goto(f"{running.url}/desk/{ticket.number}/")
    page.locator("html[data-ready]").wait_for()
    words = page.locator("#column article")
    oldest = page.locator("#column .older").first
    oldest.scroll_into_view_if_needed()
    place = oldest.bounding_box()["y"]
    name = oldest.get_attribute("id")

    page.locator("#earlier-link").click()
    expect(words).to_have_count(200)
    assert abs(page.locator(f"#{name}").bounding_box()["y"] - place) < 3
    expect(page.locator("#earlier-link")).to_be_focused()

    said(["ещё слово."], ticket)
    expect(words).to_have_count(201)
    assert abs(page.locator(f"#{name}").bounding_box()["y"] - place) < 3
    page.locator("#earlier-link").click()
    expect(words).to_have_count(231)
    expect(page.locator("#earlier-link")).to_have_count(0)

    said(["и последнее."], ticket)
    expect(words).to_have_count(232)
