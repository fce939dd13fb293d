"""Every address of the product with every method, as one who may do all and as nobody."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch

from tests import make
from tests.rights import addresses, doors
from tests.rights.scene import Scene

# of Django's admin: the scene's rows by their lists
OPERATOR = ["/operator/", "/operator/desk/ticket/", "/operator/accounts/user/", "/operator/channels/box/"]
# asked for by a name that the scene has no row for, or that ends the session: walked by hand
_LEFT_OUT = ("practice:", "admin:", "sign-out", "sessions-end", "person-leaves", "person-signs-out")
_TOKEN = {"openid_connect_callback": "/sign-in/sso/back/", "service-enter": "/sign-in/sso/"}
FAULTS = [
    "/no-such-page/",
    "/desk/999999/",
    "/r/1-aaaaaaaaaaaaaaaaaaaaaa/",
    "/static/none.css",
    "/api/v1/none",
]


@dataclass(frozen=True)
class Seen:
    """One answer. body: read to its end."""

    what: str
    answer: HttpResponseBase
    body: str


def paths(there: Scene) -> dict[str, str]:
    """Name → address of everything that the scene can fill in."""
    found = {}
    for name in addresses.names():
        if name.startswith(_LEFT_OUT):
            continue
        try:
            found[name] = _TOKEN.get(name) or addresses.address(name, there)
        except (NoReverseMatch, KeyError):
            continue
    return found


def administrator(*, enforce_csrf_checks: bool = False) -> Client:
    browser = Client(raise_request_exception=False, enforce_csrf_checks=enforce_csrf_checks)
    browser.force_login(make.admin("Ася Ключникова"))
    return browser


def nobody(*, enforce_csrf_checks: bool = False) -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=enforce_csrf_checks)


def walk(there: Scene, browser: Client, *methods: str, more: tuple[str, ...] = ()) -> Iterator[Seen]:
    """Nothing that a step changes lasts."""
    for name, path in [*paths(there).items(), *((one, one) for one in more)]:
        for method in methods:
            with transaction.atomic():
                answer = browser.generic(method, path)
                body = doors.body(answer)
                transaction.set_rollback(True)
            yield Seen(f"{method} {name} {answer.status_code}", answer, body)
