"""The desk in a browser: it lives by itself, keys lead it, no word is lost, every width holds."""

import base64
import itertools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from otklik.desk import files, routing
from otklik.desk.files import File
from otklik.desk.models import Message, Note, Ticket
from tests import make
from tests.browsing import profile, sign_in

pytestmark = pytest.mark.browser
WIDTHS = [320, 390, 768, 1024, 1280, 1600]
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="
PASTE = """async () => {
  const content = Uint8Array.from(atob('PIXEL'), (sign) => sign.charCodeAt(0));
  const held = new DataTransfer();
  held.items.add(new File([content], 'image.png', {type: 'image/png'}));
  const paste = new ClipboardEvent('paste', {clipboardData: held, bubbles: true, cancelable: true});
  document.querySelector('.composer__form--reply textarea').dispatchEvent(paste);
}""".replace("PIXEL", PIXEL)
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def anya(running):
    anya = make.agent()
    anya.profile.undo_s = 30
    anya.profile.signature = "Аня Орлова"
    anya.profile.save(update_fields=["undo_s", "signature"])
    return anya


@pytest.fixture
def signed(page, running, anya):
    """A page of Аня, on the desk."""
    sign_in(page, running.url, anya.email, make.PASSWORD)
    return page


@pytest.fixture
def ticket(anya):
    """A request of Аня with a letter that has everything, on a client of its own."""
    return owned(anya, "Здравствуйте! Не открывается база.")


def owned(anya, text, **fields):
    number = next(_numbers)
    sender = make.identity(f"client{number}@kvarts.example", f"Клиент {number}")
    ticket = make.ticket(text, at=timezone.now(), sender=sender, subject=f"Запрос {number}", **fields)
    return routing.take(ticket, by=anya, at=timezone.now())


def opened(page, running, ticket):
    page.goto(f"{running.url}/desk/{ticket.number}/")
    page.locator("html[data-ready]").wait_for()
    return page


def follow_up(ticket, text):
    sender = ticket.participants.get(part="requester").identity
    return make.received(text, at=timezone.now(), ticket=ticket, sender=sender)


def test_a_new_request_appears_in_an_open_list_without_reload(signed, running, anya):
    signed.goto(f"{running.url}/desk/")
    signed.evaluate("window.sameDocument = true")

    fresh = owned(anya, "Свежее письмо без перезагрузки")

    expect(signed.locator(f"#row-{fresh.number}")).to_be_visible()
    assert signed.evaluate("window.sameDocument")


def test_the_list_waits_with_new_rows_while_the_pointer_is_in_it(signed, running, anya, ticket, wait_until):
    signed.goto(f"{running.url}/desk/")
    signed.hover(f"#row-{ticket.number}")
    row = signed.locator(f"#row-{ticket.number}")
    before = wait_until(row.bounding_box)

    fresh = owned(anya, "Письмо, пока указатель в списке")

    expect(signed.locator("#new-rows")).to_contain_text("Новых: 1")
    assert signed.locator(f"#row-{fresh.number}").count() == 0
    assert wait_until(row.bounding_box)["height"] == before["height"]
    signed.keyboard.press("Period")
    expect(signed.locator(f"#row-{fresh.number}")).to_be_visible()


def test_a_message_is_appended_and_what_is_typed_stays(signed, running, ticket):
    opened(signed, running, ticket).keyboard.press("r")
    signed.keyboard.type("Начало ответа")

    follow_up(ticket, "Забыла сказать про пароль")

    expect(signed.locator(".msg--client")).to_have_count(2)
    signed.keyboard.type(" и конец")
    expect(signed.get_by_label("Текст ответа")).to_have_value("Начало ответа и конец")


def test_an_answer_can_be_taken_back_with_all_its_words(signed, running, ticket):
    opened(signed, running, ticket).get_by_label("Текст ответа").fill("Базу открыли, проверьте.")
    signed.keyboard.press("Control+Enter")
    expect(signed.locator("#undo")).to_contain_text("Отправим через")
    expect(signed.locator(".msg--ours")).to_contain_text("Базу открыли")

    signed.get_by_role("button", name="Отменить").click()

    expect(signed.get_by_label("Текст ответа")).to_have_value("Базу открыли, проверьте.")
    expect(signed.locator(".msg--ours")).to_have_count(0)
    assert not Message.objects.filter(ticket=ticket, direction="out").exists()


def test_what_came_meanwhile_stands_above_the_kept_answer(signed, running, ticket):
    opened(signed, running, ticket).get_by_label("Текст ответа").fill("Уже смотрю.")
    follow_up(ticket, "Не нужно, нашли сами")
    expect(signed.locator(".msg--client")).to_have_count(2)

    signed.keyboard.press("Control+Enter")

    expect(signed.get_by_role("alert").first).to_contain_text("Пока вы писали, пришло сообщение")
    expect(signed.get_by_label("Текст ответа")).to_have_value("Уже смотрю.")
    signed.get_by_role("button", name="Всё равно отправить").click()
    expect(signed.locator(".msg--ours")).to_contain_text("Уже смотрю.")


def test_typing_survives_a_reload(signed, running, ticket):
    opened(signed, running, ticket).get_by_label("Текст ответа").fill("Недописанное")
    expect(signed.locator("#saved-reply")).to_contain_text("Сохранено")

    signed.reload()

    expect(signed.get_by_label("Текст ответа")).to_have_value("Недописанное")


def test_typing_left_at_once_is_kept_too(signed, running, ticket):
    opened(signed, running, ticket).keyboard.press("r")
    signed.keyboard.type("Ушла, не дождавшись")
    signed.goto(f"{running.url}/desk/")

    expect(opened(signed, running, ticket).get_by_label("Текст ответа")).to_have_value("Ушла, не дождавшись")


def test_keys_lead_through_the_list_and_the_deeds(signed, running, anya, ticket):
    second = owned(anya, "Второй запрос для клавиш")
    opened(signed, running, ticket)
    signed.keyboard.press("n")
    signed.keyboard.type("позвонить завтра")
    signed.keyboard.press("Control+Enter")
    expect(signed.locator(".msg--note")).to_contain_text("позвонить завтра")
    signed.keyboard.press("Escape")

    signed.keyboard.press("e")
    signed.locator("#sheet-body [name=result]").wait_for()
    signed.keyboard.type("открыли доступ")
    signed.keyboard.press("Enter")
    expect(signed.locator(".thread__meta")).to_contain_text("Решён")

    signed.goto(f"{running.url}/desk/")
    signed.locator(f"#open-{second.number}").focus()
    signed.keyboard.press("Enter")
    expect(signed.locator("#subject")).to_have_text(second.subject)
    assert Note.objects.get(ticket=ticket).text == "позвонить завтра"


def test_letters_typed_into_fields_do_nothing_else(signed, running, ticket):
    opened(signed, running, ticket).get_by_label("Текст ответа").click()
    signed.keyboard.type("i e a s t u n j k / . ?")

    expect(signed.get_by_label("Текст ответа")).to_have_value("i e a s t u n j k / . ?")
    assert signed.locator("dialog[open]").count() == 0
    assert Ticket.objects.get(pk=ticket.pk).state == Ticket.State.OPEN


def test_a_pasted_picture_stands_in_the_words_where_the_cursor_was(signed, running, ticket):
    text = opened(signed, running, ticket).get_by_label("Текст ответа")
    text.fill("Вот кнопка:")
    signed.evaluate(PASTE)
    expect(text).to_have_value(re.compile(r"^Вот кнопка:\n\[снимок .*\.png\]\n$"))
    expect(signed.locator("#files-reply img")).to_be_visible()

    text.press_sequentially("Нажмите её.")
    signed.keyboard.press("Control+Enter")

    shown = signed.locator(".msg--ours .msg__text img")
    expect(shown).to_be_visible()
    assert shown.evaluate("one => one.naturalWidth") == 1


def test_a_picture_taken_out_of_the_draft_leaves_no_mark(signed, running, ticket):
    text = opened(signed, running, ticket).get_by_label("Текст ответа")
    text.fill("Слова")
    signed.evaluate(PASTE)
    signed.get_by_role("button", name="Убрать снимок").click()

    expect(text).to_have_value("Слова\n")
    expect(signed.locator("#files-reply img")).to_have_count(0)


def test_a_received_picture_shows_inside_the_frame_of_its_letter(signed, running, anya):
    content = base64.b64decode(PIXEL)
    file = File(files.store(content), len(content), "схема.png", "image/png", "shema@kvarts.example", True)
    ticket = owned(anya, "Схема", html='<p>Схема: <img src="cid:shema@kvarts.example"></p>', files=(file,))
    opened(signed, running, ticket).get_by_text("Как в письме").click()

    shown = signed.frame_locator("iframe").locator("img")
    expect(shown).to_be_visible()
    shown.evaluate("one => one.decode()")
    assert shown.evaluate("one => one.naturalWidth") == 1


def test_a_letters_own_look_stands_in_a_frame_where_nothing_runs(signed, running, anya):
    ticket = owned(anya, "Письмо с таблицей", html="<p>Привет</p><script>parent.hacked = true</script>")
    opened(signed, running, ticket).get_by_text("Как в письме").click()

    expect(signed.frame_locator("iframe").locator("body")).to_contain_text("Привет")
    assert signed.evaluate("window.hacked") is None


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways_and_no_control_is_too_small(browser, running, anya, ticket, width):
    context = profile(browser, width=width, height=800)
    page = context.new_page()
    sign_in(page, running.url, anya.email, make.PASSWORD)
    for path in ["/desk/", f"/desk/{ticket.number}/", "/desk/search/?q=база", "/desk/new/"]:
        page.goto(running.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(SMALL) == [], path
    context.close()


SMALL = """() => [...document.querySelectorAll('a[href], button, select, summary, input:not([type=hidden])')]
  .filter((one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true}))
  .map((one) => [one, (one.closest('label') ?? one).getBoundingClientRect()])
  .filter(([one, box]) => box.width > 1 && (box.width < 24 || box.height < 20))
  .filter(([one]) => !one.closest('p, .msg__text, .skip, [aria-hidden=true]'))
  .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1600])
def test_pages_are_legible_and_every_control_has_a_name(browser, running, anya, ticket, scheme, width):
    context = profile(browser, width=width, scheme=scheme)
    page = context.new_page()
    sign_in(page, running.url, anya.email, make.PASSWORD)
    for path in ["/desk/", f"/desk/{ticket.number}/", "/desk/search/?q=база", "/desk/new/"]:
        page.goto(running.url + path)
        expect(page.locator(".side__bones")).to_have_count(0)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        faults = [(one["id"], one["nodes"][0]["html"][:120]) for one in found.response["violations"]]
        assert faults == [], path
    context.close()


def test_the_page_reads_and_answers_without_scripts(browser, running, anya, ticket):
    context = browser.new_context(java_script_enabled=False, locale="ru-RU")
    page = context.new_page()
    sign_in(page, running.url, anya.email, make.PASSWORD)
    page.goto(f"{running.url}/desk/{ticket.number}/")
    page.get_by_label("Текст ответа").fill("Ответ без скриптов")
    page.get_by_role("button", name="Отправить Ctrl").click()

    expect(page.locator(".msg--ours")).to_contain_text("Ответ без скриптов")
    page.get_by_role("button", name="Отменить").click()
    expect(page.get_by_label("Текст ответа")).to_have_value("Ответ без скриптов")
    context.close()
