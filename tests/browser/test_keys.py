"""Keys of the desk beyond the first ones, and where a sent answer leads."""

import itertools

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from otklik.desk import routing
from otklik.desk.models import Message, Ticket
from otklik.staff.models import Profile
from tests import make
from tests.browsing import sign_in

pytestmark = pytest.mark.browser
_numbers = itertools.count(1)
# presses «решить» in the very moment in which the request's page has come anew
PRESS_AT_ONCE = """() => {
  const old = document.querySelector('[data-key=KeyE]');
  const seen = new MutationObserver(() => {
    const deed = document.querySelector('[data-key=KeyE]');
    if (!deed || deed === old) return;
    seen.disconnect();
    document.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyE', bubbles: true, cancelable: true}));
  });
  seen.observe(document.body, {childList: true, subtree: true});
}"""

# window.stands: when a new composer has come and all that belongs to it is bound
COMPOSER_STANDS = """() => {
  window.stands = new Promise((done) => {
    document.addEventListener("htmx:load", (event) => event.target.id === "composer" && setTimeout(done));
  });
}"""


@pytest.fixture(scope="module")
def anya(running):
    anya = make.agent()
    Profile.objects.filter(user=anya).update(undo_s=30)
    return anya


@pytest.fixture
def tickets(anya):
    """Two requests of Аня with nothing else in her list, the later due one second."""
    Ticket.objects.all().update(state="closed")
    return [owned(anya), owned(anya)]


def owned(anya):
    number = next(_numbers)
    sender = make.identity(f"keys{number}@kvarts.example", f"Клиент {number}")
    ticket = make.ticket("Не открывается", at=timezone.now(), sender=sender, subject=f"Запрос {number}")
    return routing.take(ticket, by=anya, at=timezone.now())


@pytest.fixture
def desk(page, running, anya, tickets):
    sign_in(page, running.url, anya.email, make.PASSWORD)
    page.goto(f"{running.url}/desk/{tickets[0].number}/")
    page.locator("html[data-ready]").wait_for()
    return page


def send(page):
    page.get_by_label("Текст ответа").fill("Открыли, проверьте.")
    page.keyboard.press("Control+Enter")


def prefer(anya, choice):
    Profile.objects.filter(user=anya).update(after_send=choice)


def test_p_asks_when_the_client_hears_of_us_also_with_the_card_folded(desk):
    expect(desk.locator("#card")).to_contain_text("Следующая новость")
    desk.keyboard.press("BracketRight")
    expect(desk.locator("#card")).to_be_hidden()
    desk.keyboard.press("p")

    expect(desk.locator("#sheet")).to_be_visible()


def test_a_bracket_folds_the_list_and_brings_it_back(desk):
    desk.keyboard.press("BracketLeft")
    expect(desk.locator("#list h1")).to_be_hidden()
    desk.reload()
    desk.locator("html[data-ready]").wait_for()
    expect(desk.locator("#list h1")).to_be_hidden()

    desk.keyboard.press("BracketLeft")
    expect(desk.locator("#list h1")).to_be_visible()


def test_g_and_i_lead_to_the_inbox_and_i_alone_does_not(desk, running):
    desk.keyboard.press("i")
    desk.keyboard.press("g")
    desk.keyboard.press("i")

    expect(desk).to_have_url(f"{running.url}/desk/")


def test_ctrl_z_takes_a_letter_back_outside_of_fields(desk, anya):
    prefer(anya, "stay")
    send(desk)
    expect(desk.locator("#undo")).to_contain_text("Отправим через")
    desk.locator("#subject").focus()
    desk.keyboard.press("Control+z")

    expect(desk.get_by_label("Текст ответа")).to_have_value("Открыли, проверьте.")
    assert not Message.objects.filter(direction="out", ticket__state="open").exists()


def test_what_is_taken_back_returns_also_when_the_talk_comes_anew_before_it(desk, anya):
    def late(route):
        answer = route.fetch()
        desk.evaluate("htmx.trigger(document.body, 'otklik:thread')")
        expect(desk.locator("#column")).not_to_contain_text("Открыли, проверьте.")
        route.fulfill(response=answer)

    prefer(anya, "stay")
    send(desk)
    expect(desk.locator("#undo")).to_contain_text("Отправим через")
    desk.route("**/undo/", late)
    desk.locator("#subject").focus()
    desk.keyboard.press("Control+z")

    expect(desk.get_by_label("Текст ответа")).to_have_value("Открыли, проверьте.")
    expect(desk.locator("#undo")).to_be_empty()


def test_who_has_gone_elsewhere_while_a_letter_was_sent_is_not_called_back(desk, anya):
    def late(route):
        answer = route.fetch()
        desk.locator("#subject").focus()
        route.fulfill(response=answer)

    prefer(anya, "stay")
    desk.evaluate(COMPOSER_STANDS)
    desk.route("**/reply/", late)
    send(desk)
    desk.evaluate("window.stands")

    expect(desk.locator("#subject")).to_be_focused()
    expect(desk.get_by_label("Текст ответа")).to_have_value("")


def test_after_sending_the_next_request_opens_and_the_letter_can_still_be_taken_back(desk, anya, tickets):
    prefer(anya, "next")
    send(desk)
    expect(desk.locator("#subject")).to_have_text(tickets[1].subject)
    bar = desk.locator("#notices .strip-bar")
    expect(bar).to_contain_text(f"№ {tickets[0].number}. Отправим через")
    bar.get_by_role("button", name="Отменить").click()

    expect(desk.locator("#subject")).to_have_text(tickets[0].subject)
    expect(desk.get_by_label("Текст ответа")).to_have_value("Открыли, проверьте.")


def test_after_sending_the_list_alone_stands_again(desk, anya, running):
    prefer(anya, "list")
    send(desk)

    expect(desk.locator(".thread--empty")).to_contain_text("Выберите запрос")
    expect(desk).to_have_url(f"{running.url}/desk/")
    expect(desk.locator("#notices .strip-bar")).to_contain_text("Отправим через")


def test_a_key_pressed_in_the_moment_a_page_comes_opens_its_sheet_and_leads_nowhere_else(desk, tickets):
    address = desk.url
    desk.keyboard.press("n")
    desk.keyboard.type("позвонить завтра")
    desk.evaluate(PRESS_AT_ONCE)
    desk.keyboard.press("Control+Enter")

    expect(desk.locator("#sheet-body [name=result]")).to_be_visible()
    assert desk.url == address
