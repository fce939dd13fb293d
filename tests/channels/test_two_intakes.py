"""Two processes at the same moment: copies of one letter are one request with one acknowledgement.

And two late words to a closed request begin one new request.
"""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from otklik.accounts.models import ClientLink
from otklik.channels.email.sandbox import Sandbox
from otklik.channels.intake import reading, taking_in
from otklik.channels.models import Envelope
from otklik.desk.models import Message, Ticket
from otklik.journeys import writing
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


def take_in_beside(second: Envelope, first: Callable[[], object], wait_until: Callable[..., object]) -> None:
    """While another process takes this letter in, `first` is done and not yet committed."""

    def other() -> None:
        take_in(second)
        connections.close_all()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        first()
        thread.start()
        wait_until(lambda: someone_waits() or not thread.is_alive())
    thread.join()


def test_copies_in_two_boxes_taken_in_at_once_are_one_request(wait_until: Callable[..., object]):
    make.identity()  # known already: nothing else makes the two wait for each other
    [first] = arrive(letter(Message_ID=ONE))
    [second] = arrive(letter(Message_ID=ONE, X_Way="other"), box=make.box("sales@primer.example"))

    take_in_beside(second, lambda: take_in(first), wait_until)

    assert Message.objects.filter(direction="in").count() == 1
    assert Envelope.objects.get(pk=second.pk).decision == "duplicate"


def test_a_word_of_the_page_and_a_letter_to_a_closed_request_begin_one_new_request(
    wait_until: Callable[..., object],
):
    take_in(arrive(letter(Message_ID=ONE))[0])
    old = Ticket.objects.get()
    make.page(old, at=timezone.now())
    Ticket.objects.update(state="closed")
    [late] = arrive(letter("И отчёты тоже", In_Reply_To=ONE))
    link, words = ClientLink.objects.get(), writing.Words("Опять не открывается", "0" * 32)

    take_in_beside(late, lambda: writing.write(link, words, confirmed=True, at=timezone.now()), wait_until)

    new = Ticket.objects.exclude(pk=old.pk).get()
    assert [one.reply_text for one in new.messages.filter(direction="in").order_by("pk")] == [
        "Опять не открывается",
        "И отчёты тоже",
    ]
