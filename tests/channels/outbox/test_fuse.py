"""The fuse holds automatic letters at an unusual rate, and never a person's."""

from otklik.channels.models import Box
from otklik.channels.outbox import acknowledging, automatic, fuse
from otklik.channels.outbox.automatic import Fate, Wish
from otklik.channels.outbox.rows import AutomaticLetter
from otklik.desk.models import Delivery
from otklik.journal.models import Entry
from tests import make
from tests.channels.outbox.conftest import LATER, Sweep
from tests.channels.outbox.sinks import Sink


def write(address: str, times: int) -> list[str]:
    """New requests of one address, acknowledged one after another; the states of their acknowledgements."""
    states = []
    for _ in range(times):
        made = acknowledging.acknowledge_many(
            [make.received(sender=make.identity(address, ""))], at=make.NOON
        )
        states += [Delivery.objects.get(message=one).state for one in made]
    return states


def test_sixth_automatic_letter_to_one_address_in_an_hour_blows_the_fuse(box: Box):
    states = write("orders@shop.example", 6)

    box.refresh_from_db()
    assert states[:5] == ["waiting"] * 5
    assert states[5] == "held"
    assert box.fuse_blown_at == make.NOON
    assert "orders@shop.example" in box.fuse_reason
    assert Entry.objects.filter(word="fuse.blown").count() == 1


def test_fifth_letter_and_many_different_people_do_not_blow_it(box: Box):
    states = write("vera@kvarts.example", 5)
    for n in range(30):
        states += write(f"client{n}@shop.example", 1)

    box.refresh_from_db()
    assert set(states) == {"waiting"}
    assert box.fuse_blown_at is None


def test_more_automatic_letters_than_people_explain_blow_it(box: Box):
    automatic.note_people([box.pk] * 4, at=make.NOON)
    wishes = [Wish(box, f"a{n}@x.example") for n in range(13)]

    fates = automatic.judge(wishes, at=make.NOON)

    assert fates == [Fate.SEND] * 12 + [Fate.HOLD]


def test_letters_that_waited_are_held_when_the_fuse_blows(box: Box, server: Sink, sweep: Sweep):
    write("orders@shop.example", 6)

    sweep()

    assert server.world.letters == []
    assert Delivery.objects.filter(state="held").count() == 6


def test_persons_reply_leaves_while_the_fuse_is_blown(box: Box, server: Sink, sweep: Sweep):
    fuse.blow(box.pk, "слишком много", at=make.NOON)
    make.reply(make.ticket(), "Человек отвечает всегда.", box_id=box.pk)

    sweep()

    assert "Человек отвечает всегда." in server.world.letters[0].plain


def test_person_lets_held_letters_go(box: Box, server: Sink, sweep: Sweep):
    write("vera@kvarts.example", 6)

    released = fuse.release(box, by=make.admin(), at=LATER)
    sweep()

    box.refresh_from_db()
    assert (released, len(server.world.letters)) == (6, 6)
    assert box.fuse_blown_at is None


def test_person_drops_held_letters_and_they_never_leave(box: Box, server: Sink, sweep: Sweep):
    write("orders@shop.example", 6)

    dropped = fuse.drop(box, by=make.admin("Ада Главная"), at=LATER)
    sweep()

    assert dropped == 6
    assert server.world.letters == []
    assert "так решил сотрудник Ада Главная" in Delivery.objects.filter(state="failed")[0].reason


def test_after_a_reset_the_count_begins_anew(box: Box):
    write("vera@kvarts.example", 6)
    fuse.release(box, by=make.admin(), at=make.NOON)

    assert write("vera@kvarts.example", 1) == ["waiting"]


def test_eleventh_letter_of_a_day_to_one_address_is_not_made(box: Box):
    for hour in range(10):
        message = make.received(sender=make.identity("vera@kvarts.example"))
        acknowledging.acknowledge_many([message], at=make.NOON + hour * make.HOUR)

    fates = automatic.judge([Wish(box, "vera@kvarts.example")], at=make.NOON + 10 * make.HOUR)

    assert fates == [Fate.SKIP]
    assert AutomaticLetter.objects.count() == 10


def test_code_that_a_person_asked_for_leaves_while_the_fuse_is_blown(box: Box):
    fuse.blow(box.pk, "слишком много", at=make.NOON)
    box.refresh_from_db()

    fates = automatic.judge([Wish(box, "vera@kvarts.example", asked=True)], at=make.NOON)

    assert fates == [Fate.SEND]
