"""Connecting a mailbox in a browser: the checks come by themselves; the pages hold at every width."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from otklik.channels.email import credentials
from otklik.channels.models import Box
from tests import make
from tests.browsing import profile, sign_in
from tests.relaying import relay

pytestmark = [pytest.mark.browser, pytest.mark.mailserver]
WIDTHS = [320, 768, 1280]


@pytest.fixture(scope="module")
def admin(running):
    make.team()
    return make.admin()


def begun(dovecot, account, secret: str, **fields) -> Box:
    values = {
        "kind": "imap", "mode": "off", "connected_at": None, "imap_host": "127.0.0.1", "imap_security": "none",
        "imap_port": dovecot.imap_port, "auth": "password", "secret": credentials.seal(secret), "preset": "yandex",
    }  # fmt: skip
    return make.box(account.address, **{**values, **fields})


def test_checks_run_by_themselves_and_the_box_is_connected(page, running, dovecot, admin):
    account = dovecot.account()
    with relay(dovecot, password=account.password) as port:
        smtp = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
        box = begun(dovecot, account, account.password, **smtp)
        sign_in(page, running.url, admin.email, make.PASSWORD)
        page.goto(f"{running.url}/settings/boxes/{box.pk}/check/")
        page.get_by_text("Дальше: что забрать").click(timeout=30_000)
    page.get_by_role("button", name="Дальше: кто отвечает").click()
    page.get_by_role("button", name="Подключить ящик").click()

    expect(page.locator("#standing")).to_contain_text("Только смотрим")
    box.refresh_from_db()
    assert box.mode == "observe"


def test_refused_password_is_typed_anew_on_the_same_page(page, running, dovecot, admin):
    account = dovecot.account()
    box = begun(dovecot, account, "не тот")
    sign_in(page, running.url, admin.email, make.PASSWORD)
    page.goto(f"{running.url}/settings/boxes/{box.pk}/check/")
    page.fill("#secret", account.password)
    page.get_by_role("button", name="Проверить снова").click()

    expect(page.locator("#check-signin")).to_contain_text("Почта впустила нас")


def test_a_refused_password_is_explained_and_its_facts_are_copied(page, running, dovecot, admin):
    box = begun(dovecot, dovecot.account(), "не тот")
    sign_in(page, running.url, admin.email, make.PASSWORD)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{running.url}/settings/boxes/{box.pk}/check/")
    expect(page.locator("#check-signin")).to_contain_text("нужен отдельный пароль приложения")
    expect(page.get_by_role("link", name="«Пароли приложений»")).to_be_visible()
    page.get_by_role("button", name="Скопировать для поддержки").click()

    expect(page.locator("#check-signin")).to_contain_text("Скопировали")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"127.0.0.1:{dovecot.imap_port} none" in copied
    assert "Ответ сервера: " in copied
    assert "не тот" not in copied
    page.get_by_role("link", name="Нужна помощь с почтой").click()
    expect(page.get_by_role("heading", name="Яндекс 360")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_hold_and_have_no_faults_for_those_who_do_not_see(browser, running, dovecot, admin, width):
    box = begun(dovecot, dovecot.account(), "не тот")
    context = profile(browser, width=width, height=900, scheme="dark" if width == 768 else "light")
    page = context.new_page()
    sign_in(page, running.url, admin.email, make.PASSWORD)
    for path in (
        "",
        "help/",
        "new/",
        "new/door/",
        f"{box.pk}/servers/",
        f"{box.pk}/grant/",
        f"{box.pk}/check/",
    ):
        page.goto(f"{running.url}/settings/boxes/{path}")
        if path.endswith("check/"):
            page.locator("#secret").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        faults = [(one["id"], one["nodes"][0]["html"][:120]) for one in found.response["violations"]]
        assert faults == [], path
    context.close()
