"""Two colleagues at one request see each other; one alone sends nothing but «I am here»."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browsing import profile, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def anya(running):
    return make.agent()


@pytest.fixture(scope="module")
def boris(running):
    return make.agent("Борис Ким")


@pytest.fixture
def ticket(anya):
    return make.ticket(sender=make.identity("both@kvarts.example", "Клиент"), at=timezone.now())


def at_request(context, running, who, ticket):
    page = context.new_page()
    sign_in(page, running.url, who.email, make.PASSWORD)
    page.goto(f"{running.url}/desk/{ticket.number}/")
    page.locator("html[data-ready]").wait_for()
    return page


def test_colleagues_see_who_looks_who_writes_and_who_has_gone(browser, running, anya, boris, ticket):
    first, second = profile(browser), profile(browser)
    mine, theirs = (
        at_request(first, running, anya, ticket),
        at_request(second, running, boris, ticket),
    )

    expect(mine.locator("#presence")).to_have_text("Борис Ким смотрит")
    expect(theirs.locator("#presence")).to_have_text(f"{anya.name} смотрит")
    theirs.get_by_label("Текст ответа").press_sequentially("Уже", delay=20)
    expect(mine.locator("#presence")).to_have_text("Борис Ким пишет…")
    theirs.goto(f"{running.url}/desk/")
    expect(mine.locator("#presence")).to_be_hidden()
    first.close()
    second.close()


def test_alone_at_a_request_typing_sends_no_signals(browser, running, anya, ticket):
    context = profile(browser)
    sent = []
    context.on("request", lambda one: sent.append(one.post_data) if one.url.endswith("/presence/") else None)
    page = at_request(context, running, anya, ticket)
    with page.expect_request("**/presence/"):
        page.get_by_label("Текст ответа").press_sequentially("Пишу одна", delay=20)
    expect(page.locator("#saved-reply")).to_contain_text("Сохранено")

    assert [("came" in body, "writes" in body) for body in sent] == [(True, False)]
    context.close()
