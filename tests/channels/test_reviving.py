"""After a restore from a copy: what waited asks a person, what comes again is acknowledged no second time."""

import pytest
from django.db import transaction

from otklik.channels import reviving
from otklik.channels.models import Box
from otklik.channels.outbox import claiming, queries, settling, staffletters
from otklik.channels.outbox.rows import StaffLetter
from otklik.desk.models import Delivery, Message, Ticket
from tests import make
from tests.channels.letters import letter, received

pytestmark = pytest.mark.django_db(transaction=True)
RESTORED = make.NOON + make.DAY
BEFORE, AFTER = "Fri, 20 Nov 2026 11:59:58 +0300", "Sat, 21 Nov 2026 12:00:01 +0300"


def hold() -> int:
    with transaction.atomic():
        return reviving.hold_letters(copied_at="20.11.2026 12:00", at=RESTORED)


@pytest.mark.parametrize("state", ["waiting", "retry", "sending"])
def test_letter_that_waited_in_the_copy_asks_a_person(state: str):
    make.reply(make.ticket())
    rows = Delivery.objects.all()
    for step in {"waiting": [], "sending": ["sending"], "retry": ["sending", "retry"]}[state]:
        rows.update(state=step, next_at=make.NOON)

    assert hold() == 1

    assert claiming.due_boxes(RESTORED + make.DAY) == []
    fate = queries.fate(rows.get(), RESTORED)
    assert "стояло в очереди, когда снимали копию (20.11.2026 12:00)" in fate.words
    assert (fate.may_resend, fate.may_count) == (True, True)
    assert settling.ask(at=RESTORED + 11 * make.MINUTE) == 1
    assert Ticket.objects.get().unread


def test_letter_that_is_found_in_our_box_is_settled_by_itself():
    message = make.reply(make.ticket())
    hold()

    assert settling.seen(message.message_id, at=RESTORED, evidence="копия пришла") == 1
    assert Delivery.objects.get().state == "sent"


def test_what_has_ended_stays_as_it_was():
    make.reply(make.ticket())
    Delivery.objects.update(state="sending")
    Delivery.objects.update(state="sent")

    assert hold() == 0
    assert Delivery.objects.get().state == "sent"


def test_letters_owed_to_agents_are_forgotten_and_old_news_makes_none():
    from otklik.desk import routing

    ann = make.agent("Аня Орлова")
    routing.assign(make.ticket(), ann, by=make.agent("Борис Котов"), at=make.NOON)
    while staffletters.follow(clock=lambda: make.NOON):
        pass
    routing.assign(make.ticket("Другое"), ann, by=make.agent("Глеб Котов"), at=make.NOON)

    reviving.forget_owed(at=RESTORED)

    while staffletters.follow(clock=lambda: make.NOON):
        pass
    assert list(StaffLetter.objects.values_list("done_at", flat=True)) == [RESTORED]


@pytest.mark.parametrize(("date", "acks"), [(BEFORE, 0), (AFTER, 1)])
def test_letter_from_before_the_restore_opens_a_request_without_an_acknowledgement(date: str, acks: int):
    make.box(smtp_host="127.0.0.1")
    reviving.quieten(at=RESTORED)

    hop = f"from mx.kvarts.example by mx.primer.example; {date}"
    [message] = received(letter(Date=date, Received=hop), at=RESTORED + make.HOUR)

    assert message.ticket.state == "new"
    assert Message.objects.filter(kind=Message.Kind.ACK).count() == acks


def test_every_box_is_quiet_until_its_restore():
    make.box()
    reviving.quieten(at=RESTORED)

    assert Box.objects.get().quiet_before == RESTORED
