"""After a restore from a copy: what was closed since does not stand open again."""

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from otklik.accounts import invitations, reviving
from otklik.accounts.models import AccountLetter, User
from tests import make

pytestmark = pytest.mark.django_db


def close() -> None:
    with transaction.atomic():
        reviving.close(at=timezone.now())


def test_everybody_signs_in_anew_and_the_password_still_opens():
    anna = make.agent("Анна Орлова", email="anna@primer.example")
    browser = Client()
    browser.force_login(anna)
    epoch = User.objects.get(pk=anna.pk).access_epoch

    close()

    assert browser.get("/me/").status_code == 302
    assert User.objects.get(pk=anna.pk).access_epoch > epoch + 100
    answer = browser.post("/sign-in/", {"email": anna.email, "password": make.PASSWORD})
    assert answer["Location"] == "/desk/"


def test_a_link_that_may_have_been_used_opens_nothing_and_a_new_one_does():
    anna = make.agent("Анна Орлова", email="anna@primer.example")
    before = invitations.link(anna, at=timezone.now())

    close()

    assert Client().get(before.removeprefix("http://localhost:8000")).status_code == 410
    after = invitations.link(anna, at=timezone.now())
    assert Client().get(after.removeprefix("http://localhost:8000")).status_code == 200


def test_a_letter_that_may_have_left_is_not_owed_any_more():
    invitations.invite(make.agent("Анна Орлова", email="anna@primer.example"), at=timezone.now())

    close()

    assert not AccountLetter.objects.filter(done_at=None).exists()
    assert "из копии" in AccountLetter.objects.get().fault
