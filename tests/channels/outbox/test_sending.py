"""Letters leave once, and what a server says or fails to say decides their state."""

import threading

import pytest
from django.utils import timezone

from otklik.channels.models import Box
from otklik.channels.outbox import acknowledging, claiming, sending, settling
from otklik.channels.outbox.posting import Post
from otklik.channels.outbox.sending import _Worker
from otklik.channels.outbox.smtp import Fenced
from otklik.desk.models import Delivery, Message, Ticket
from otklik.desk.receiving import Address
from otklik.journal.models import Entry
from tests import make
from tests.channels.outbox.conftest import HOLDER, LATER, Sweep
from tests.channels.outbox.sinks import DROP, HANG, Sink


def answer(box: Box, *addresses: str) -> Message:
    """A reply of Аня to Вера, or to these addresses, due at LATER."""
    to = tuple(Address("to", one) for one in addresses or ("vera@kvarts.example",))
    return make.reply(make.ticket(), box_id=box.pk, to=to)


def states(message: Message) -> dict[str, str]:
    return dict(Delivery.objects.filter(message=message).values_list("address", "state"))


def the(message: Message) -> Delivery:
    return Delivery.objects.get(message=message)


def test_reply_leaves_with_the_id_it_was_given_and_is_sent(box: Box, server: Sink, sweep: Sweep):
    message = answer(box)

    taken = sweep()

    assert taken == 1
    assert server.world.letters[0].parsed["Message-ID"] == f"<{message.message_id}>"
    assert server.world.letters[0].recipients == ("vera@kvarts.example",)
    assert states(message) == {"vera@kvarts.example": "sent"}
    assert Entry.objects.filter(word="delivery.sent", ticket=message.ticket).count() == 1


def test_nothing_leaves_before_the_undo_has_ended(box: Box, server: Sink, sweep: Sweep):
    message = answer(box)

    taken = sweep(message.at)

    assert taken == 0
    assert server.world.letters == []


def test_many_letters_leave_over_one_line(box: Box, server: Sink, sweep: Sweep):
    for _ in range(5):
        answer(box)

    sweep()

    assert len(server.world.letters) == 5
    assert server.world.lines == 1


def test_recipient_refused_for_good_fails_while_the_other_gets_the_letter(
    box: Box, server: Sink, sweep: Sweep
):
    server.world.at_rcpt["gone@kvarts.example"] = "550 5.1.1 No such user"
    message = answer(box, "vera@kvarts.example", "gone@kvarts.example")

    sweep()

    assert states(message) == {"vera@kvarts.example": "sent", "gone@kvarts.example": "failed"}
    failed = Delivery.objects.get(message=message, state="failed")
    assert failed.reason == "550 5.1.1 No such user"
    message.ticket.refresh_from_db()
    assert message.ticket.unread


@pytest.mark.parametrize("stage", ["at_mail", "at_data", "at_dot"])
def test_server_that_refuses_for_now_is_tried_again_after_a_minute(
    box: Box, server: Sink, sweep: Sweep, stage: str
):
    setattr(server.world, stage, "451 4.7.1 greylisted")
    message = answer(box)

    sweep()

    delivery = the(message)
    assert (delivery.state, delivery.dot_at) == ("retry", None)
    assert delivery.next_at is not None
    assert 48 <= (delivery.next_at - LATER).total_seconds() <= 72


@pytest.mark.parametrize("stage", ["at_mail", "at_data", "at_dot"])
def test_server_that_refuses_for_good_fails_with_its_words(box: Box, server: Sink, sweep: Sweep, stage: str):
    setattr(server.world, stage, "554 5.7.1 looks like spam")
    message = answer(box)

    sweep()

    assert (the(message).state, the(message).reason) == ("failed", "554 5.7.1 looks like spam")


def test_line_that_breaks_before_the_dot_is_tried_again(box: Box, server: Sink, sweep: Sweep):
    server.world.at_data = DROP
    message = make.reply(make.ticket(), "слово " * 20_000, box_id=box.pk)

    sweep()

    assert the(message).state == "retry"


@pytest.mark.parametrize("way", [DROP, HANG])
def test_silence_after_the_dot_is_unknown_and_never_sent_again(
    box: Box, server: Sink, sweep: Sweep, way: str
):
    server.world.at_dot = way
    message = answer(box)

    sweep()
    server.world.at_dot = "250 OK"
    sweep(LATER + make.DAY)

    assert the(message).state == "unknown"
    assert len(server.world.letters) == 1


def test_after_five_pauses_the_letter_fails(box: Box, server: Sink, sweep: Sweep):
    server.world.at_mail = "450 later"
    message = answer(box)

    for day in range(6):
        sweep(LATER + day * make.DAY)

    assert (the(message).state, the(message).attempts) == ("failed", 6)


def test_closed_port_puts_all_letters_off_and_the_box_says_why(box: Box, server: Sink, sweep: Sweep):
    Box.objects.filter(pk=box.pk).update(smtp_port=1)
    first, second = answer(box), answer(box)

    sweep()

    box.refresh_from_db()
    assert (the(first).state, the(second).state) == ("retry", "retry")
    assert box.trouble.startswith("Отправка: Сервер отправки 127.0.0.1:1 не отвечает")


def test_box_that_sends_again_has_no_trouble_any_more(box: Box, server: Sink, sweep: Sweep):
    Box.objects.filter(pk=box.pk).update(trouble="Отправка: сервер молчит", trouble_at=make.NOON)
    answer(box)

    sweep()

    box.refresh_from_db()
    assert (box.trouble, box.trouble_at) == ("", None)


def test_reply_queued_before_the_box_was_switched_to_observing_comes_back(
    box: Box, server: Sink, sweep: Sweep
):
    message = answer(box)
    Box.objects.filter(pk=box.pk).update(mode=Box.Mode.OBSERVE)

    sweep()

    assert server.world.letters == []
    assert the(message).state == "failed"
    assert "только читает" in the(message).reason


def test_automatic_letter_of_an_observing_box_ends_without_troubling_anybody(
    box: Box, server: Sink, sweep: Sweep
):
    heard = make.received()
    acknowledging.acknowledge_many([heard], at=make.NOON)
    Ticket.objects.update(unread=False)
    Box.objects.filter(pk=box.pk).update(mode=Box.Mode.OBSERVE)

    sweep()

    heard.ticket.refresh_from_db()
    assert server.world.letters == []
    assert not heard.ticket.unread


def test_server_that_names_a_smaller_size_gets_no_letter(box: Box, server: Sink, sweep: Sweep):
    message = make.reply(make.ticket(), "слово " * 200_000, box_id=box.pk)

    sweep()

    assert server.world.letters == []
    assert (the(message).state, the(message).reason[:13]) == ("failed", "552 5.3.4 mes")


def test_letter_taken_over_by_another_sender_gets_no_dot(box: Box, server: Sink):
    message = answer(box)
    taken = claiming.claim(box.pk, holder=HOLDER, at=LATER, limit=5)
    Delivery.objects.filter(message=message).update(holder=HOLDER + 1)

    with pytest.raises(Fenced):
        claiming.mark_dot(taken, holder=HOLDER, at=LATER)

    assert the(message).dot_at is None


def test_what_a_killed_sender_left_before_the_dot_is_tried_again(box: Box):
    message = answer(box)
    claiming.claim(box.pk, holder=HOLDER, at=LATER, limit=5)

    settled = settling.settle_abandoned(at=LATER)

    assert settled == 1
    assert the(message).state == "retry"


def test_what_a_killed_sender_left_after_the_dot_is_unknown(box: Box):
    message = answer(box)
    claiming.mark_dot(claiming.claim(box.pk, holder=HOLDER, at=LATER, limit=5), holder=HOLDER, at=LATER)

    early = settling.settle_abandoned(at=LATER)
    late = settling.settle_abandoned(at=LATER + make.MINUTE)

    assert (early, late) == (0, 1)
    assert the(message).state == "unknown"


def test_letter_of_a_removed_box_fails_with_a_word_to_its_author(box: Box):
    message = answer(box)
    Message.objects.filter(pk=message.pk).update(box=None)

    claiming.fail_boxless(at=timezone.now())

    assert the(message).state == "failed"
    assert "Ящика, из которого писали, больше нет" in the(message).reason


def test_box_that_breaks_its_thread_is_left_in_peace_for_a_while(db: None):
    stopping = threading.Event()
    worker = _Worker(Post(0, HOLDER), stopping)  # there is no such box
    worker.thread.join(0.5)
    assert worker.thread.is_alive()

    stopping.set()
    worker.thread.join(10)
    assert not worker.thread.is_alive()


@pytest.mark.django_db
def test_what_is_due_already_is_looked_at_four_times_a_second_and_no_oftener():
    now = timezone.now()
    make.reply(make.ticket(at=now - make.HOUR), at=now - make.HOUR)
    assert sending._pause_s() == 0.25

    Delivery.objects.update(next_at=now + make.HOUR)
    assert sending._pause_s() == 5.0
