"""Rules of signing in, and «это вы?» before pages that give power away."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils import timezone

from otklik.accounts import stepping
from otklik.accounts.models import SignInRules, User
from tests import make
from tests.rights import addresses

pytestmark = pytest.mark.django_db
ADDRESS = "anna@primer.example"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def anna() -> User:
    return make.agent("Анна Орлова", email=ADDRESS)


def enter(browser: Client, **more: str):
    return browser.post("/sign-in/", {"email": ADDRESS, "password": make.PASSWORD, **more})


def aged(browser: Client, age: timedelta) -> Client:
    """As if the person had shown who they are so long ago."""
    session = browser.session
    session[stepping.PROVED] = (timezone.now() - age).isoformat()
    session.save()
    return browser


def administrator(age: timedelta = timedelta()) -> Client:
    browser = Client()
    browser.force_login(make.admin())
    return aged(browser, age)


def test_where_all_need_a_second_step_one_without_gets_no_further_than_adding_it(anna):
    SignInRules.objects.create(second_step=True)
    browser = Client()

    assert enter(browser, next="/desk/")["Location"] == "/me/security/"
    assert "Второй шаг входа обязателен" in browser.get("/me/security/").text
    for path in ("/desk/", "/me/", "/desk/list/", "/people/", "/live-ticket/", "/operator/"):
        assert browser.get(path)["Location"] == "/me/security/", path
    assert browser.get("/desk/list/", headers={"HX-Request": "true"})["HX-Redirect"] == "/me/security/"
    assert browser.get("/me/security/app/").status_code == 200


def test_adding_it_opens_the_desk_at_once(anna):
    SignInRules.objects.create(second_step=True)
    browser = Client()
    enter(browser)
    browser.get("/me/security/app/")
    secret = browser.session["mfa.totp.secret"]
    code = totp_code(secret)

    answer = browser.post("/me/security/app/", {"code": code, "present": make.PASSWORD})

    assert answer.status_code == 200
    assert browser.get("/desk/").status_code == 200


def totp_code(secret: str) -> str:
    from allauth.mfa.totp.internal import auth

    counter = next(iter(auth.yield_hotp_counters_from_time()))
    return str(auth.format_hotp_value(auth.hotp_value(secret, counter)))


def test_sessions_of_before_go_on_and_one_who_has_it_is_not_stopped(anna):
    before = Client()
    enter(before)
    SignInRules.objects.create(second_step=True)
    assert before.get("/desk/").status_code == 200

    TOTP.activate(anna, SECRET)
    assert enter(Client())["Location"] == "/sign-in/second/"


@pytest.mark.parametrize("hours", [12, 336])
def test_a_session_lasts_as_long_as_the_rules_say(anna, hours):
    SignInRules.objects.create(session_hours=hours)
    browser = Client()
    enter(browser)

    left = browser.session.get_expiry_date() - timezone.now()
    assert abs(left - timedelta(hours=hours)) < timedelta(minutes=5)


def test_who_demands_it_of_all_adds_their_own_first():
    browser = administrator()
    words = {"second_step": "on", "session_hours": "12"}

    assert browser.post("/sign-in-rules/", words).status_code == 422
    TOTP.activate(User.objects.get(), SECRET)
    assert browser.post("/sign-in-rules/", words).status_code == 302

    assert SignInRules.objects.values_list("second_step", "session_hours").get() == (True, 12)


def test_half_an_hour_after_proof_a_page_of_power_asks_who_is_there():
    browser = administrator(timedelta(minutes=31))

    asked = browser.get("/people/new/?x=1")
    assert asked["Location"] == "/sign-in/again/?next=%2Fpeople%2Fnew%2F%3Fx%3D1"
    assert browser.post(asked["Location"], {"present": "не тот"}).status_code == 422
    assert browser.post(asked["Location"], {"present": make.PASSWORD})["Location"] == "/people/new/?x=1"

    assert browser.get("/people/new/?x=1").status_code == 200
    assert administrator_opens("/desk/", timedelta(days=3))


def administrator_opens(path: str, age: timedelta) -> bool:
    User.objects.all().delete()
    return administrator(age).get(path).status_code == 200


def test_what_was_being_filled_in_may_be_sent_for_an_hour_and_no_longer():
    words = {"name": "Команда ключей", "scopes": ["me"], "days": "1"}
    assert administrator(timedelta(minutes=59)).post("/keys/", words).status_code == 200
    User.objects.all().delete()

    answer = administrator(timedelta(minutes=61)).post("/keys/", words)

    assert answer.status_code == 403
    assert "давно не подтверждали" in answer.text


def test_guessing_the_password_there_is_slowed_down():
    browser = administrator(timedelta(hours=2))

    answers = [browser.post("/sign-in/again/", {"present": "не тот"}).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_whoever_has_no_password_shows_a_code(anna):
    anna.set_unusable_password()
    anna.save()
    TOTP.activate(anna, SECRET)
    browser = Client()
    browser.force_login(anna)

    assert browser.post("/sign-in/again/", {"code": "000000"}).status_code == 422
    assert browser.post("/sign-in/again/", {"code": totp_code(SECRET)}).status_code == 302


@pytest.mark.parametrize(
    "name", ["people", "services", "roles", "desk:inbox", "service-enter", "channels:boxes", "me"]
)
def test_pages_that_give_no_power_do_not_ask(name):
    assert not stepping.is_sure(name)


def test_each_page_that_asks_is_an_address_and_the_operators_are_among_them():
    assert set(addresses.names()) >= stepping.SURE
    assert stepping.is_sure("admin:desk_ticket_changelist")
    assert (
        administrator(timedelta(hours=1)).get("/operator/")["Location"]
        == "/sign-in/again/?next=%2Foperator%2F"
    )
