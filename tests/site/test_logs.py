"""Logs of all roles: what a reader of them may not learn."""

import pytest
from django.utils import timezone

from otklik.accounts import invitations
from tests import make
from tests.journeys.scene import scene
from tests.listening import listening

pytestmark = pytest.mark.django_db


@pytest.fixture
def written():
    """What has been written to the log so far; pytest's own handlers come back at the end."""
    with listening() as told:
        yield told.getvalue


def test_the_key_of_a_clients_page_is_in_no_line_of_the_log(written):
    it = scene()
    it.write("")  # refused with 422: Django writes the address down

    told = written()
    assert '"path": "/r/' in told
    assert it.path.split("/")[2].split("-", 1)[1] not in told


def test_a_link_for_a_password_is_in_no_line_of_the_log(written, client):
    link = invitations.link(make.agent(), at=timezone.now())
    client.post(link.split("localhost:8000")[-1], {"password": "коротко"})

    told = written()
    assert '"path": "/password/' in told
    assert link.rstrip("/").rsplit("/", 1)[1] not in told


def test_other_addresses_are_written_in_full(written, client):
    client.get("/desk/no-such-page/")

    assert '"path": "/desk/no-such-page/"' in written()
