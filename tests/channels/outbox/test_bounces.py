"""A letter that came back is shown at its request with what to do."""

import pytest

from otklik import mime
from otklik.channels.models import Box, Envelope
from otklik.channels.outbox import addresses, bounces, staffletters
from otklik.channels.outbox.rows import StaffLetter
from otklik.clients.models import Identity
from otklik.desk.models import Delivery
from otklik.desk.receiving import Address
from otklik.journal.models import Entry
from tests import make
from tests.channels.outbox.conftest import LATER, Sweep
from tests.channels.outbox.sinks import DROP, Sink

REPORT = """From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=cut

--cut
Content-Type: text/plain

{words}

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}

--cut
Content-Type: text/rfc822-headers

Message-ID: <{id}>
Subject: Re: x

--cut--
"""


@pytest.fixture
def sent(box: Box, sweep: Sweep) -> Delivery:
    message = make.reply(make.ticket(), box_id=box.pk)
    sweep()
    return Delivery.objects.get(message=message, state="sent")


def back(delivery: Delivery, *, to: str = "help@primer.example", **fields: str) -> bool:
    """The bounce of this letter comes; whether it was tied."""
    values = {
        "address": delivery.address, "action": "failed", "status": "5.1.1", "id": delivery.message.message_id,
        "words": f"<{delivery.address}>: 550 5.1.1 User unknown", "to": to, **fields,
    }  # fmt: skip
    letter = mime.read(REPORT.format(**values).encode())
    assert letter.kind == "bounce"
    envelope = Envelope(
        box=delivery.message.box, key="k", source="door", size_bytes=1, received_at=LATER, rcpt_to=[to]
    )
    return bounces.returned(letter, envelope, at=LATER)


def test_bounce_for_good_marks_delivery_address_and_request(sent: Delivery):
    tied = back(sent)

    sent.refresh_from_db()
    sent.message.ticket.refresh_from_db()
    vera = Identity.objects.get(value="vera@kvarts.example")
    assert tied
    assert (sent.state, sent.reason) == ("bounced", "550 5.1.1 User unknown")
    assert (vera.bad_at, vera.bad_reason) == (LATER, "Такого ящика у получателя нет.")
    assert sent.message.ticket.unread


def test_journal_says_what_happened_and_what_to_do(sent: Delivery):
    back(sent)

    words = str(Entry.objects.get(word="delivery.bounced").facts["words"])
    assert words == (
        "Письмо на vera@kvarts.example не дошло. Такого ящика у получателя нет. "
        "Проверьте адрес: возможна опечатка. Верный спросите у клиента, например по телефону."
    )


def test_delay_is_a_line_in_the_journal_and_no_trouble(sent: Delivery):
    tied = back(sent, action="delayed", status="4.4.1", words="Will keep trying: 451 4.4.1 timed out")

    sent.refresh_from_db()
    assert tied
    assert sent.state == "sent"
    assert Entry.objects.filter(word="delivery.delayed").count() == 1
    assert Identity.objects.get(value="vera@kvarts.example").bad_at is None


def test_bounce_without_the_returned_id_is_known_by_the_signed_address(sent: Delivery):
    signed = addresses.bounce_address("help@primer.example", sent.pk)

    tied = back(sent, id="lost@elsewhere.example", to=signed, address="other@forward.example")

    sent.refresh_from_db()
    assert (tied, sent.state) == (True, "bounced")


def test_bounce_that_names_only_the_address_belongs_to_the_last_letter(sent: Delivery):
    tied = back(sent, id="lost@elsewhere.example")

    sent.refresh_from_db()
    assert (tied, sent.state) == (True, "bounced")


def test_bounce_of_a_letter_that_is_not_ours_is_left_to_people(sent: Delivery):
    tied = back(sent, id="lost@elsewhere.example", address="stranger@elsewhere.example")

    sent.refresh_from_db()
    assert (tied, sent.state) == (False, "sent")


def test_bounce_of_one_recipient_leaves_the_other_sent(box: Box, sweep: Sweep):
    people = (Address("to", "vera@kvarts.example"), Address("to", "gone@kvarts.example"))
    message = make.reply(make.ticket(), box_id=box.pk, to=people)
    sweep()

    back(Delivery.objects.get(message=message, address="gone@kvarts.example"))

    states = dict(Delivery.objects.filter(message=message).values_list("address", "state"))
    assert states == {"vera@kvarts.example": "sent", "gone@kvarts.example": "bounced"}


def test_bounce_settles_an_unclear_letter(box: Box, server: Sink, sweep: Sweep):
    server.world.at_dot = DROP
    message = make.reply(make.ticket(), box_id=box.pk)
    sweep()

    back(Delivery.objects.get(message=message, state="unknown"))

    assert Delivery.objects.get(message=message).state == "bounced"


def test_bounce_of_a_letter_to_an_agent_makes_no_request(sent: Delivery):
    owed = StaffLetter.objects.create(
        user=make.agent(),
        ticket=sent.message.ticket,
        kind="assigned",
        by_name="Борис",
        made_at=LATER,
        next_at=LATER,
    )
    id_of_theirs = str(mime.read(staffletters.compose(owed, make.box())).message_id).strip("<>")

    tied = back(sent, id=id_of_theirs)

    owed.refresh_from_db()
    sent.refresh_from_db()
    assert (tied, sent.state) == (True, "sent")
    assert owed.fault == "Письмо сотруднику вернулось."


def test_bounce_belongs_to_the_letter_it_returns_whatever_others_it_names(
    sent: Delivery, box: Box, sweep: Sweep
):
    later = make.reply(sent.message.ticket, box_id=box.pk)
    sweep()

    back(later.deliveries.get(), to=f"help@primer.example\nReferences: <{sent.message.message_id}>")

    states = Delivery.objects.filter(message__direction="out").order_by("pk").values_list("state", flat=True)
    assert list(states) == ["sent", "bounced"]
