"""Three things stop a sending: an unfilled place, a bare refusal, an insult. The style of a team may say otherwise."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.assist.models import Style
from otklik.assist.stopping import eye
from otklik.journal.models import Entry
from tests import make
from tests.desk.test_pages_writing import post, words
from tests.make import NOON

pytestmark = pytest.mark.django_db
OPEN, REFUSAL, INSULT = "Здравствуйте, {имя}! Базу открыли.", "Вернуть деньги невозможно.", "Вы идиот."


@pytest.mark.parametrize(("text", "rule"), [(OPEN, "template"), (REFUSAL, "refusal"), (INSULT, "rude")])
def test_each_of_the_three_stops_a_reply_until_a_person_insists(client, ticket, text, rule):
    stopped = post(client, ticket, "reply", words(ticket, text))
    assert stopped.status_code == 422
    assert "Отправить всё равно" in stopped.text

    assert post(client, ticket, "reply", words(ticket, text, insist="1")).status_code == 302
    assert Entry.objects.get(word="message.insisted").facts["rules"] == [rule]


def test_a_rule_that_the_team_switched_off_stops_nothing(client, ticket):
    Style.objects.create(team=make.team(), version=1, off=["template"], made_at=NOON)

    assert post(client, ticket, "reply", words(ticket, OPEN)).status_code == 302


def test_an_ordinary_reply_costs_no_query(ticket):
    with CaptureQueriesContext(connection) as seen:
        assert eye("Вера, добрый день! Базу открыли, проверьте.", ticket.pk) == []
        assert eye("слово " * 33_000, ticket.pk) == []

    assert len(seen) == 0
