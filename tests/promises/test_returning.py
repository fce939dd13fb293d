"""What is owed in a request that has ended: a solved one comes back in time, a closed one owes nothing."""

from datetime import timedelta

import pytest
from django.db import transaction

from otklik.desk import solving
from otklik.journal.models import Entry
from otklik.promises import returning, tracking
from otklik.promises.models import Promise
from otklik.promises.tracking import Pledge
from otklik.sla import following
from tests import make
from tests.make import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Акт пришлю завтра до 12:00."
TOMORROW = NOON + DAY


@pytest.fixture
def anya():
    return make.agent()


@pytest.fixture
def solved(anya):
    """A request that was solved at noon by a reply that promises an act for tomorrow's noon."""
    reply = make.reply(make.ticket(at=NOON - HOUR), WORDS, by=anya, at=NOON, then="solve", result="исправили")
    with transaction.atomic():
        tracking.remember(reply, [Pledge(0, WORDS, "", TOMORROW)], by=anya, at=NOON)
    read_on()
    return reply.ticket


def read_on():
    while following.follow():
        pass


def shown(ticket):
    ticket.refresh_from_db()
    return ticket.state, ticket.next_due_at, ticket.next_due_kind


def test_a_solved_request_comes_back_some_hours_before_its_promise_is_due(solved):
    assert returning.bring_back(at=TOMORROW - 5 * HOUR) == 0
    assert shown(solved) == ("solved", None, "")

    assert returning.bring_back(at=TOMORROW - 3 * HOUR) == 1
    read_on()

    state, due_at, _kind = shown(solved)
    assert (state, due_at) == ("open", TOMORROW)
    assert returning.bring_back(at=TOMORROW) == 0


def test_a_request_that_is_solved_again_does_not_come_back_twice(solved, anya):
    returning.bring_back(at=TOMORROW - 3 * HOUR)
    read_on()
    solved.refresh_from_db()
    solving.solve(solved, result="акт у клиента", by=anya, at=TOMORROW - 2 * HOUR)
    read_on()

    assert returning.bring_back(at=TOMORROW + DAY) == 0


def test_a_promise_for_soon_brings_it_back_at_half_of_its_time(solved):
    Promise.objects.update(due_at=NOON + HOUR)

    assert returning.bring_back(at=NOON + HOUR / 4) == 0
    assert returning.bring_back(at=NOON + HOUR / 2 + timedelta(seconds=1)) == 1


def test_a_promise_that_was_kept_brings_nothing_back(solved, anya):
    tracking.keep(Promise.objects.get(), by=anya, at=NOON + HOUR)

    assert returning.bring_back(at=TOMORROW) == 0


@pytest.mark.parametrize("end", ["closed", "spam"])
def test_what_ends_for_good_owes_nothing_any_more(solved, anya, end):
    if end == "closed":
        solving.close(solved, by=anya, at=NOON + HOUR)
    else:
        solving.spam(solved, block=False, by=anya, at=NOON + HOUR)
    read_on()

    assert Promise.objects.get().outcome == "dropped"
    assert Entry.objects.filter(word="promise.dropped", ticket=solved).count() == 1
    assert returning.bring_back(at=TOMORROW) == 0


def test_a_reply_that_is_read_after_its_request_was_closed_promises_nothing(solved, anya):
    reply = make.reply(solved, "Пришлю в пятницу.", by=anya, at=NOON + HOUR)
    solving.close(solved, by=anya, at=NOON + HOUR)

    with transaction.atomic():
        assert tracking.remember(reply, [Pledge(0, "Пришлю", "", TOMORROW)], by=anya, at=NOON) == 0
