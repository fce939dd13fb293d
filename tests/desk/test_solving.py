"""How a request ends and comes back."""

import pytest

from otklik.desk import solving
from otklik.desk.models import Ticket
from otklik.journal.models import Entry
from tests import make
from tests.make import NOON

pytestmark = pytest.mark.django_db
State = Ticket.State


def test_a_request_is_solved_only_with_what_was_done():
    ticket, anya = make.ticket(), make.agent()

    with pytest.raises(solving.NoResult, match="что сделали"):
        solving.solve(ticket, result="  ", by=anya, at=NOON)
    solved = solving.solve(ticket, result="Открыли базу", by=anya, at=NOON)

    assert (solved.state, solved.result) == (State.SOLVED, "Открыли базу")


def test_the_ends_are_not_set_as_plain_states():
    ticket, anya = make.ticket(), make.agent()

    with pytest.raises(solving.WrongState):
        solving.set_state(ticket, "solved", by=anya, at=NOON)
    assert solving.set_state(ticket, "waiting_other", by=anya, at=NOON).state == State.WAITING_OTHER


def test_the_same_state_twice_is_written_once():
    ticket, anya = make.ticket(), make.agent()

    for _ in range(2):
        solving.close(ticket, by=anya, at=NOON)

    assert Entry.objects.filter(word="ticket.closed").count() == 1


def test_spam_leaves_the_queue_and_may_block_its_author_until_taken_back():
    ticket, vera, anya = make.ticket(), make.identity(), make.agent()

    solving.spam(ticket, block=True, by=anya, at=NOON)
    vera.refresh_from_db()
    assert (vera.blocked_by, Ticket.objects.get().state) == (anya, State.SPAM)

    solving.not_spam(ticket, by=anya, at=NOON)
    vera.refresh_from_db()
    assert (vera.blocked_at, Ticket.objects.get().state) == (None, State.OPEN)


def test_the_client_ends_and_reopens_by_a_button():
    ticket, vera = make.ticket(), make.identity()

    solving.client_says_solved(ticket, vera, at=NOON)
    assert Ticket.objects.get().state == State.SOLVED
    solving.client_says_not_solved(Ticket.objects.get(), vera, at=NOON)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.unread) == (State.OPEN, True)
    assert Entry.objects.filter(actor="client", word="ticket.solved").count() == 1


def test_the_clients_button_leaves_a_closed_request_closed():
    ticket, vera = make.ticket(), make.identity()
    solving.close(ticket, by=make.agent(), at=NOON)

    solving.client_says_solved(Ticket.objects.get(), vera, at=NOON)
    solving.client_says_not_solved(Ticket.objects.get(), vera, at=NOON)

    assert Ticket.objects.get().state == State.CLOSED
