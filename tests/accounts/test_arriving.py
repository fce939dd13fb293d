"""Who a page is for: the person of its session, as they are in this very moment."""

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from otklik.accounts import arriving
from otklik.accounts.models import OwnRole, Session, User
from otklik.staff.models import Membership
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/desk/"


@pytest.fixture
def anya() -> User:
    return make.agent()


@pytest.fixture
def browser(anya: User) -> Client:
    browser = Client()
    browser.force_login(anya)
    return browser


def person_of(browser: Client) -> User | None:
    found = arriving.read(browser.cookies["sessionid"].value, at=timezone.now())
    assert found is not None
    return found.person


def test_a_session_brings_its_person_with_role_and_teams_in_one_statement(browser, anya):
    anya.own_role = OwnRole.objects.create(name="Надзор", rights=["see"])
    anya.save(update_fields=["own_role"])
    Membership.objects.create(user=anya, team=make.team("Касса"))

    with CaptureQueriesContext(connection) as asked:
        person = person_of(browser)
        assert person is not None
        assert (person, person.own_role) == (anya, anya.own_role)

    assert set(person.loaded_teams or ()) == set(anya.teams.values_list("pk", flat=True))
    assert {f.attname: getattr(person, f.attname) for f in User._meta.concrete_fields} == {
        f.attname: getattr(User.objects.get(pk=anya.pk), f.attname) for f in User._meta.concrete_fields
    }
    assert len(asked) == 1


def test_a_page_asks_once_who_is_there(browser):
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(PAGE).status_code == 200

    assert (
        sum("accounts_session" in one["sql"] or "accounts_user" in one["sql"] for one in asked) == 2
    )  # and the list


@pytest.mark.parametrize(
    "changed",
    [{"is_active": False}, {"password": make_password("другой длинный пароль")}],
    ids=["put out", "password changed"],
)
def test_who_may_not_come_in_any_more_is_sent_to_the_door(browser, anya, changed):
    assert browser.get(PAGE).status_code == 200

    User.objects.filter(pk=anya.pk).update(**changed)

    assert browser.get(PAGE).status_code == 302


def test_a_session_whose_row_names_somebody_else_is_believed_in_what_it_signed(browser, anya):
    boris = make.agent("Борис Ким")

    Session.objects.update(user=boris)

    assert browser.get("/me/").context["user"].pk == anya.pk


def test_a_session_past_its_time_or_made_up_opens_nothing(browser):
    made_up = Client()
    made_up.cookies["sessionid"] = "x" * 32
    assert made_up.get(PAGE).status_code == 302

    Session.objects.update(expire_date=timezone.now())

    assert browser.get(PAGE).status_code == 302


def test_a_change_of_role_or_teams_counts_from_the_next_page(browser, anya):
    number = make.ticket().number
    assert f'id="row-{number}"' in browser.get(f"{PAGE}?view=all").text

    Membership.objects.filter(user=anya).update(team=make.team("Касса"))
    assert f'id="row-{number}"' not in browser.get(f"{PAGE}?view=all").text

    User.objects.filter(pk=anya.pk).update(role=User.Role.ADMIN)
    assert f'id="row-{number}"' in browser.get(f"{PAGE}?view=all").text


def test_who_has_not_signed_in_has_a_session_without_a_person():
    visitor = Client()
    session = visitor.session
    session["seen"] = 1
    session.save()
    assert session.session_key
    visitor.cookies["sessionid"] = session.session_key

    assert person_of(visitor) is None
    assert visitor.get(PAGE).status_code == 302
