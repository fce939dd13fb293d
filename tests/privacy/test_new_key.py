"""The key is changed while an erasure is under way: what it looks for is sealed anew with everything else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from otklik.accounts import vault
from otklik.channels import resealing
from otklik.env import env
from otklik.privacy import erasing, working
from otklik.privacy.models import Erasure
from tests import make

pytestmark = pytest.mark.django_db
NEW = "a new key of tests that is long enough"


@pytest.fixture
def keys(monkeypatch):
    """keys(new, *old): from now on these are the keys."""
    told = env()
    return lambda new, *old: monkeypatch.setattr(
        vault, "env", lambda: replace(told, secret_key=new, old_secret_keys=old)
    )


def test_an_erasure_ends_after_the_key_was_changed_and_the_old_one_dropped(keys):
    client = make.ticket().client
    erasing.begin(client, ground="asked", by=make.admin(), at=timezone.now())
    keys(NEW, env().secret_key)
    assert resealing.standing() == resealing.Standing(0, 1, ())

    assert list(resealing.reseal()) == [1]
    keys(NEW)
    working.run(at=timezone.now(), fresh=timedelta(0))

    assert Erasure.objects.get().done_at


def test_an_erasure_that_no_key_opens_is_named(keys):
    erasing.begin(make.ticket().client, ground="asked", by=make.admin(), at=timezone.now())

    keys(NEW)

    assert resealing.standing().unreadable == (f"стирание {Erasure.objects.get().pk}",)
