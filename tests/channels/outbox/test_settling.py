"""What nobody answered for is settled by evidence or by a person, never by another try of ours."""

import pytest
from django.db import IntegrityError, transaction

from otklik.channels.models import Box
from otklik.channels.outbox import claiming, evidence, keeping, settling
from otklik.desk.models import Delivery, Message
from otklik.desk.receiving import Address
from otklik.journal.models import Entry
from tests import make
from tests.channels.outbox.conftest import HOLDER, LATER, Sweep
from tests.channels.outbox.sinks import DROP, Sink, World, sink
from tests.mailservers import PASSWORD, Dovecot


@pytest.fixture
def unclear(box: Box, server: Sink, sweep: Sweep) -> Delivery:
    """A letter that the server took and did not answer for."""
    server.world.at_dot = DROP
    message = make.reply(make.ticket(), box_id=box.pk)
    sweep()
    server.world.at_dot = "250 OK"
    return Delivery.objects.get(message=message, state="unknown")


@pytest.fixture
def found_in_sent(unclear: Delivery, server: Sink, dovecot: Dovecot) -> None:
    """The unclear letter lies in the folder «Отправленные» of its box on a real server."""
    account = dovecot.account()
    with dovecot.open(account) as imap:
        imap.append("Sent", "", "", server.world.letters[0].raw)
    Box.objects.filter(address="help@primer.example").update(**_imap(dovecot, account.address))


def test_copy_that_came_to_our_own_box_settles_it(box: Box, server: Sink, unclear: Delivery):
    raw = server.world.letters[0].raw

    settled = evidence.seen_in_box(unclear.message.message_id, box, at=LATER, raw=raw)

    unclear.refresh_from_db()
    assert (settled, unclear.state) == (1, "sent")
    assert unclear.evidence == "копия письма пришла в ящик help@primer.example"
    assert Entry.objects.filter(word="delivery.settled").count() == 1


def test_copy_goes_to_the_box_in_the_same_transaction(box: Box, server: Sink, sweep: Sweep):
    Box.objects.filter(pk=box.pk).update(copy_to_self=True)
    make.reply(make.ticket(), box_id=box.pk)

    sweep()

    assert [one.recipients for one in server.world.letters] == [
        ("vera@kvarts.example", "help@primer.example")
    ]


def test_box_that_refuses_its_copy_does_not_hold_up_the_letter(box: Box, server: Sink, sweep: Sweep):
    Box.objects.filter(pk=box.pk).update(copy_to_self=True)
    server.world.at_rcpt["help@primer.example"] = "550 5.1.1 no"
    message = make.reply(make.ticket(), box_id=box.pk)

    sweep()

    assert Delivery.objects.get(message=message).state == "sent"


def test_copy_of_one_recipients_letter_says_nothing_of_the_other(box: Box, server: Sink, sweep: Sweep):
    server.world.at_dot = DROP
    ticket = make.ticket(copies=(make.identity("gleb@kvarts.example", "Глеб"),))
    people = (Address("to", "vera@kvarts.example"), Address("cc", "gleb@kvarts.example"))
    message = make.reply(ticket, box_id=box.pk, to=people)
    sweep()
    mine = next(one for one in server.world.letters if one.recipients == ("vera@kvarts.example",))

    evidence.seen_in_box(message.message_id, box, at=LATER, raw=mine.raw)

    states = dict(Delivery.objects.filter(message=message).values_list("address", "state"))
    assert states["vera@kvarts.example"] == "sent"
    assert states["gleb@kvarts.example"] != "sent"


def test_copy_that_overtakes_the_killed_sender_settles_it_at_once(box: Box):
    message = make.reply(make.ticket(), box_id=box.pk)
    claiming.mark_dot(claiming.claim(box.pk, holder=HOLDER, at=LATER, limit=5), holder=HOLDER, at=LATER)
    settling.seen(message.message_id, at=LATER)

    settling.settle_abandoned(at=LATER)

    assert Delivery.objects.get(message=message).state == "sent"


def test_person_is_asked_after_ten_minutes_once(unclear: Delivery):
    early = settling.ask(at=LATER + 9 * make.MINUTE)
    due = settling.ask(at=LATER + 11 * make.MINUTE)
    again = settling.ask(at=LATER + 12 * make.MINUTE)

    unclear.message.ticket.refresh_from_db()
    assert (early, due, again) == (0, 1, 0)
    assert unclear.message.ticket.unread
    assert Entry.objects.filter(word="delivery.unknown", ticket=unclear.message.ticket).count() == 1


def test_person_sends_it_again(unclear: Delivery, server: Sink, sweep: Sweep):
    settling.resend(unclear, by=make.agent(), at=LATER)

    sweep()

    unclear.refresh_from_db()
    assert unclear.state == "sent"
    assert len(server.world.letters) == 2


def test_person_counts_it_as_sent(unclear: Delivery, server: Sink, sweep: Sweep):
    settling.count_as_sent(unclear, by=make.agent("Аня Орлова"), at=LATER)

    sweep(LATER + make.DAY)

    unclear.refresh_from_db()
    assert (unclear.state, unclear.evidence) == ("sent", "Аня Орлова считает письмо отправленным")
    assert len(server.world.letters) == 1


def test_second_person_cannot_decide_what_is_decided(unclear: Delivery):
    settling.count_as_sent(unclear, by=make.agent(), at=LATER)

    with pytest.raises(settling.NotUnclear, match="уже разобрал"):
        settling.resend(unclear, by=make.agent(), at=LATER)


def test_database_refuses_a_second_try_of_what_may_have_left(unclear: Delivery):
    with pytest.raises(IntegrityError, match="may have left"), transaction.atomic():
        Delivery.objects.filter(pk=unclear.pk).update(state="retry", next_at=LATER, settled_by=make.agent())


def test_database_refuses_a_try_that_no_person_asked_for(unclear: Delivery):
    with pytest.raises(IntegrityError, match="may not go from unknown to retry"), transaction.atomic():
        Delivery.objects.filter(pk=unclear.pk).update(state="retry", next_at=LATER, dot_at=None)


@pytest.mark.mailserver
def test_letter_in_the_sent_folder_of_a_real_server_settles_it(unclear: Delivery, found_in_sent: None):
    settled = evidence.look_in_sent(at=LATER)

    unclear.refresh_from_db()
    assert (settled, unclear.state) == (1, "sent")
    assert "«Отправленные»" in unclear.evidence


@pytest.mark.mailserver
def test_letter_that_nobody_was_asked_about_is_looked_for_however_late_the_start_comes(
    unclear: Delivery, found_in_sent: None
):
    Delivery.objects.update(asked_at=LATER)
    assert evidence.look_in_sent(at=LATER + make.DAY) == 0

    Delivery.objects.update(asked_at=None)
    assert evidence.look_in_sent(at=LATER + make.DAY) == 1


@pytest.mark.mailserver
def test_sent_folder_without_the_letter_settles_nothing(unclear: Delivery, dovecot: Dovecot):
    Box.objects.filter(address="help@primer.example").update(**_imap(dovecot, dovecot.account().address))

    settled = evidence.look_in_sent(at=LATER)

    unclear.refresh_from_db()
    assert (settled, unclear.state) == (0, "unknown")


@pytest.mark.mailserver
def test_server_that_keeps_nothing_gets_one_copy_into_sent(box: Box, sweep: Sweep, dovecot: Dovecot):
    account = dovecot.account()
    with sink(World(password=PASSWORD)) as outside:
        way = {**_imap(dovecot, account.address), "keeps_sent": False, "smtp_port": outside.port}
        Box.objects.filter(pk=box.pk).update(**way)
        message = make.reply(make.ticket(), box_id=box.pk)
        sweep()
    delivery = Delivery.objects.get(message=message, state="sent")

    first = keeping.keep(_job()["delivery_ids"], at=LATER)
    again = keeping.keep(_job()["delivery_ids"], at=LATER)

    assert (first, again) == (True, False)
    (kept,) = dovecot.letters(account, "Sent")
    assert settling.deliveries_named_in(kept) == [delivery.pk]


def _job() -> dict[str, list[int]]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    job = ProcrastinateJob.objects.get(task_name__endswith="keep_in_sent")
    return dict(job.args)


def _imap(dovecot: Dovecot, name: str) -> dict[str, object]:
    from otklik.channels.email import credentials

    return {
        "kind": Box.Kind.IMAP, "imap_host": "127.0.0.1", "imap_port": dovecot.imap_port,
        "imap_security": Box.Security.NONE, "auth": Box.Auth.PASSWORD, "username": name,
        "secret": credentials.seal(PASSWORD), "sent_folder": "Sent", "keeps_sent": True,
    }  # fmt: skip


def test_own_header_names_the_deliveries_of_a_copy():
    raw = b"From: a@b.example\r\nX-Otklik-Delivery: 12 13\r\nSubject: x\r\n\r\nX-Otklik-Delivery: 99\r\n"

    assert settling.deliveries_named_in(raw) == [12, 13]


def test_letter_of_somebody_else_names_none():
    assert settling.deliveries_named_in(b"From: a@b.example\r\n\r\nX-Otklik-Delivery: 99\r\n") == []


def test_evidence_for_an_unknown_id_settles_nothing(unclear: Delivery):
    settled = settling.seen("t.1.m.nothing@primer.example", at=LATER)

    assert settled == 0
    assert Message.objects.filter(deliveries__state="unknown").count() == 1
