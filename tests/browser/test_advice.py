"""What target to offer a new client: a lead who has never seen the page finds it out in three steps."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from otklik.accounts.models import User
from otklik.desk.models import Tag
from otklik.sla import agreements
from otklik.sla.models import Proposal
from tests import make
from tests.browsing import sign_in
from tests.sla.advice import answered

pytestmark = pytest.mark.browser
STEPS = 3
PHONE = {"width": 390, "height": 844}


def worked():
    """A hundred and twenty answers of a Monday that is past, by the hours of whoever has no other agreement."""
    now = timezone.now()
    monday = (now - timedelta(days=now.weekday() + 14)).replace(hour=7, minute=0, second=0, microsecond=0)
    version = agreements.current(agreements.default().pk, now)
    hosting = Tag.objects.create(name="хостинг")
    answered.requests(version, range(1, 121), since=monday, by=make.agent(), tag=hosting)


class Deeds:
    """A page on which everything that a person does is counted."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def click(self, role, name):
        self.count += 1
        self.page.get_by_role(role, name=name).click()

    def choose(self, label, option):
        self.count += 1
        self.page.get_by_label(label).select_option(option)


def shows_well(page):
    """Dark and as narrow as a phone: nothing sticks out, all is legible and has a name."""
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    return [(one["id"], one["nodes"][0]["html"][:120]) for one in found.response["violations"]]


def test_a_lead_finds_out_in_three_steps_what_to_offer_a_new_client(page, running):
    vera = make.agent("Вера Чижова", role=User.Role.LEAD)
    worked()
    sign_in(page, running.url, vera.email, make.PASSWORD)
    page.goto(f"{running.url}/desk/lead/")  # where leads look anyway

    lead = Deeds(page)
    lead.click("link", "Какие сроки обещать")
    lead.choose("Услуга", "хостинг")
    lead.click("button", "Показать срок")
    said = page.get_by_role("heading", level=2).first
    expect(said).to_have_text("Обещайте первый ответ за 2 рабочих часа: так бывает в 9 случаях из 10.")

    assert lead.count <= STEPS
    expect(page.get_by_label("Услуга")).to_contain_text("хостинг")
    assert shows_well(page) == []
    page.get_by_role("button", name="Предложить для нового соглашения").click()
    expect(page.get_by_text("Записали предложение")).to_be_visible()
    assert Proposal.objects.get().by == vera
