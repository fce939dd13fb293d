"""Two processes sweep at the same time: nothing is told twice, nothing is left out, nobody waits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction

from otklik.desk import routing
from otklik.desk.models import Ticket
from otklik.journal.models import Entry
from otklik.promises import promising
from otklik.sla import warning
from otklik.sla.models import Alert
from tests import make
from tests.make import HOUR, NOON

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + 2 * HOUR


def owed(count, by):
    tickets = [make.ticket(f"Вопрос {number}") for number in range(count)]
    for ticket in tickets:
        routing.assign(ticket, by, by=None, at=NOON)
    with transaction.atomic():
        promising.drop([one.pk for one in tickets], at=NOON)
        promising.open_many([(one.pk, NOON + timedelta(hours=1)) for one in tickets], at=NOON)
    return tickets


def sweep(_number):
    try:
        return sum(iter(lambda: warning.sweep(clock=lambda: LATER), 0))
    finally:
        connections.close_all()


def test_two_sweeps_at_once_tell_each_thing_once():
    anya = make.agent()
    tickets = owed(20, anya)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sweep, range(2)))

    assert Alert.objects.filter(user=anya, share=100, told_at=LATER).count() == len(tickets)
    assert Entry.objects.filter(word="alert.told").count() == len(tickets)


def test_a_request_that_somebody_works_on_waits_for_the_next_sweep():
    first, second = owed(2, make.agent())

    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=first.pk)
        with ThreadPoolExecutor(1) as pool:
            list(pool.map(sweep, range(1)))
        assert [one.ticket_id for one in Alert.objects.all()] == [second.pk]

    sweep(1)
    assert Alert.objects.filter(ticket=first).count() == 1
