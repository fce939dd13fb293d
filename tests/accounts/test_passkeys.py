"""Keys and passkeys in a real browser, with Chromium's virtual authenticator."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from fido2 import cbor

from otklik.accounts import factors
from otklik.accounts.models import Tally, User
from tests import make
from tests.browsing import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

ADDRESS = "anna@primer.example"


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


# of the right shape, but for one thing
ODD = {
    "id": "YWJj", "rawId": "YWJj", "type": "public-key", "clientExtensionResults": {},
    "response": {
        "clientDataJSON": packed(b'{"type": "webauthn.get", "challenge": "AAAA", "origin": "http://localhost"}'),
        "authenticatorData": packed(bytes(32) + b"\x05" + bytes(4)), "signature": "YWJj", "userHandle": "MQ",
    },
}  # fmt: skip


@pytest.fixture
def anna(transactional_db: None) -> User:
    with connection.cursor() as cursor:  # a number that reads otherwise in another base: keys hold it so
        cursor.execute("SELECT setval('accounts_user_id_seq', 4242)")
    return make.agent("Анна Орлова", email=ADDRESS)


@pytest.fixture
def url(live_server) -> str:
    """By its name: passkeys refuse a bare number."""
    return str(live_server.url).replace("127.0.0.1", "localhost")


@pytest.fixture
def key(page: Page) -> Iterator[CDPSession]:
    """A key in this computer that knows its person by a finger."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield devtools
    devtools.detach()


def add_key(page: Page, url: str, *, alone: bool) -> None:
    sign_in(page, url, ADDRESS, make.PASSWORD)
    page.goto(f"{url}/me/security/keys/")
    page.fill("input[name=name]", "ноутбук")
    page.fill("input[name=present]", make.PASSWORD)
    page.set_checked("[data-alone]", alone)
    page.get_by_role("button", name="Добавить ключ").click()
    page.locator("#fresh-codes").wait_for()


def sign_out(page: Page, url: str) -> None:
    page.goto(f"{url}/me/")
    page.locator("main").get_by_role("button", name="Выйти").click()
    page.wait_for_url(f"{url}/sign-in/")


@pytest.mark.browser
def test_a_passkey_opens_the_desk_without_address_and_password(anna, url, page, key):
    add_key(page, url, alone=True)
    sign_out(page, url)

    page.get_by_role("button", name="Открыть ключом доступа").click()

    page.wait_for_url(f"{url}/desk/**")
    assert Authenticator.objects.get(type="webauthn").last_used_at is not None


@pytest.mark.browser
def test_a_key_is_the_second_step_after_the_password(anna, url, page, key):
    add_key(page, url, alone=False)
    sign_out(page, url)

    page.fill("input[type=email]", ADDRESS)
    page.fill("input[type=password]", make.PASSWORD)
    page.press("input[type=password]", "Enter")
    page.wait_for_url(f"{url}/sign-in/second/")
    page.get_by_role("button", name="Подтвердить ключом").click()

    page.wait_for_url(f"{url}/desk/**")


@pytest.mark.browser
def test_a_key_that_was_taken_away_opens_nothing(anna, url, page, key):
    add_key(page, url, alone=True)
    sign_out(page, url)
    Authenticator.objects.all().delete()

    page.get_by_role("button", name="Открыть ключом доступа").click()

    page.get_by_text("Этот ключ нам не знаком").wait_for()
    assert page.url == f"{url}/sign-in/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "told",
    [
        "{}", "[]", "null", '{"id": "x"}', '{"response": {"userHandle": "MQ"}}', "x",
        json.dumps({**ODD, "clientExtensionResults": 5}), json.dumps({**ODD, "response": 5}),
    ],
)  # fmt: skip
def test_a_made_up_key_is_refused_in_words(told):
    make.agent()
    browser = Client()
    state = browser.get("/sign-in/passkey/", headers={"accept": "application/json"}).json()["state"]

    answer = browser.post("/sign-in/passkey/", {"credential": told, "state": state}, follow=True)

    assert answer.redirect_chain[-1][0] == "/sign-in/"
    assert "_auth_user_id" not in browser.session
    if "YWJj" in told:
        assert Tally.objects.exists()  # whoever tries many is stopped


@pytest.mark.django_db
@pytest.mark.parametrize("cut", range(0, 120, 7))
def test_a_key_that_is_cut_anywhere_is_not_added(cut):
    """What a browser tells of a new key (CBOR), cut short on its way."""
    whole = cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(32) + b"\x45" + bytes(40)})
    response = {
        "clientDataJSON": packed(
            b'{"type": "webauthn.create", "challenge": "AAAA", "origin": "http://localhost"}'
        ),
        "attestationObject": packed(whole[:cut]),
    }
    told = {"id": "YWJj", "rawId": "YWJj", "type": "public-key", "response": response}

    with pytest.raises(factors.WrongCode):
        factors.add_key(make.agent(), "Ключ", told, at=make.NOON)
