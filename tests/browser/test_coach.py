"""The coach beside the composer in a browser: findings at their words, one press takes a suggestion, nothing waits."""

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from otklik.assist.models import Verdict
from otklik.desk import routing
from otklik.desk.models import Message
from otklik.promises.models import Promise
from tests import make
from tests.browsing import profile, sign_in

pytestmark = pytest.mark.browser
# warm but for what a test is about: no other rule has a word to say
HEAD, TAIL = "Вера, добрый день! Спасибо, что написали. ", " Если база не откроется, напишите мне."
COLD = f"{HEAD}НЕ ЗВОНИТЕ НАМ. Это ОЧЕНЬ важно.{TAIL}"
WARM = f"{HEAD}Не звоните нам. Это очень важно.{TAIL}"
PLEDGE = " Мы позвоним вам завтра до 12:00."
# where each underlined word and the word itself in the field stand: both boxes of the same text
PLACES = """() => { const text = document.querySelector('.composer__form--reply textarea');
  const marks = document.querySelector('.marks'); const style = (one) => { const all = getComputedStyle(one);
    return [all.fontFamily, all.fontSize, all.lineHeight, all.paddingLeft, all.paddingTop, one.clientWidth].join(); };
  const box = text.getBoundingClientRect(); const behind = marks.getBoundingClientRect();
  return [style(text) === style(marks), box.left === behind.left && box.top === behind.top,
          text.scrollTop === marks.scrollTop, marks.scrollHeight - text.scrollHeight]; }"""
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def anya(running):
    anya = make.agent()
    anya.profile.undo_s = 30
    anya.profile.save(update_fields=["undo_s"])
    return anya


@pytest.fixture
def signed(page, running, anya):
    sign_in(page, running.url, anya.email, make.PASSWORD)
    return page


@pytest.fixture
def ticket(anya):
    sender = make.identity(f"coached{next(_numbers)}@kvarts.example", "Вера Соколова")
    return routing.take(make.ticket(at=timezone.now(), sender=sender), by=anya, at=timezone.now())


def composing(page, running, ticket):
    """The field for the reply, on an open request."""
    page.goto(f"{running.url}/desk/{ticket.number}/")
    page.locator("html[data-ready]").wait_for()
    return page.get_by_label("Текст ответа")


def take(page, words):
    page.get_by_role("button", name=f"Заменить: «{words}»").click()


def test_a_cold_reply_is_warmed_by_two_presses_and_its_promise_is_tracked(signed, running, ticket):
    text = composing(signed, running, ticket)
    text.press_sequentially(COLD + PLEDGE)
    expect(signed.locator("mark.found--warning")).to_have_text(["НЕ ЗВОНИТЕ НАМ", "ОЧЕНЬ"])

    take(signed, "Не звоните нам")
    take(signed, "очень")
    expect(text).to_have_value(WARM + PLEDGE)
    expect(signed.locator(".finding--promise")).to_contain_text("завтра до 12:00")
    signed.keyboard.press("Control+Enter")

    expect(signed.locator("#promises")).to_contain_text("завтра до 12:00")
    promise = Promise.objects.get(ticket=ticket)
    assert promise.due_at
    assert promise.due_at > timezone.now()
    assert promise.message == Message.objects.get(ticket=ticket, direction="out")


def test_an_answer_taken_back_takes_its_promise_back(signed, running, ticket):
    composing(signed, running, ticket).fill(HEAD + PLEDGE)
    signed.keyboard.press("Control+Enter")
    expect(signed.locator("#promises")).to_contain_text("позвоним")

    signed.get_by_role("button", name="Отменить").click()

    expect(signed.locator("#promises")).to_have_count(0)
    assert not Promise.objects.filter(ticket=ticket).exists()


def test_a_suggestion_is_taken_by_one_press_and_taken_back_by_ctrl_z(signed, running, ticket):
    text = composing(signed, running, ticket)
    text.press_sequentially(COLD)
    expect(signed.locator("[data-coach-summary]")).to_contain_text("Подсказки: 2")

    take(signed, "Не звоните нам")
    take(signed, "очень")
    expect(text).to_have_value(WARM)
    expect(signed.locator("[data-coach-summary]")).to_have_text("Замечаний нет")
    expect(signed.locator("#saved-reply")).to_contain_text("Сохранено")

    signed.keyboard.press("Control+z")
    signed.keyboard.press("Control+z")
    expect(text).to_have_value(COLD)


def test_the_lines_lie_at_their_words_however_the_field_scrolls_and_resizes(signed, running, ticket):
    text = composing(signed, running, ticket)
    text.fill("Строка.\n" * 60 + COLD)
    expect(signed.locator("mark.found")).to_have_count(2)
    for height in (1000, 600):
        signed.set_viewport_size({"width": height, "height": height})
        text.evaluate("one => { one.scrollTop = one.scrollHeight; }")
        signed.wait_for_function(f"() => ({PLACES})()[2]")
        same_type, same_place, same_scroll, taller = signed.evaluate(PLACES)
        assert (same_type, same_place, same_scroll) == (True, True, True)
        assert abs(taller) < 2


def test_the_lines_move_with_what_is_typed_before_them(signed, running, ticket):
    text = composing(signed, running, ticket)
    text.press_sequentially(COLD)
    expect(signed.locator("mark.found")).to_have_text(["НЕ ЗВОНИТЕ НАМ", "ОЧЕНЬ"])
    signed.route("**/findings/", lambda route: route.abort())

    signed.keyboard.press("Control+Home")
    signed.keyboard.type("Итак, ")

    assert signed.locator("mark.found").all_text_contents() == ["НЕ ЗВОНИТЕ НАМ", "ОЧЕНЬ"]
    signed.keyboard.press("Control+End")
    expect(text).to_have_value(f"Итак, {COLD}")


def test_keys_lead_through_the_findings_and_take(signed, running, ticket):
    text = composing(signed, running, ticket)
    text.press_sequentially(COLD)
    expect(signed.locator("[data-card]")).to_have_count(2)

    signed.keyboard.press("Alt+ArrowDown")
    expect(signed.locator("[data-card][data-now]")).to_contain_text("НЕ ЗВОНИТЕ")
    expect(signed.locator("[data-coach-told]")).to_contain_text("НЕ ЗВОНИТЕ НАМ")
    signed.keyboard.press("Alt+ArrowDown")
    signed.keyboard.press("Alt+Enter")

    expect(text).to_have_value(COLD.replace("ОЧЕНЬ", "очень"))
    expect(text).to_be_focused()


def test_what_somebody_does_not_agree_on_stays_away_after_a_reload(signed, running, ticket):
    composing(signed, running, ticket).press_sequentially(COLD)
    signed.locator("[data-card]", has_text="ОЧЕНЬ").get_by_text("Не согласен").click()
    signed.locator("[data-card]", has_text="ОЧЕНЬ").get_by_label("Другая причина").fill("иначе не прочтут")
    signed.keyboard.press("Enter")
    expect(signed.locator("mark.found")).to_have_text(["НЕ ЗВОНИТЕ НАМ"])
    expect(signed.locator("#saved-reply")).to_contain_text("Сохранено")

    signed.reload()

    expect(signed.locator("mark.found")).to_have_text(["НЕ ЗВОНИТЕ НАМ"])
    said = Verdict.objects.get(ticket=ticket, what="dismissed")
    assert (said.reason, said.words) == ("own", "иначе не прочтут")
    assert not Message.objects.filter(ticket=ticket, direction="out").exists()


@pytest.mark.parametrize("answer", ["никакого", "ошибка"])
def test_a_coach_that_is_silent_or_fails_holds_up_neither_keys_nor_letters(signed, running, ticket, answer):
    waiting = []
    signed.route(
        "**/findings/",
        lambda route: route.fulfill(status=500) if answer == "ошибка" else waiting.append(route),
    )
    text = composing(signed, running, ticket)
    text.press_sequentially(COLD, delay=20)
    expect(text).to_have_value(COLD)
    signed.wait_for_timeout(500)
    signed.keyboard.press("Control+Enter")

    expect(signed.locator(".msg--ours")).to_contain_text("НЕ ЗВОНИТЕ НАМ")


def test_two_tabs_that_type_at_once_each_show_their_own(signed, running, ticket):
    other = signed.context.new_page()
    first, second = composing(signed, running, ticket), composing(other, running, ticket)
    first.fill(HEAD)
    second.fill(HEAD)
    for one, two in zip("НЕ ЖДИТЕ НАС.", "ТАК НЕ НАДО. ", strict=True):
        first.press_sequentially(one)
        second.press_sequentially(two)

    expect(signed.locator("mark.found")).to_have_text(["НЕ ЖДИТЕ НАС"])
    expect(other.locator("mark.found")).to_have_text(["ТАК НЕ НАДО"])


def test_a_text_of_200_kilobytes_is_typed_on_and_sent(signed, running, ticket):
    text = composing(signed, running, ticket)
    text.fill("Это длинное письмо. " * 9_900)
    text.press("Control+Home")
    signed.keyboard.type("НЕ НАДО. ")
    expect(signed.locator("[data-card]", has_text="НЕ НАДО")).to_have_count(1)
    expect(signed.locator(".coach__list")).to_contain_text("Прочитали первые")

    signed.keyboard.press("Control+Enter")
    expect(signed.locator(".msg--ours")).to_contain_text("НЕ НАДО.")


@pytest.mark.parametrize(("width", "scheme"), [(1600, "light"), (1600, "dark"), (390, "light")])
def test_the_list_is_legible_and_every_control_has_a_name(browser, running, anya, ticket, width, scheme):
    context = profile(browser, width=width, scheme=scheme)
    page = context.new_page()
    sign_in(page, running.url, anya.email, make.PASSWORD)
    composing(page, running, ticket).press_sequentially(COLD)
    page.locator(".coach__head").wait_for()
    if not page.locator(".coach__list").is_visible():  # folded on a phone
        page.locator(".coach__head").click()
    expect(page.locator("[data-card]")).to_have_count(2)
    expect(page.locator(".side__bones")).to_have_count(0)

    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})

    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
