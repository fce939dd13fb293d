"""Vendors who are asked for help: what they and their colleagues answer never reaches the client's circle (R-A4)."""

import pytest
from django.utils import timezone

from otklik.channels.outbox import composing
from otklik.desk import replying
from otklik.desk.models import Message, Ticket
from otklik.desk.receiving import Address
from tests import make
from tests.channels.letters import letter, received

pytestmark = pytest.mark.django_db(transaction=True)
SUPPORT = "support@vendor.example"


@pytest.fixture
def asked() -> Message:
    """Our letter to the vendor about a request of Вера."""
    [first] = received(letter())
    words = make.words("Посмотрите, пожалуйста.", to=(Address("to", SUPPORT, "Поставщик"),))
    return replying.forward(first.ticket, words, by=make.agent(), at=timezone.now())


def parts(ticket: Ticket) -> dict[str, str]:
    return dict(ticket.participants.values_list("identity__value", "part"))


def reply_to(message: Message) -> str:
    """The address that the answer comes back to."""
    batch = composing.load([message.pk], at=make.NOON)
    return composing._reply_to(batch.messages[message.pk], make.box())[0].email


def test_whoever_is_asked_for_help_takes_part_as_a_vendor(asked: Message):
    assert parts(asked.ticket) == {"vera@kvarts.example": "requester", SUPPORT: "vendor"}


def test_a_colleague_of_the_vendor_who_answers_to_our_signed_address_stays_in_the_vendors_circle(
    asked: Message,
):
    [answer] = received(letter("Исправим", From="petr@vendor.example", To=reply_to(asked)))

    assert (answer.ticket, answer.circle) == (asked.ticket, "vendor")


def test_a_client_who_answers_to_our_signed_address_stays_in_the_clients_circle(asked: Message):
    ours = make.reply(asked.ticket, at=timezone.now())
    [answer] = received(letter("Спасибо", From="oleg@kvarts.example", To=reply_to(ours)))

    assert (answer.ticket, answer.circle) == (asked.ticket, "client")


def test_people_whom_the_vendor_puts_in_copy_are_the_vendors_people(asked: Message):
    received(letter("Исправим", From=SUPPORT, Cc="boss@vendor.example", In_Reply_To=f"<{asked.message_id}>"))

    assert parts(asked.ticket)["boss@vendor.example"] == "vendor"


def test_late_word_of_a_vendor_opens_a_request_whose_requester_is_still_the_client(asked: Message):
    Ticket.objects.update(state="closed")

    [answer] = received(letter("Исправили", From=SUPPORT, In_Reply_To=f"<{asked.message_id}>"))

    assert answer.ticket != asked.ticket
    assert parts(answer.ticket) == {"vera@kvarts.example": "requester", SUPPORT: "vendor"}


def test_whoever_is_not_asked_in_the_end_takes_no_part(asked: Message):
    replying.undo(asked, by=make.agent(), at=timezone.now())

    assert parts(asked.ticket) == {"vera@kvarts.example": "requester"}
