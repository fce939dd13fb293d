"""Role × object × door, and role × address: each cell of docs/rights.md is tried, and none may be missing there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from otklik.accounts.models import User
from otklik.accounts.rights import Right
from tests.rights import addresses, doors, scene
from tests.rights.document import NO, YES, read, read_missing
from tests.rights.doors import Probe
from tests.rights.people import PEOPLE
from tests.rights.scene import Scene

pytestmark = pytest.mark.django_db
SEES, THINGS = read("Кто что видит")
OPENS, ADDRESSES = read("Кто какой адрес открывает")
EVERYBODY = "все"  # a row that has no shut cell by intent stands with this mark in its second cell


@contextmanager
def undone() -> Iterator[None]:
    """Whatever one person's try changes is taken back before the next one's."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class World:
    """One scene and all people, signed in, for all rows: made once, taken back at the end."""

    there: Scene
    people: dict[str, User | None]
    cookies: dict[str, str]

    def browser(self, name: str) -> Client:
        browser = Client(raise_request_exception=False)
        if self.cookies[name]:
            browser.cookies["sessionid"] = self.cookies[name]
        return browser

    def tried(self, probe: Probe) -> dict[str, str]:
        """Person → sign."""
        signs = {}
        for name, user in self.people.items():
            with undone():
                signs[name] = YES if probe(self.browser(name), self.there, user) else NO
        return signs


def _cookie(user: User | None) -> str:
    if user is None:
        return ""
    browser = Client()
    browser.force_login(user)
    return browser.cookies["sessionid"].value


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), undone():
        there = scene.build()
        people = {name: make_person(there.ours, there.theirs) for name, make_person in PEOPLE.items()}
        yield World(there, people, {name: _cookie(user) for name, user in people.items()})


def is_open(browser: Client, method: str, address: str) -> bool:
    """Anything but a closed door: refused, not there, or led to the sign-in page."""
    answer = browser.post(address) if method == "POST" else browser.get(address)
    doors.body(answer)
    assert answer.status_code < 500, f"{method} {address}: {answer.status_code}"
    assert answer.status_code != 405, f"{method} {address}"
    led_away = answer.status_code == 302 and answer["Location"].startswith(("/sign-in/", "/operator/login/"))
    return answer.status_code not in {401, 403, 404, 410} and not led_away


@pytest.mark.parametrize(("thing", "door"), list(THINGS))
def test_who_sees_a_thing_by_a_door(world, thing, door):
    assert world.tried(doors.SEEN[thing, door]) == THINGS[thing, door]


@pytest.mark.parametrize(("name", "method"), list(ADDRESSES))
def test_who_opens_an_address(world, name, method):
    verb = method.split()[0]

    def probe(browser: Client, there: Scene, _user: User | None) -> bool:
        return is_open(browser, verb, addresses.address(name, there))

    assert world.tried(probe) == ADDRESSES[name, method]


def test_the_columns_are_all_roles_and_all_rights():
    alone = {f"+{right.value}" for right in Right}

    assert list(PEOPLE) == SEES == OPENS
    assert set(PEOPLE) >= {*User.Role.values, *alone}


def test_each_object_and_door_has_a_row_and_each_row_a_probe():
    there_are = {*THINGS, *((thing, door) for thing, gone in read_missing().items() for door in gone)}

    assert there_are == {(thing, door) for thing in doors.OBJECTS for door in doors.DOORS}
    assert set(THINGS) == set(doors.SEEN)


def test_each_refusal_has_a_positive_twin_and_each_right_a_refusal():
    for key, row in THINGS.items():
        assert set(row.values()) == {YES, NO}, key
    for (name, method), row in ADDRESSES.items():
        wanted = {YES} if method.endswith(EVERYBODY) else {YES, NO}
        assert set(row.values()) == wanted, (name, method)


def test_each_address_and_method_of_the_product_has_a_row(world):
    rows = {(name, method.split()[0]) for name, method in ADDRESSES}

    assert {name for name, _method in rows} == set(addresses.for_the_table())
    for name in addresses.for_the_table():
        for method in ["GET", "POST"]:
            with undone():
                where = addresses.address(name, world.there)
                answer = world.browser("admin").generic(method, where)
                doors.body(answer)
                assert (answer.status_code != 405) == ((name, method) in rows), (name, method)


def test_what_stands_elsewhere_is_an_address_of_the_product():
    for beginning in addresses.ELSEWHERE:
        assert any(one.startswith(beginning) for one in addresses.names()), beginning
