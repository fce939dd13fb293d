"""Pages of signing in and of the office in a real browser: they fit a phone and keep the rules of accessibility."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from otklik.accounts import firstrun
from otklik.accounts.models import User
from tests import make
from tests.browsing import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OFFICE = ["/me/", "/people/", "/people/new/", "/teams/", "/teams/new/", "/company/", "/settings/hours/"]


@pytest.fixture
def url(live_server) -> str:
    return str(live_server.url).replace("127.0.0.1", "localhost")


def faults(page: Page) -> list[object]:
    found = Axe().run(page).response["violations"]
    return [(page.url, one["id"], [node["target"] for node in one["nodes"]]) for one in found]


def test_the_office_fits_a_phone_and_keeps_the_rules(page, url):
    ada = make.admin("Администратор С Очень Длинным Именем И Двойной-Фамилией")
    make.agent("Борис Котов")
    sign_in(page, url, ada.email, make.PASSWORD)
    for path in OFFICE:
        page.goto(url + path)
        for width in (320, 768):
            page.set_viewport_size({"width": width, "height": 800})
            assert (path, page.evaluate("document.documentElement.scrollWidth")) == (path, width)
        assert faults(page) == []


def test_signing_in_fits_a_phone_keeps_the_rules_and_says_what_is_wrong(page, url):
    anna = make.agent("Анна Орлова")
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{url}/sign-in/")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert faults(page) == []

    page.get_by_label("Почта").fill(anna.email)
    page.get_by_label("Пароль").fill("не тот пароль")
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("alert").first).to_contain_text("не подходят друг к другу")
    expect(page.get_by_label("Почта")).to_have_value(anna.email)


def test_the_first_administrator_begins_with_the_code_of_the_terminal(page, url):
    page.goto(url)
    expect(page.get_by_role("heading", name="Создайте первого администратора")).to_be_visible()
    assert faults(page) == []

    page.get_by_label("Код из окна").fill(firstrun.code())
    page.get_by_label("Ваши имя и фамилия").fill("Ада Главная")
    page.get_by_label("Ваша почта").fill("ada@primer.example")
    page.get_by_label("Новый пароль").fill("четыре слова подряд тут")
    page.get_by_role("button", name="Создать и войти").click()

    page.wait_for_url(f"{url}/desk/**")
    assert User.objects.get().is_admin
