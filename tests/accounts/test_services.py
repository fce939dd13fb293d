"""Signing in by another service (OpenID Connect): whom it lets in, whom it doesn't, and what a stranger can't bend."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from otklik.accounts.models import Provider, User
from otklik.accounts.vault import seal, unseal
from tests import make
from tests.accounts import provider
from tests.accounts.provider import Service

pytestmark = pytest.mark.django_db
ADDRESS = "anna@primer.example"
ANNA = {"sub": "42", "email": ADDRESS, "email_verified": True, "name": "Anna"}


@pytest.fixture
def anna() -> User:
    return make.agent("Анна Орлова", email=ADDRESS)


@pytest.fixture
def service() -> Iterator[Service]:
    with provider.running() as running:
        running.person = dict(ANNA)
        Provider.objects.create(
            slug="sso", name="Единый вход", address=running.address, client_id=provider.CLIENT,
            secret=seal(provider.SECRET),
        )  # fmt: skip
        yield running


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        """The test's browser goes there itself."""


def through(browser: Client, **more: str):
    """As a browser does: to the service, which sends it back with a code."""
    begun = browser.post("/sign-in/sso/", more)
    assert begun.status_code == 302, begun.content
    return browser.get(agreed(begun["Location"]))


def agreed(place: str) -> str:
    """The path that the service sends the browser back to."""
    try:
        build_opener(_Stay).open(place)
    except OSError as answer:
        back: str = answer.headers["Location"]  # type: ignore[attr-defined]  # an HTTPError of 302
    return back.removeprefix("http://testserver")


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_whom_the_company_has_comes_in_by_the_address_that_the_service_checked(anna, service):
    browser = Client()

    assert through(browser, next="/me/")["Location"] == "/me/"

    assert browser.session["_auth_user_id"] == str(anna.pk)
    assert service.faults == []


def test_the_second_time_the_person_is_known_by_the_services_own_id(anna, service):
    through(Client())
    service.person = {**ANNA, "email": "another@primer.example"}
    browser = Client()

    through(browser)

    assert is_in(browser)
    assert SocialAccount.objects.get().uid == "42"


@pytest.mark.parametrize(
    "person",
    [
        {**ANNA, "email_verified": False},
        {**ANNA, "email_verified": "false"},
        {**ANNA, "email": "who@else.example"},
        {"sub": "42"},
    ],
    ids=["not checked", "not checked, in letters", "unknown", "no address"],
)
def test_nobody_signs_up_and_an_unchecked_address_opens_nothing(anna, service, person):
    service.person = person
    browser = Client()

    assert through(browser)["Location"] == "/sign-in/"

    assert "которой у нас нет" in browser.get("/sign-in/").text.replace("\xa0", " ")
    assert not is_in(browser)
    assert User.objects.count() == 1


@pytest.mark.parametrize("checked", [True, "true"])
def test_the_password_stays_beside_the_service(anna, service, checked):
    service.person = {**ANNA, "email_verified": checked}
    browser, other = Client(), Client()
    other.post("/sign-in/", {"email": ADDRESS, "password": make.PASSWORD})

    through(browser)

    assert is_in(browser)
    assert other.get("/me/").status_code == 200
    answer = Client().post("/sign-in/", {"email": ADDRESS, "password": make.PASSWORD})
    assert answer["Location"] == "/desk/"


def test_the_ids_of_a_service_that_went_or_moved_open_nothing_at_another(anna, service):
    boris = make.agent("Борис", email="boris@primer.example")
    through(Client())
    row, admin = Provider.objects.get(), Client()
    admin.force_login(make.admin())
    words = {"name": "Вход", "slug": "sso", "client_id": provider.CLIENT, "is_on": "on"}
    moved = {**words, "address": f"{service.address}/"}
    assert admin.post(f"/services/{row.pk}/", {**moved, "secret": provider.SECRET}).status_code == 302
    service.person = {"sub": "42", "email": boris.email, "email_verified": True}  # another person there
    browser = Client()

    through(browser)

    assert browser.session["_auth_user_id"] == str(boris.pk)
    admin.post(f"/services/{row.pk}/removal/")
    assert not SocialAccount.objects.exists()


def test_one_who_left_is_not_let_in(anna, service):
    User.objects.update(is_active=False)
    browser = Client()

    through(browser)

    assert not is_in(browser)
    assert not SocialAccount.objects.exists()


def test_the_second_step_is_asked_for_after_the_service_too(anna, service):
    TOTP.activate(anna, "JBSWY3DPEHPK3PXP")
    browser = Client()

    assert through(browser)["Location"] == "/sign-in/second/"
    assert not is_in(browser)


def test_an_answer_that_another_browser_asked_for_opens_nothing(anna, service):
    thief, victim = Client(), Client()
    back = agreed(thief.post("/sign-in/sso/")["Location"])

    answer = victim.get(back)

    assert answer["Location"] == "/sign-in/"
    assert not is_in(victim)


def test_a_token_made_for_another_program_opens_nothing(anna, service):
    service.audience = "another program"
    browser = Client()

    assert through(browser)["Location"] == "/sign-in/"
    assert not is_in(browser)


@pytest.mark.parametrize(
    "faults",
    [
        {"token_of": {"nonce": "of another try"}},
        {"token_of": {"nonce": ""}},
        {"token_of": {"iss": "https://evil.example"}},
        {"token_of": {"sub": "43"}},
        {"token_of": {"exp": 1}},
        {"tokenless": True},
    ],
    ids=["another try's nonce", "no nonce", "another issuer", "another person", "long over", "no ID token"],
)
def test_an_answer_to_something_else_opens_nothing(anna, service, faults):
    for name, value in faults.items():
        setattr(service, name, value)
    browser = Client()

    assert through(browser)["Location"] == "/sign-in/"
    assert not is_in(browser)


def test_each_try_has_a_nonce_of_its_own(anna, service):
    places = [Client().post("/sign-in/sso/")["Location"] for _ in range(2)]

    nonces = {parse_qs(urlsplit(place).query)["nonce"][0] for place in places}
    assert len(nonces) == 2
    assert min(map(len, nonces)) >= 32


def test_a_service_that_calls_itself_another_name_is_not_asked(anna, service):
    service.issuer = "https://evil.example"
    browser = Client()

    assert browser.post("/sign-in/sso/")["Location"] == "/sign-in/"


def test_a_code_is_asked_for_with_a_challenge_and_where_to_is_ours(anna, service):
    place = Client().post("/sign-in/sso/", {"next": "https://evil.example/"})["Location"]

    asked = parse_qs(urlsplit(place).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://testserver/sign-in/sso/back/"]
    assert Client().get("/sign-in/sso/").status_code == 405


def test_a_service_that_is_away_or_switched_off_leaves_the_password(anna, service):
    Provider.objects.update(address="http://127.0.0.1:1")
    browser = Client()
    assert browser.post("/sign-in/sso/")["Location"] == "/sign-in/"
    assert "не отвечает" in browser.get("/sign-in/").text

    Provider.objects.update(is_on=False)
    assert Client().post("/sign-in/sso/").status_code == 404
    assert "Единый вход" not in Client().get("/sign-in/").text


def test_an_administrator_adds_a_service_and_its_secret_lies_sealed():
    admin = Client()
    admin.force_login(make.admin())
    words = {
        "name": "Вход",
        "slug": "sso",
        "address": "https://sso.example.ru",
        "client_id": "x",
        "is_on": "on",
    }
    assert admin.post("/services/new/", {**words, "secret": "тайна"}).status_code == 302
    row = Provider.objects.get()
    assert unseal(bytes(row.secret)) == "тайна"

    admin.post(f"/services/{row.pk}/", {**words, "secret": ""})
    assert unseal(bytes(Provider.objects.get().secret)) == "тайна"
    assert admin.post("/services/new/", {**words, "slug": "second"}).status_code == 422
    clear = {**words, "slug": "clear", "address": "http://sso.example.ru"}
    assert admin.post("/services/new/", clear).status_code == 422
