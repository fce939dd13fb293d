"""The client's page in a real browser: phone and desk, with JavaScript and without, by rules of accessibility."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from playwright.sync_api import expect

from otklik.desk import solving
from otklik.desk.models import Message, Ticket
from otklik.journeys import saying
from otklik.promises import promising
from otklik.staff import queries as staff
from tests import make
from tests.browsing import profile
from tests.journeys.scene import Scene, scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LATIN = re.compile(r"[A-Za-z]{2,}")
ALLOWED = {"pdf", "English"}  # the end of a file's name; a language in its own words


def full_scene() -> Scene:
    """Everything the page can show at once."""
    it, company = scene(), staff.company()
    company.name, company.phone, company.phone_hours = "Пример", "8 800 555-01-42", "круглосуточно"
    company.save()
    it.answer("Вера, добрый день! Пришлите, пожалуйста, выписку.")
    make.received("Прикладываю выписку.", ticket=it.ticket, quoted_text="> Пришлите выписку", at=it.now,
                  files=(stored("Очень длинное имя файла с выпиской за восемнадцатое ноября.pdf"),))  # fmt: skip
    saying.now(it.ticket, "Анна проверяет вашу выписку и готовит возврат", by=it.anna, at=it.now)
    with transaction.atomic():
        promising.open_many([(it.ticket.pk, it.now + timedelta(days=1))], at=it.now)
    return it


def stored(name: str):
    from otklik.desk import files

    content = b"%PDF-1.4 bytes"
    return files.File(files.store(content), len(content), name, "application/pdf")


@pytest.fixture
def opened(browser, live_server):
    """`opened(path, width=…)` gives a page of a browser of its own."""
    contexts = []

    def show(path: str, *, width: int = 768, scheme: str = "light", script: bool = True):
        context = profile(browser, width=width, scheme=scheme) if script else bare(browser)
        contexts.append(context)
        shown = context.new_page()
        shown.goto(live_server.url.replace("127.0.0.1", "localhost") + path)
        return shown

    yield show
    for context in contexts:
        context.close()


def bare(browser):
    context = browser.new_context(java_script_enabled=False, locale="ru-RU")
    context.set_default_timeout(10_000)
    return context


def test_the_page_fits_phone_and_desk_and_its_controls_are_large_enough(opened):
    page = opened(full_scene().path)
    for width in (320, 390, 768):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        small = page.evaluate(
            """() => [...document.querySelectorAll("main button, main a.button, main summary, textarea, header a")]
                .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 24)
                .map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert small == []


def test_the_page_keeps_the_rules_of_accessibility_light_and_dark(opened):
    page = opened(full_scene().path)
    page.locator("#code summary").click()
    for width, scheme in ((390, "dark"), (768, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []


def test_a_client_reads_no_foreign_words(opened):
    path = full_scene().path
    page = opened(path)
    for tail in (
        "",
        "?done=sent",
        "?done=anew",
        "?done=solved",
        "?done=reopened",
        "?done=code",
        "?done=proved",
    ):
        page.goto(page.url.split("/r/")[0] + path + tail)
        assert set(LATIN.findall(page.locator("body").inner_text())) <= ALLOWED


def test_the_pages_of_a_lost_link_read_as_well_and_keep_the_rules(opened):
    scene()
    page = opened("/r/1-AAAAAAAAAAAAAAAAAAAAAA/", width=320)

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert set(LATIN.findall(page.locator("body").inner_text())) == {"English"}
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Ваша почта").fill("vera@kvarts.example")
    page.get_by_role("button", name="Прислать новую ссылку").click()
    expect(page.get_by_role("heading", name="Проверьте почту")).to_be_visible()


def test_the_client_writes_with_a_file_and_reads_it_on_the_page(opened):
    page = opened(scene().path)
    page.get_by_label("Написать Анне").fill("Всё ещё не открывается")
    page.locator("#files").set_input_files(
        {"name": "снимок.png", "mimeType": "image/png", "buffer": b"\x89PNG"}
    )
    expect(page.locator("#chosen-files")).to_have_text("снимок.png")
    page.get_by_role("button", name="Отправить сообщение").click()

    expect(page.locator("#done")).to_contain_text("Сообщение у нас")
    expect(page.locator("#talk")).to_contain_text("Всё ещё не открывается")
    expect(page.get_by_role("link", name="снимок.png")).to_be_visible()


def test_without_javascript_the_page_is_read_written_and_solved(opened):
    it = full_scene()
    page = opened(it.path, script=False)
    page.get_by_label("Написать Анне").fill("Пишу без скриптов")
    page.get_by_role("button", name="Отправить сообщение").click()
    expect(page.locator("#talk")).to_contain_text("Пишу без скриптов")

    page.get_by_role("button", name="Да, всё в порядке").click()
    expect(page.locator("#done")).to_contain_text("Отметили: вопрос решён")
    assert Ticket.objects.get(pk=it.ticket.pk).state == "solved"


def test_two_quick_clicks_send_one_message(opened):
    page = opened(scene().path)
    page.get_by_label("Написать Анне").fill("Один раз")
    page.get_by_role("button", name="Отправить сообщение").dblclick()
    expect(page.locator("#done")).to_be_visible()

    assert Message.objects.filter(channel="page").count() == 1


def test_what_was_typed_outlives_a_closed_page_and_goes_with_the_sending(opened):
    page = opened(scene().path)
    field = page.get_by_label("Написать Анне")
    field.fill("Ещё не дописала")
    page.reload()
    expect(field).to_have_value("Ещё не дописала")

    page.get_by_role("button", name="Отправить сообщение").click()
    expect(page.locator("#done")).to_be_visible()
    expect(field).to_have_value("")


def test_news_come_to_an_open_page_and_leave_the_typed_words_alone(opened):
    it = scene()
    page = opened(it.path)
    page.get_by_label("Написать Анне").fill("Пишу в это время")
    it.answer("Базу открыли.")

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator("#standing")).to_contain_text("Ждём вашего ответа")
    expect(page.locator("#talk")).to_contain_text("Базу открыли.")
    expect(page.get_by_label("Написать Анне")).to_have_value("Пишу в это время")
    assert page.locator("#talk .msg").count() == 2


def test_the_code_is_asked_for_typed_wrong_and_right(opened):
    from otklik.journeys import proving
    from otklik.journeys.models import Proof

    page = opened(scene().path)
    page.locator("#code summary").click()
    page.get_by_role("button", name="Прислать код на мою почту").click()
    code = proving.code(Proof.objects.get())
    page.locator("#code-field").fill(f"{(int(code) + 1) % 1_000_000:06d}")
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.locator("#code-fault")).to_contain_text("Остались 4 попытки")

    page.locator("#code-field").fill(code)
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.locator("#done")).to_contain_text("Код подошёл")


def test_nothing_of_the_page_comes_from_another_site_and_nothing_is_broken(opened, browser, live_server):
    it, asked, faults = full_scene(), [], []
    context = profile(browser, width=768)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(live_server.url.replace("127.0.0.1", "localhost") + it.path)
    context.close()

    assert {url.split("/")[2].split(":")[0] for url in asked} == {"localhost"}
    assert faults == []


def test_on_paper_stand_the_answer_and_the_talk_and_no_buttons(opened):
    it = full_scene()
    solving.set_state(it.ticket, "waiting_client", by=it.anna, at=it.now)
    page = opened(it.path)
    page.emulate_media(media="print")

    expect(page.get_by_text("Ждём вашего ответа").first).to_be_visible()
    expect(page.locator("#talk")).to_be_visible()
    for hidden in ("#write", ".solved", ".yours", ".portal__person", ".answer__need .button"):
        expect(page.locator(hidden).first).to_be_hidden()
