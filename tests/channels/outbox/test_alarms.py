"""A dead box is told to the administrators once, and its return once."""

from datetime import datetime

import pytest

from otklik.accounts.models import User
from otklik.channels.models import Alarm, Box
from otklik.channels.outbox import alarms
from tests import make
from tests.channels.outbox.conftest import SHORT
from tests.channels.outbox.sinks import DROP, Sink
from tests.mailservers import free_port

pytestmark = pytest.mark.django_db(transaction=True)
QUARTER = 16 * make.MINUTE


@pytest.fixture
def mailbox() -> Box:
    """Read at noon for the last time. Two administrators; an agent and one who left hear of nothing."""
    make.admin("Ада Главная")
    make.admin("Ольга Вторая")
    make.agent()
    left = make.admin("Пётр Ушедший")
    left.is_active = False
    left.save(update_fields=["is_active"])
    return make.box("it@primer.example", kind=Box.Kind.IMAP, imap_host="i", alive_at=make.NOON)


def sending(server: Sink, address: str = "other@primer.example") -> Box:
    return make.box(address, smtp_host="127.0.0.1", smtp_port=server.port, smtp_security=Box.Security.NONE)


def tick(at=make.NOON + QUARTER):
    alarms.watch(at=at, since=make.NOON)
    alarms.send_due(at=at, patience=SHORT)


def test_administrators_get_one_letter_by_another_box_and_one_when_it_is_back(mailbox: Box, server: Sink):
    sending(server)
    tick(make.NOON + 14 * make.MINUTE)
    assert server.world.letters == []
    for minute in range(3):
        tick(make.NOON + QUARTER + minute * make.MINUTE)
    assert len(server.world.letters) == 2
    assert "не заглядывали" in server.world.letters[0].plain
    assert f"/settings/boxes/{mailbox.pk}/" in server.world.letters[0].plain

    Box.objects.filter(pk=mailbox.pk).update(alive_at=make.NOON + make.HOUR)
    for minute in range(3):
        tick(make.NOON + make.HOUR + minute * make.MINUTE)
    assert len(server.world.letters) == 4
    assert "читаем" in server.world.letters[3].plain
    assert Box.objects.get(pk=mailbox.pk).alarmed_at is None


def test_trouble_counts_only_when_it_lasts(mailbox: Box, server: Sink):
    sending(server)
    at = make.NOON + make.HOUR
    Box.objects.filter(pk=mailbox.pk).update(alive_at=at, trouble="Пароль не подошёл.", trouble_at=at)
    tick(at + 14 * make.MINUTE)
    assert server.world.letters == []

    Box.objects.filter(pk=mailbox.pk).update(alive_at=at + QUARTER)
    tick(at + QUARTER)
    assert "Пароль не подошёл." in server.world.letters[0].plain


def test_box_that_is_switched_off_alarms_nobody(mailbox: Box, server: Sink):
    sending(server)
    Box.objects.filter(pk=mailbox.pk).update(mode=Box.Mode.OFF)

    tick()

    assert server.world.letters == []


def test_without_a_box_that_sends_the_reason_stands_in_the_row_and_it_is_tried_again(
    mailbox: Box, server: Sink
):
    broken = sending(server)
    Box.objects.filter(pk=broken.pk).update(smtp_port=free_port())
    tick()
    row = Alarm.objects.order_by("pk")[0]
    assert (row.done_at, row.attempts) == (None, 1)
    assert "не отвечает" in row.fault

    Box.objects.filter(pk=broken.pk).update(smtp_port=server.port)
    tick(make.NOON + QUARTER + 2 * make.MINUTE)
    assert len(server.world.letters) == 2


def test_second_box_is_tried_when_the_first_does_not_answer(mailbox: Box, server: Sink):
    first, _second = sending(server, "a@primer.example"), sending(server, "b@primer.example")
    Box.objects.filter(pk=first.pk).update(smtp_port=free_port())

    tick()

    assert {letter.sender for letter in server.world.letters} == {"b@primer.example"}


def test_letter_whose_fate_is_unclear_is_not_sent_again(mailbox: Box, server: Sink):
    sending(server)
    server.world.at_dot = DROP
    tick()
    taken = len(server.world.letters)
    server.world.at_dot = "250 2.0.0 taken"

    for minute in range(1, 30):
        tick(make.NOON + QUARTER + minute * make.MINUTE)

    recipients = [letter.recipients for letter in server.world.letters]
    assert taken >= 1
    assert len(recipients) == len(set(recipients)) == 2


def test_who_heard_of_the_death_hears_of_the_return_whoever_else_did_not(mailbox: Box, server: Sink):
    sending(server)
    first = User.objects.get(name="Ада Главная")
    server.world.at_rcpt[first.email] = "451 4.3.0 later"
    tick()
    assert len(server.world.letters) == 1
    server.world.at_rcpt.clear()
    Box.objects.filter(pk=mailbox.pk).update(alive_at=make.NOON + make.HOUR)

    tick(make.NOON + make.HOUR)

    told, back = (letter.recipients for letter in server.world.letters)
    assert told == back != (first.email,)
    assert "читаем" in server.world.letters[1].plain


def test_box_that_came_back_before_anybody_heard_is_no_news(mailbox: Box):
    tick()
    assert Alarm.objects.filter(done_at=None).count() == 2
    Box.objects.filter(pk=mailbox.pk).update(alive_at=make.NOON + make.HOUR)

    tick(make.NOON + make.HOUR)

    assert not Alarm.objects.filter(done_at=None).exists()
    assert set(Alarm.objects.values_list("kind", flat=True)) == {"dead"}


def looked(attention: alarms.Attention, start: datetime, minutes: int) -> int:
    """Each minute of them; how many boxes changed."""
    return sum(attention.look(at=start + minute * make.MINUTE) for minute in range(minutes))


def test_after_a_stop_a_box_has_a_quarter_of_an_hour_to_be_read_again(mailbox: Box):
    start, back = make.NOON + make.DAY, make.NOON + make.DAY + make.HOUR
    attention = alarms.Attention(since=start, last=start)

    assert looked(attention, start, 15) == 0
    assert looked(attention, back, 15) == 0  # the database was away meanwhile
    assert (
        looked(attention, back + 15 * make.MINUTE, 1) == 1
    )  # nobody has read it for all that we have looked on
    assert Alarm.objects.filter(kind="dead", box=mailbox).count() == 2


def test_after_a_stop_trouble_that_stands_in_the_row_alarms_at_once(mailbox: Box):
    start = make.NOON + make.DAY
    Box.objects.filter(pk=mailbox.pk).update(trouble="Пароль не подошёл.", trouble_at=make.NOON)

    assert alarms.Attention(since=start, last=start).look(at=start) == 1


def test_a_box_that_was_told_dead_is_not_called_well_by_a_start(mailbox: Box):
    tick()
    start = make.NOON + make.DAY

    assert alarms.Attention(since=start, last=start).look(at=start) == 0
    assert Box.objects.get(pk=mailbox.pk).alarmed_at is not None
