"""The second step of signing in: codes of an app and recovery codes. The arithmetic is RFC 6238's, done here anew."""

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from otklik.accounts import invitations
from otklik.accounts.models import AccountLetter, Tally, User
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "anna@primer.example"


@pytest.fixture
def anna() -> User:
    return make.agent("Анна Орлова", email=ADDRESS)


def totp(secret: str, *, steps: int = 0) -> str:
    """What an app would show now, or so many half-minutes later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def with_app(browser: Client) -> tuple[str, list[str]]:
    """Adds an app in the profile: its secret and the recovery codes that were shown."""
    found = re.search(r'id="secret">([A-Z2-7]+)<', browser.get("/me/security/app/").text)
    assert found
    done = browser.post("/me/security/app/", {"code": totp(found[1]), "present": make.PASSWORD})
    return found[1], re.findall(r"<code>(\d{8})</code>", done.text)


def password(browser: Client, *, onward: str = ""):
    return browser.post("/sign-in/", {"email": ADDRESS, "password": make.PASSWORD, "next": onward})


def prove(browser: Client, code: str):
    return browser.post("/sign-in/second/", {"code": code})


@pytest.fixture
def app(anna) -> tuple[str, list[str]]:
    browser = Client()
    password(browser)
    return with_app(browser)


def test_with_an_app_the_password_alone_opens_nothing(app):
    browser = Client()

    assert password(browser)["Location"] == "/sign-in/second/"

    assert browser.get("/me/").status_code == 302
    assert "_auth_user_id" not in browser.session


def test_the_code_of_the_app_opens_the_desk_and_leads_where_the_person_was(app):
    browser = Client()
    password(browser, onward="/me/security/")

    assert prove(browser, totp(app[0], steps=1))["Location"] == "/me/security/"
    assert browser.get("/me/").status_code == 200


def test_a_code_is_good_once(app):
    code = totp(app[0], steps=1)
    first, second = Client(), Client()
    password(first)
    password(second)

    assert prove(first, code).status_code == 302
    assert prove(second, code).status_code == 422


def test_a_recovery_code_is_good_once_and_codes_are_ten(app):
    assert len(app[1]) == 10
    for expected in [302, 422]:
        browser = Client()
        password(browser)
        assert prove(browser, app[1][3]).status_code == expected


def test_after_five_wrong_codes_the_right_one_waits_too(app):
    browser = Client()
    password(browser)
    for _try in range(5):
        assert prove(browser, "000000").status_code == 422

    assert prove(browser, totp(app[0], steps=1)).status_code == 429
    Tally.objects.update(last_at=timezone.now() - timedelta(hours=1))
    assert prove(browser, totp(app[0], steps=1)).status_code == 302


def test_the_second_page_opens_to_nobody_without_the_password(app):
    assert prove(Client(), totp(app[0], steps=1))["Location"] == "/sign-in/"
    assert Client().get("/sign-in/second/")["Location"] == "/sign-in/"


def test_a_link_for_a_new_password_does_not_go_round_the_second_step(app, anna):
    link = invitations.link(anna, at=timezone.now()).removeprefix("http://localhost:8000")
    browser = Client()

    assert browser.post(link, {"password": "совсем другие слова"})["Location"] == "/sign-in/second/"
    assert browser.get("/me/").status_code == 302


def test_an_app_is_not_added_without_the_present_password_or_with_a_wrong_code(anna):
    browser = Client()
    password(browser)
    found = re.search(r'id="secret">([A-Z2-7]+)<', browser.get("/me/security/app/").text)
    assert found

    for wrong in [{"present": "не тот"}, {"code": "000000"}]:
        words = {"code": totp(found[1]), "present": make.PASSWORD, **wrong}
        assert browser.post("/me/security/app/", words).status_code == 422
    assert not Authenticator.objects.exists()


def test_taking_the_app_away_asks_for_the_password_and_takes_the_codes_too(app, anna):
    browser = Client()
    password(browser)
    prove(browser, totp(app[0], steps=1))
    address = f"/me/security/factors/{Authenticator.objects.get(type='totp').pk}/removal/"

    assert browser.post(address, {"present": "не тот"}).status_code == 422
    assert Authenticator.objects.count() == 2
    assert browser.post(address, {"present": make.PASSWORD}).status_code == 302
    assert Authenticator.objects.count() == 0


def test_new_recovery_codes_end_the_old_ones(app):
    browser = Client()
    password(browser)
    prove(browser, totp(app[0], steps=1))

    fresh = re.findall(
        r"<code>(\d{8})</code>", browser.post("/me/security/codes/", {"present": make.PASSWORD}).text
    )

    assert set(fresh).isdisjoint(app[1])
    for code, expected in [(app[1][0], 422), (fresh[0], 302)]:
        other = Client()
        password(other)
        assert prove(other, code).status_code == expected


def test_secrets_lie_sealed_and_each_change_is_told_by_letter(app):
    assert app[0] not in str(list(Authenticator.objects.values_list("data", flat=True)))
    assert "Включили вход с кодом" in AccountLetter.objects.get(kind="second").words


def test_an_administrator_helps_who_lost_the_telephone_and_an_agent_cannot(app, anna):
    admin, boris = Client(), Client()
    admin.force_login(make.admin())
    boris.force_login(make.agent("Борис Ким"))

    assert boris.post(f"/people/{anna.pk}/factors/").status_code == 403
    assert password(Client())["Location"] == "/sign-in/second/"
    admin.post(f"/people/{anna.pk}/factors/")
    assert password(Client())["Location"] == "/desk/"


def test_nobody_takes_away_a_factor_of_somebody_else(app):
    boris = Client()
    boris.force_login(make.agent("Борис Ким"))
    pk = Authenticator.objects.get(type="totp").pk

    boris.post(f"/me/security/factors/{pk}/removal/", {"present": make.PASSWORD})

    assert Authenticator.objects.filter(pk=pk).exists()
