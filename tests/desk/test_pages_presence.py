"""Who may say that they are at a request, and what is told."""

import json

import psycopg
import pytest

from otklik.staff import presence
from tests import make
from tests.running import database_url

pytestmark = pytest.mark.django_db(transaction=True)


def signal(client, ticket, doing="writes"):
    return client.post(f"/desk/{ticket.number}/presence/", {"doing": doing})


def test_a_signal_is_told_with_the_request_its_team_and_the_name(client):
    anya, ticket = make.agent(), make.ticket()
    client.force_login(anya)
    with psycopg.connect(database_url(), autocommit=True) as listener:
        listener.execute(f"LISTEN {presence.CHANNEL}")
        assert signal(client, ticket).status_code == 204
        told = next(listener.notifies(timeout=5)).payload

    assert json.loads(told) == {
        "ticket": ticket.pk, "team": ticket.team_id, "user": anya.pk, "name": anya.name, "doing": "writes",
    }  # fmt: skip


def test_who_may_not_see_the_request_can_not_say_that_they_are_there(client):
    ticket = make.ticket()
    client.force_login(make.agent("Борис", team=make.team("Другая")))

    assert signal(client, ticket).status_code == 404


def test_a_strange_signal_is_refused(client):
    ticket = make.ticket()
    client.force_login(make.agent())

    assert signal(client, ticket, "<script>").status_code == 400


def test_signals_without_end_are_refused_and_a_colleague_is_still_heard(client):
    ticket = make.ticket()
    client.force_login(make.agent())
    statuses = [signal(client, ticket).status_code for _ in range(presence.SIGNALS)]
    assert set(statuses) == {204}

    assert 429 in (signal(client, ticket).status_code for _ in range(5 * presence.SIGNALS))
    client.force_login(make.agent("Борис Ким"))
    assert signal(client, ticket).status_code == 204
