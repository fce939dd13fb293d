"""Two processes take in copies of one letter at the same moment: one request comes of it, and one acknowledgement."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from otklik.channels.email.sandbox import Sandbox
from otklik.channels.intake import reading, taking_in
from otklik.channels.models import Envelope
from otklik.desk.models import Message
from tests import make
from tests.channels.letters import arrive, letter

pytestmark = pytest.mark.django_db(transaction=True)
ONE = "<one@kvarts.example>"


def take_in(envelope: Envelope) -> None:
    with Sandbox() as sandbox:
        read = reading.read_many([envelope], sandbox)
    taking_in.take_in(read, {envelope.pk: ()}, at=make.NOON)


def someone_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() is not None


def test_copies_in_two_boxes_taken_in_at_once_are_one_request(wait_until: Callable[..., object]):
    make.identity()  # known already: nothing else makes the two wait for each other
    [first] = arrive(letter(Message_ID=ONE))
    [second] = arrive(letter(Message_ID=ONE, X_Way="other"), box=make.box("sales@primer.example"))

    def other() -> None:
        take_in(second)
        connections.close_all()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        take_in(first)
        thread.start()
        wait_until(lambda: someone_waits() or not thread.is_alive())
    thread.join()

    assert Message.objects.filter(direction="in").count() == 1
    assert Envelope.objects.get(pk=second.pk).decision == "duplicate"
