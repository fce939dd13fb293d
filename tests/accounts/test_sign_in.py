"""Signing in: who gets in, where to, and how slowly a guesser goes."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from otklik.accounts import throttling
from otklik.accounts.models import Tally, User
from tests import make
from tests.make import MINUTE, NOON

pytestmark = pytest.mark.django_db
ADDRESS = "anna@primer.example"


@pytest.fixture
def anna() -> User:
    return make.agent("Анна Орлова", email=ADDRESS)


def enter(browser: Client, email: str = ADDRESS, password: str = make.PASSWORD, **more: str):
    return browser.post("/sign-in/", {"email": email, "password": password, **more})


def shown(answer) -> str:
    """The page without the address typed and the token of the form, with plain spaces."""
    html = re.sub(r'(csrfmiddlewaretoken" value=)"[^"]*"', r"\1", answer.content.decode())
    return html.replace("\xa0", " ")


def test_the_right_password_opens_the_desk_whatever_the_case_of_the_address(anna):
    browser = Client()

    answer = enter(browser, "ANNA@primer.example")

    assert answer["Location"] == "/desk/"
    assert browser.session["_auth_user_id"] == str(anna.pk)


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(anna):
    wrong = enter(Client(), password="не тот пароль")
    unknown = enter(Client(), "nobody@primer.example", "не тот пароль")

    assert wrong.status_code == unknown.status_code == 422
    assert shown(wrong).replace(ADDRESS, "") == shown(unknown).replace("nobody@primer.example", "")
    assert "не подходят друг к другу" in shown(wrong)


def test_one_who_left_gets_the_same_words_and_their_session_ends(anna):
    browser = Client()
    enter(browser)
    User.objects.update(is_active=False)

    assert browser.get("/me/").status_code == 302
    assert "не подходят друг к другу" in shown(enter(Client()))


def test_signing_in_gives_a_new_session(anna):
    browser = Client()
    browser.session.save()
    before = browser.cookies["sessionid"].value

    enter(browser)

    assert browser.cookies["sessionid"].value != before


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "desk", "\0/", ""],
)
def test_next_leads_nowhere_but_to_a_path_of_ours(anna, wanted):
    assert enter(Client(), next=wanted)["Location"] == "/desk/"


def test_next_leads_back_to_where_the_person_was(anna):
    assert enter(Client(), next="/desk/7/?view=all")["Location"] == "/desk/7/?view=all"


def test_after_five_wrong_passwords_the_right_one_waits_too(anna):
    for _try in range(5):
        enter(Client(), password="не тот пароль")

    refused = enter(Client())
    assert refused.status_code == 429
    assert "Подождите 30 секунд" in shown(refused)

    Tally.objects.update(last_at=NOON - timedelta(days=300))
    assert enter(Client()).status_code == 302


def test_the_right_password_forgets_the_wrong_ones(anna):
    for _round in range(2):
        for _try in range(4):
            enter(Client(), password="не тот пароль")
        assert enter(Client()).status_code == 302


def test_one_browser_that_tries_many_addresses_is_slowed_down_and_another_is_not(anna):
    for n in range(20):
        enter(Client(), f"person{n}@primer.example", "Пароль123")

    assert enter(Client()).status_code == 429
    assert enter(Client(REMOTE_ADDR="10.0.0.7")).status_code == 302


def test_pauses_grow_up_to_a_quarter_of_an_hour():
    limit = throttling.Limit("test", 5, timedelta(hours=1))
    pauses = []
    for _try in range(12):
        throttling.count(limit, "a", at=NOON)
        pauses.append(throttling.pause_left(limit, "a", at=NOON).total_seconds())

    assert pauses == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]
    assert throttling.pause_left(limit, "a", at=NOON + 20 * MINUTE) == timedelta()


def test_old_tallies_are_forgotten():
    limit = throttling.Limit("test", 5, timedelta(hours=1))
    throttling.count(limit, "a", at=NOON)
    throttling.count(limit, "b", at=NOON + timedelta(days=2))

    assert Tally.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "password"), [("", ""), ("a\0b", "x"), ("ы" * 300, "x"), (ADDRESS, "x" * 1001), (ADDRESS, "")]
)
def test_a_hostile_form_comes_back_without_a_try(anna, email, password):
    assert enter(Client(), email, password).status_code == 422
    assert not Tally.objects.exists()


def test_a_form_of_another_site_is_refused(anna):
    strict = Client(enforce_csrf_checks=True)

    assert enter(strict).status_code == 403


def test_signing_out_needs_a_post_and_ends_the_session(anna):
    browser = Client()
    enter(browser)

    assert browser.get("/sign-out/").status_code == 405
    assert browser.post("/sign-out/")["Location"] == "/sign-in/"
    assert "_auth_user_id" not in browser.session


def test_a_page_of_the_desk_sends_a_stranger_to_sign_in_and_back():
    make.agent()

    assert Client().get("/me/")["Location"] == "/sign-in/?next=/me/"


def test_behind_a_proxy_the_visitor_is_whom_the_proxy_saw(rf, settings):
    request = rf.get("/", HTTP_X_FORWARDED_FOR="1.1.1.1, 203.0.113.9", REMOTE_ADDR="10.0.0.1")
    assert throttling.visitor(request) == "10.0.0.1"

    settings.SESSION_COOKIE_SECURE = True
    assert throttling.visitor(request) == "203.0.113.9"


def test_one_home_network_of_ipv6_is_one_visitor(rf):
    one, two = (rf.get("/", REMOTE_ADDR=f"2001:db8:1:2::{n}") for n in (1, 2))

    assert throttling.visitor(one) == throttling.visitor(two) == "2001:db8:1:2::/64"
