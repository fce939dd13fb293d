"""A page that walks the newest requests alone says how far back they go, and only where that is less than asked."""

import pytest

from otklik.sla import walked
from tests import make
from tests.make import DAY, NOON

pytestmark = pytest.mark.django_db


def test_how_far_the_newest_requests_go_back_is_said_where_it_is_less_than_was_asked():
    for days in (20, 10, 5):
        make.ticket(at=NOON - days * DAY)

    assert walked.said(2, NOON - 30 * DAY, NOON).startswith(
        "Посмотрели только последние запросы, начиная с 1"
    )
    assert walked.said(2, NOON - 7 * DAY, NOON) == ""
    assert walked.said(4, NOON - 30 * DAY, NOON) == ""


def test_pages_say_it(client, monkeypatch):
    monkeypatch.setattr("otklik.sla.replay.spending.LOOKED_AT", 1)
    make.ticket()
    client.force_login(make.admin())

    assert "начиная с" in client.get("/settings/time/?days=365").text
