"""A request whose last answer did not reach the client waits on us again (invariant 4)."""

from collections.abc import Sequence

import pytest
from django.db import transaction

from otklik.channels.outbox import claiming, settling
from otklik.desk import receiving, solving
from otklik.desk.models import Delivery, Message, Ticket
from otklik.desk.receiving import Address
from otklik.journal.models import Entry
from otklik.promises import promising
from otklik.promises.models import NextNews
from otklik.sla import following
from tests import make
from tests.make import DAY, HOUR, MINUTE, NOON

pytestmark = pytest.mark.django_db
followed = pytest.mark.django_db(transaction=True)
VERA, GLEB = Address("to", "vera@kvarts.example"), Address("cc", "gleb@kvarts.example")
FAILED_AT = NOON + HOUR + MINUTE


def fail(message: Message, *addresses: str, way: Sequence[str] = ("sending", "failed")) -> None:
    """These deliveries of the message (all of them when none is named) end badly."""
    rows = list(message.deliveries.filter(address__in=addresses) if addresses else message.deliveries.all())
    for row in rows:
        for state in way:
            row.state, row.ended_at = state, FAILED_AT
            row.save(update_fields=["state", "ended_at"])
    with transaction.atomic():
        claiming.tell(rows, at=FAILED_AT)


def state(ticket: Ticket) -> str:
    ticket.refresh_from_db()
    return ticket.state


def reopenings() -> int:
    return Entry.objects.filter(word="ticket.reopened").count()


@pytest.mark.parametrize("way", [("sending", "failed"), ("sending", "sent", "bounced")])
def test_answer_that_did_not_reach_the_client_opens_its_request_again(way: tuple[str, ...]):
    ticket = make.ticket()

    fail(make.reply(ticket), way=way)

    assert (state(ticket), ticket.unread) == ("open", True)
    assert reopenings() == 1


def test_answer_that_arrived_leaves_the_request_to_the_client():
    ticket = make.ticket()
    message = make.reply(ticket)

    fail(message, way=("sending", "sent", "delivered"))

    assert (state(ticket), ticket.unread) == ("waiting_client", False)
    assert reopenings() == 0


def test_later_answer_speaks_for_the_request():
    ticket = make.ticket()
    first = make.reply(ticket)
    make.reply(ticket, at=NOON + HOUR + MINUTE)

    fail(first, way=("sending", "sent", "bounced"))

    assert (state(ticket), reopenings()) == ("waiting_client", 0)
    assert ticket.unread  # shown in the thread all the same


def test_failed_copy_is_shown_and_a_failed_addressee_opens_the_request():
    ticket = make.ticket()
    message = make.reply(ticket, to=(VERA,), cc=(GLEB,))

    fail(message, "gleb@kvarts.example")
    assert (state(ticket), ticket.unread) == ("waiting_client", True)

    fail(message, "vera@kvarts.example")
    assert state(ticket) == "open"


def test_both_addressees_failing_open_the_request_once():
    ticket = make.ticket()
    message = make.reply(ticket, to=(VERA, Address("to", "gleb@kvarts.example")))

    fail(message, "vera@kvarts.example")
    fail(message, "gleb@kvarts.example")

    assert (state(ticket), reopenings()) == ("open", 1)


def test_solving_answer_that_got_lost_has_solved_nothing():
    ticket = make.ticket()

    fail(make.reply(ticket, then="solve", result="Базу открыли"))

    assert state(ticket) == "open"


def test_what_the_client_called_solved_stays_solved():
    ticket = make.ticket()
    message = make.reply(ticket)
    solving.client_says_solved(ticket, make.identity(), at=NOON + HOUR)

    fail(message)

    assert (state(ticket), reopenings()) == ("solved", 0)


@pytest.mark.parametrize("end", ["closed", "spam"])
def test_what_ended_for_good_stays_so(end: str):
    ticket, anya = make.ticket(), make.agent()
    message = make.reply(ticket, by=anya)
    if end == "closed":
        solving.close(ticket, by=anya, at=NOON + HOUR)
    else:
        solving.spam(ticket, block=False, by=anya, at=NOON + HOUR)

    fail(message)

    assert (state(ticket), reopenings()) == (end, 0)


@pytest.mark.parametrize(("then", "before"), [("wait", "waiting_client"), ("solve", "solved")])
def test_answer_sent_again_by_a_person_sets_the_request_back(then: str, before: str):
    ticket, anya = make.ticket(), make.agent()
    message = make.reply(ticket, by=anya, then=then, result="Готово")
    fail(message)

    settling.resend(message.deliveries.get(), by=anya, at=NOON + 2 * HOUR)
    assert (state(ticket), ticket.unread) == (before, False)

    fail(message)
    assert state(ticket) == "open"


def test_answer_sent_again_does_not_undo_what_came_since():
    ticket, anya = make.ticket(), make.agent()
    message = make.reply(ticket, by=anya)
    fail(message)
    solving.set_state(ticket, "waiting_other", by=anya, at=NOON + 2 * HOUR)
    solving.set_state(ticket, "open", by=anya, at=NOON + 2 * HOUR)

    settling.resend(message.deliveries.get(), by=anya, at=NOON + 3 * HOUR)

    assert state(ticket) == "open"


def hear(ticket: Ticket, **more: object) -> None:
    """Вера writes two hours after our answer."""
    sender = ticket.participants.get(part="requester").identity
    arrival = make.arrival("Где ответ?", ticket=ticket, sender=sender, **more)
    with transaction.atomic():
        receiving.receive([arrival], at=NOON + 2 * HOUR)


@pytest.mark.parametrize("then", ["wait", "solve"])
def test_answer_sent_again_does_not_swallow_what_the_client_wrote_since(then: str):
    ticket, anya = make.ticket(), make.agent()
    message = make.reply(ticket, by=anya, then=then, result="Готово")
    fail(message)
    hear(ticket)

    settling.resend(message.deliveries.get(), by=anya, at=NOON + 3 * HOUR)

    assert (state(ticket), ticket.unread, ticket.last_words) == ("open", True, "Где ответ?")


def test_automatic_answer_since_does_not_keep_the_request_open():
    ticket, anya = make.ticket(), make.agent()
    message = make.reply(ticket, by=anya)
    fail(message)
    hear(ticket, kind=Message.Kind.AUTO)

    settling.resend(message.deliveries.get(), by=anya, at=NOON + 3 * HOUR)

    assert state(ticket) == "waiting_client"


def test_answer_sent_again_to_one_of_two_leaves_the_request_open():
    ticket, anya = make.ticket(), make.agent()
    message = make.reply(ticket, by=anya, to=(VERA, Address("to", "gleb@kvarts.example")))
    fail(message)

    for row in message.deliveries.order_by("pk"):
        assert state(ticket) == "open"
        settling.resend(row, by=anya, at=NOON + 2 * HOUR)

    assert state(ticket) == "waiting_client"


@followed
def test_news_is_promised_again_for_the_time_that_was_told():
    ticket = make.ticket()
    following.follow()
    told = promising.standing(ticket.pk).due_at
    message = make.reply(ticket)
    following.follow()
    assert promising.standing(ticket.pk) is None

    fail(message)
    following.follow()

    ticket.refresh_from_db()
    assert promising.standing(ticket.pk).due_at == ticket.next_due_at == told


@followed
def test_news_whose_time_has_passed_is_promised_anew():
    ticket = make.ticket(at=NOON - DAY)
    following.follow()
    message = make.reply(ticket)
    following.follow()

    fail(message)
    following.follow()

    assert promising.standing(ticket.pk).due_at > FAILED_AT


@followed
def test_answer_sent_again_ends_the_new_promise():
    ticket, anya = make.ticket(), make.agent()
    message = make.reply(ticket, by=anya)
    fail(message)
    following.follow()

    settling.resend(Delivery.objects.get(), by=anya, at=NOON + 2 * HOUR)
    following.follow()

    ticket.refresh_from_db()
    assert (promising.standing(ticket.pk), ticket.next_due_at) == (None, None)
    assert NextNews.objects.exists()
