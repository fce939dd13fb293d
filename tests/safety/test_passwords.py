"""What passwords may be and how they lie, by the words of the standard (docs/security.md, V2.1, V2.4, V2.5)."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from otklik.accounts import invitations
from otklik.accounts.forms import PasswordForm
from otklik.accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db


def good(password: str) -> bool:
    return PasswordForm(
        User(name="Анна Орлова", email="anna@primer.example"), {"password": password}
    ).is_valid()


@pytest.mark.parametrize(
    "password",
    [
        "корова 7",
        "elevensigns",
        "password1234",
        "123456789012",
        "anna@primer.example",
        "Анна Орлова1",
        "",
        "qwertyqwerty",
        "Qwerty2026!!!!",
        "йцукенгшщзхъ",
        "пароль-пароль",
        "987654321098",
        "aaaaaaaaaaaaaa",
        "ghbdtnghbdtn",
    ],
)
def test_what_is_short_common_or_like_the_name_is_refused(password):
    assert not good(password)


@pytest.mark.parametrize(
    "password",
    [
        "три рыжих кота спят",
        "🦊 лиса и ёж 🦔",
        "  с пробелами вокруг  ",
        "лось и рысь " * 10,
    ],
)
def test_up_to_128_signs_of_any_kind_are_taken_whole(password):
    assert good(password)
    assert not good("я" * 129)

    user = make.agent()
    user.set_password(password)
    assert user.check_password(password)
    assert not user.check_password(password[:-1])


def test_they_lie_in_argon2id_as_strong_as_the_standard_asks():
    """The suite runs the hasher at its cheapest (tests/conftest.py); what Django ships is looked at here."""
    user = make.agent()
    user.set_password("три рыжих кота спят")

    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert user.password.startswith("argon2$argon2id$")
    salt = user.password.split("$")[4]
    assert len(salt) >= 22  # 128 bits in base64
    shipped = re.search(r"memory_cost = (\d+)", _source())
    assert shipped is not None
    assert int(shipped[1]) >= 15 * 1024


def _source() -> str:
    import inspect
    from pathlib import Path

    return Path(inspect.getfile(Argon2PasswordHasher)).read_text(encoding="utf-8")


def test_the_change_asks_for_the_present_one():
    browser, anna = Client(), make.agent()
    browser.force_login(anna)
    words = {"present": "не тот", "fresh": "три рыжих кота спят"}

    assert browser.post("/me/password/", words).status_code == 422
    assert browser.post("/me/password/", {**words, "present": make.PASSWORD}).status_code == 302


def test_nothing_grows_old_by_itself():
    names = {one.name for one in User._meta.get_fields()}

    assert not {one for one in names if "password" in one} - {"password", "password_links"}
    assert not [one for one in settings.AUTH_PASSWORD_VALIDATORS if "history" in str(one).lower()]


def test_fields_name_themselves_to_password_managers():
    make.agent()
    page = Client().get("/sign-in/").text

    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="username"' in page
    assert "onpaste" not in page


def test_the_way_back_is_a_letter_and_asks_nothing():
    anna = make.agent(email="anna@primer.example")
    page = Client().post("/password/", {"email": anna.email}).text
    link = invitations.link(anna, at=make.NOON)

    assert anna.password not in page + link
    assert list(PasswordForm(anna).fields) == ["password"]
