"""The lead's page in a browser: it lives by itself, fits every width, and a colleague's requests pass on by keys."""

import itertools
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from otklik.accounts.models import User
from otklik.desk import routing
from otklik.desk.models import Ticket
from otklik.promises import promising
from tests import make
from tests.browsing import profile, sign_in

pytestmark = pytest.mark.browser
WIDTHS = [320, 390, 768, 1024, 1280, 1600]
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def vera(running):
    return make.agent("Вера Чижова", role=User.Role.LEAD)


@pytest.fixture(scope="module")
def boris(running):
    return make.agent("Борис Константинопольский-Заславский")


def owned(by, *, late=False):
    at = timezone.now() - 3 * make.HOUR
    sender = make.identity(f"lead{next(_numbers)}@kvarts.example", "Клиент с довольно длинным именем")
    subject = "Очень длинная тема запроса, которая не помещается в строку"
    with transaction.atomic():  # the running loop promises news as well: here it finds them promised
        made = make.ticket(at=at, sender=sender, subject=subject)
        if late:
            promising.open_many([(made.pk, at + timedelta(minutes=20))], at=at)
    return routing.assign(made, by, by=None, at=at)


def at_lead(page, running, vera, path=""):
    sign_in(page, running.url, vera.email, make.PASSWORD)
    page.goto(f"{running.url}/desk/lead/{path}")
    page.locator("html[data-ready]").wait_for()
    return page


def test_a_new_request_shows_on_the_open_page_without_reload(page, running, vera, boris):
    at_lead(page, running, vera).evaluate("window.sameDocument = true")
    before = int(page.locator(f"#crew-{boris.pk} .figure").first.inner_text())

    owned(boris)

    expect(page.locator(f"#crew-{boris.pk} .figure").first).to_have_text(str(before + 1))
    assert page.evaluate("window.sameDocument")


def test_a_figure_leads_to_its_list_and_the_list_back_to_the_whole(page, running, vera, boris):
    late = owned(boris, late=True)
    at_lead(page, running, vera).locator(f"#crew-{boris.pk} .figure--bad").click()

    expect(page.locator(f"#row-{late.number}")).to_be_visible()
    expect(page.locator(".list__part")).to_contain_text("опаздываем")
    page.locator(".list__part a").click()
    page.wait_for_url("**/desk/?view=all")


def test_all_of_a_colleague_pass_on_by_the_keyboard_alone_and_come_back(page, running, vera, boris):
    anya = make.agent()
    for _ in range(3):
        owned(anya)
    at_lead(page, running, vera).locator(f"#crew-{anya.pk} .crew__deeds a").first.press("Enter")
    page.get_by_role("checkbox", name="Борис").press("Space")
    page.get_by_role("button", name="Передать 3 запроса").press("Enter")

    expect(page.get_by_role("heading", name="Передали 3 из 3")).to_be_visible()
    assert Ticket.objects.filter(owner=boris, pk__gt=0).count() >= 3
    page.get_by_role("button", name="Вернуть").press("Enter")
    expect(page.get_by_role("heading", name="Вернули 3 из 3")).to_be_visible()
    assert Ticket.objects.filter(owner=anya).count() == 3


def test_keys_lead_to_the_page(page, running, vera):
    sign_in(page, running.url, vera.email, make.PASSWORD)
    page.locator("html[data-ready]").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("l")

    page.wait_for_url("**/desk/lead/")


SMALL = """() => [...document.querySelectorAll('main a, main button, main input')]
  .filter((one) => !['checkbox', 'radio', 'hidden'].includes(one.type))
  .filter((one) => !one.closest('p, .runs, .setup__head, [aria-hidden=true]'))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 20))
  .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""


def pages_of(person):
    return ("", f"people/{person.pk}/requests/", f"people/{person.pk}/absence/")


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_the_lead_hold_every_width(browser, running, vera, boris, width):
    owned(boris, late=True)
    context = profile(browser, width=width, height=900)
    page = at_lead(context.new_page(), running, vera)

    for path in pages_of(boris):
        page.goto(f"{running.url}/desk/lead/{path}")
        page.locator("html[data-ready]").wait_for()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        assert page.evaluate(SMALL) == [], path
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_lead_are_legible_and_every_control_has_a_name(browser, running, vera, boris, scheme):
    owned(boris, late=True)
    context = profile(browser, scheme=scheme)
    page = at_lead(context.new_page(), running, vera)

    for path in pages_of(boris):
        page.goto(f"{running.url}/desk/lead/{path}")
        page.locator("html[data-ready]").wait_for()
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        faults = [(one["id"], one["nodes"][0]["html"][:120]) for one in found.response["violations"]]
        assert faults == [], path
    context.close()
