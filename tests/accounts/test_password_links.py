"""One-time links for a password: they live shortly, work once, and don't let anybody past the second factor."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from otklik.accounts import invitations
from otklik.accounts.models import PasswordLink, Session, User
from tests import make

pytestmark = pytest.mark.django_db
FRESH = "совсем другие пять слов"
HERE = "http://localhost:8000"
RESET = PasswordLink.Purpose.RESET


def path_of(user: User, *, ago: timedelta = timedelta(), purpose: str = RESET) -> str:
    return invitations.link(user, at=timezone.now() - ago, purpose=purpose).removeprefix(HERE)


@pytest.mark.parametrize(
    ("purpose", "lives", "over"),
    [(RESET, timedelta(minutes=59), timedelta(minutes=61)), ("invitation", timedelta(hours=71), timedelta(hours=73))],
)  # fmt: skip
def test_a_reset_lives_an_hour_and_an_invitation_three_days(purpose, lives, over):
    anna = make.agent()

    assert Client().get(path_of(anna, ago=lives, purpose=purpose)).status_code == 200
    assert Client().get(path_of(anna, ago=over, purpose=purpose)).status_code == 410


def test_a_new_link_ends_the_one_before():
    anna = make.agent()
    first = path_of(anna)
    second = path_of(anna)

    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


@pytest.mark.parametrize("used", [0, 1])
@pytest.mark.parametrize("ways", [("handed", "invitation"), ("invitation", "handed"), ("handed", "reset")])
def test_a_link_by_hand_and_one_by_letter_both_work_until_one_is_used(ways, used):
    anna = make.agent()
    paths = [path_of(anna, purpose=way) for way in ways]
    assert [Client().get(one).status_code for one in paths] == [200, 200]

    assert Client().post(paths[used], {"password": FRESH}).status_code == 302

    assert [Client().get(one).status_code for one in paths] == [410, 410]


def test_setting_a_password_by_a_link_ends_every_session():
    anna = make.agent()
    elsewhere = Client()
    elsewhere.force_login(anna)

    Client().post(path_of(anna), {"password": FRESH})

    assert elsewhere.get("/me/").status_code == 302
    assert Session.objects.filter(user=anna).count() == 1


def test_changing_the_password_in_the_profile_ends_a_link_that_waits():
    anna = make.agent()
    path = path_of(anna)
    browser = Client()
    browser.force_login(anna)

    browser.post("/me/password/", {"present": make.PASSWORD, "fresh": FRESH})

    assert Client().get(path).status_code == 410
    assert browser.get("/me/").status_code == 200


def test_a_weak_password_is_refused_and_the_link_stays():
    anna = make.agent()
    path = path_of(anna)

    assert Client().post(path, {"password": "коротко"}).status_code == 422
    assert Client().post(path, {"password": FRESH}).status_code == 302


def test_one_person_has_one_living_link_a_way():
    anna = make.agent()
    path_of(anna)
    again = PasswordLink.objects.get()
    again.pk, again.token_hash = None, "0" * 64

    with pytest.raises(IntegrityError, match="passwordlink_one_live_a_way"), transaction.atomic():
        again.save()
