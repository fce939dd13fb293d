"""Two real connections at once: the undo against the sweep, two sweeps, a sweep against the settling."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from otklik.channels.models import Box
from otklik.channels.outbox import claiming, holding, sending, settling
from otklik.channels.outbox.holding import Holder
from otklik.desk import replying
from otklik.desk.models import Delivery, Message
from tests import make
from tests.channels.outbox.conftest import LATER
from tests.channels.outbox.sinks import Sink

pytestmark = pytest.mark.django_db(transaction=True)


def aside(call: Callable[[], object]) -> threading.Thread:
    """Run it in a thread with a connection of its own."""

    def run() -> None:
        try:
            call()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def answer() -> Message:
    return make.reply(make.ticket())


def test_undo_that_is_quicker_keeps_the_letter_from_leaving():
    message = answer()
    box = make.box()
    taken: list[Delivery] = []
    with transaction.atomic():
        replying.undo(message, by=message.user or make.agent(), at=LATER)
        aside(lambda: taken.extend(claiming.claim(box.pk, holder=1, at=LATER, limit=5))).join()

    assert taken == []
    assert claiming.claim(box.pk, holder=1, at=LATER, limit=5) == []


def test_undo_that_is_too_late_says_so_and_the_letter_leaves():
    message = answer()
    faults: list[BaseException] = []

    def undo() -> None:
        try:
            replying.undo(message, by=message.user or make.agent(), at=LATER)
        except replying.AlreadyGone as fault:
            faults.append(fault)

    with transaction.atomic():
        taken = claiming.claim(make.box().pk, holder=1, at=LATER, limit=5)
        thread = aside(undo)
    thread.join()

    assert len(taken) == len(faults) == 1
    assert Message.objects.filter(pk=message.pk).exists()


def test_two_sweeps_share_the_letters_and_take_none_twice():
    box = make.box()
    for _ in range(4):
        answer()
    other: list[Delivery] = []
    with transaction.atomic():
        mine = claiming.claim(box.pk, holder=1, at=LATER, limit=2)
        aside(lambda: other.extend(claiming.claim(box.pk, holder=2, at=LATER, limit=9))).join()

    assert (len(mine), len(other)) == (2, 2)
    assert {one.pk for one in mine}.isdisjoint(one.pk for one in other)


def test_letter_of_a_living_sender_is_not_called_abandoned():
    holder = Holder()
    answer()
    claiming.claim(make.box().pk, holder=holder.number, at=LATER, limit=5)

    while_alive = settling.settle_abandoned(at=LATER)
    holder.close()
    wait_for_death(holder.number)

    assert while_alive == 0
    assert settling.settle_abandoned(at=LATER) == 1


def wait_for_death(number: int) -> None:
    for _ in range(1000):
        if number not in holding.alive():
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.005)")
    pytest.fail("the lock of a closed sender stays")


def test_service_sends_what_is_told_of_and_ends_when_asked(server: Sink, wait_until: Callable[..., object]):
    make.box(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security=Box.Security.NONE)
    stopping = threading.Event()
    service = aside(lambda: sending.run(stopping))

    message = make.reply(make.ticket(), at=timezone.now())
    Delivery.objects.filter(message=message).update(next_at=timezone.now())
    wait_until(lambda: Delivery.objects.filter(message=message, state="sent").exists())
    stopping.set()
    service.join(10)

    assert not service.is_alive()
    assert len(server.world.letters) == 1
