"""A next-news time passes: the right person's number goes up by itself, another's does not."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from otklik.desk import routing
from otklik.desk.models import Ticket
from otklik.promises import promising
from otklik.sla.models import Alert
from tests import make
from tests.browsing import profile, sign_in

pytestmark = pytest.mark.browser


def at_desk(page, running, user):
    sign_in(page, running.url, user.email, make.PASSWORD)
    page.locator("html[data-ready]").wait_for()
    page.evaluate("window.sameDocument = true")
    return page.locator("#count-bell")


def test_news_that_passes_is_told_to_its_owner_without_a_reload(page, browser, running):
    anya, boris = make.agent("Аня Орлова"), make.agent("Борис Ким")
    at = timezone.now()
    ticket = make.ticket(sender=make.identity("alert@kvarts.example", "Марина Соколова"), at=at)
    Ticket.objects.filter(pk=ticket.pk).update(priority=Ticket.Priority.URGENT)  # at any hour of the day
    routing.assign(ticket, anya, by=None, at=at)
    mine = at_desk(page, running, anya)
    context = profile(browser)
    his_page = context.new_page()
    his = at_desk(his_page, running, boris)
    expect(mine).to_be_hidden()

    with transaction.atomic():
        promising.drop([ticket.pk], at=timezone.now())
        promising.open_many([(ticket.pk, timezone.now() + timedelta(seconds=2))], at=timezone.now())

    expect(mine).to_be_visible()
    assert page.evaluate("window.sameDocument")
    expect(his).to_be_hidden()
    assert not Alert.objects.filter(user=boris).exists()
    page.goto(f"{running.url}/alerts/")
    expect(page.locator("main")).to_contain_text("Марине Соколовой")
    page.get_by_role("button", name="Понятно", exact=True).click()
    expect(page.locator("#count-bell")).to_be_hidden()
    context.close()
