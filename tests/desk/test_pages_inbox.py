"""The inbox: who sees which rows, how a list pages, what it costs."""

import pytest
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db


def page(client, user, url=None, **query):
    client.force_login(user)
    return client.get(url or reverse("desk:inbox"), query)


def test_an_agent_sees_the_unowned_requests_of_their_team(client):
    anya = make.agent()
    ticket = make.ticket(subject="Не открывается база")

    answer = page(client, anya, view="unowned")

    assert f'id="row-{ticket.number}"' in answer.text
    assert "Вера Соколова" in answer.text
