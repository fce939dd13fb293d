"""What the pages cost: queries don't grow with what is shown (design §8)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.desk import noting, routing
from tests import make
from tests.make import HOUR, MINUTE, NOON

pytestmark = pytest.mark.django_db


def queries_of(client, address, **query):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address, query).status_code == 200
    return len(seen)


def test_a_list_of_30_requests_costs_as_much_as_a_list_of_one(client):
    anya = make.agent()
    client.force_login(anya)
    make.ticket(sender=make.identity("first@kvarts.example"))
    one = queries_of(client, reverse("desk:inbox"), view="unowned")
    for n in range(29):
        ticket = make.ticket(sender=make.identity(f"more{n}@kvarts.example"))
        if n % 2:
            routing.take(ticket, by=anya, at=NOON)

    assert queries_of(client, reverse("desk:inbox"), view="all") == one


def test_a_request_costs_at_most_14_queries_with_2_messages_and_with_20(client):
    anya = make.agent()
    client.force_login(anya)
    ticket = make.ticket()
    make.reply(ticket, by=anya)
    noting.write(ticket, "позвонить", by=anya, at=NOON + HOUR)
    here = reverse("desk:ticket", args=[ticket.number])
    with_two = queries_of(client, here)
    for n in range(9):
        make.received("Ещё слово", ticket=ticket, at=NOON + HOUR * 2 + n * 2 * MINUTE)
        make.reply(ticket, by=anya, at=NOON + HOUR * 2 + timedelta(minutes=n * 2 + 1))

    assert queries_of(client, here) == with_two
    assert with_two <= 14


def test_a_search_costs_the_same_for_four_finds_and_for_20(client):
    client.force_login(make.agent())
    for n in range(4):
        make.ticket("кракозябра", sender=make.identity(f"first{n}@kvarts.example"))
    four = queries_of(client, reverse("desk:search"), q="кракозябра")
    for n in range(25):
        make.ticket("кракозябра", sender=make.identity(f"more{n}@kvarts.example"))

    assert queries_of(client, reverse("desk:search"), q="кракозябра") == four
