"""My own page: how I am spoken of, how I write, my password."""

import pytest
from django.test import Client

from otklik.accounts.models import User
from otklik.staff import queries
from tests import make

pytestmark = pytest.mark.django_db
FRESH = "совсем другие пять слов"
MINE = {
    "name": "Анна Орлова", "position": "инженер", "speech": "f", "signature": "С уважением, Анна", "undo_s": "20",
    "mail_answered": "on", "theme": "dark", "language": "en", "after_send": "next",
}  # fmt: skip


@pytest.fixture
def anna() -> User:
    return make.agent("Анна Орлова", email="anna@primer.example")


@pytest.fixture
def browser(anna) -> Client:
    browser = Client()
    browser.force_login(anna)
    return browser


def test_what_i_decide_about_myself_is_kept(browser, anna):
    answer = browser.post("/me/", MINE)

    anna.refresh_from_db()
    profile = queries.profile(anna)
    assert answer.status_code == 302
    assert (anna.theme, anna.language, profile.undo_s) == ("dark", "en", 20)
    assert (profile.mail_assigned, profile.mail_answered, profile.after_send) == (False, True, "next")
    assert answer.cookies["django_language"].value == "en"


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "ы" * 121}, {"undo_s": "31"}, {"undo_s": "-1"}, {"undo_s": "x"}, {"theme": "pink"},
     {"language": "fr"}, {"speech": "x"}, {"signature": "ы" * 2001}, {"position": "\0"}, {"after_send": "x"}],
)  # fmt: skip
def test_wrong_values_change_nothing(browser, anna, wrong):
    assert browser.post("/me/", {**MINE, **wrong}).status_code == 422

    anna.refresh_from_db()
    assert anna.theme == "system"


def test_the_role_and_the_address_are_not_mine_to_change(browser, anna):
    browser.post("/me/", {**MINE, "role": "admin", "email": "x@y.example", "is_active": ""})

    anna.refresh_from_db()
    assert (anna.role, anna.email, anna.is_active) == ("agent", "anna@primer.example", True)


def test_a_new_password_signs_out_other_browsers_and_not_this_one(browser, anna):
    other = Client()
    other.force_login(anna)

    answer = browser.post("/me/password/", {"present": make.PASSWORD, "fresh": FRESH})

    assert answer.status_code == 302
    assert browser.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302
    anna.refresh_from_db()
    assert anna.check_password(FRESH)


@pytest.mark.parametrize(
    ("present", "fresh"), [("не тот", FRESH), ("", FRESH), (make.PASSWORD, "короткий"), (make.PASSWORD, "")]
)
def test_a_password_is_changed_only_by_one_who_knows_it(browser, anna, present, fresh):
    answer = browser.post("/me/password/", {"present": present, "fresh": fresh})

    assert answer.status_code == 422
    anna.refresh_from_db()
    assert anna.check_password(make.PASSWORD)


def test_the_present_password_can_not_be_guessed_at_a_desk_left_open(anna, browser):
    guess = {"present": "не тот", "fresh": FRESH}
    for _try in range(10):
        assert browser.post("/me/password/", guess).status_code == 422

    assert browser.post("/me/password/", guess | {"present": make.PASSWORD}).status_code == 429
    anna.refresh_from_db()
    assert anna.check_password(make.PASSWORD)
