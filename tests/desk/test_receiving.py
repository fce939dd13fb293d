"""What comes from outside becomes a request or continues one."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from otklik.desk import receiving, solving
from otklik.desk.models import Participant, Relation, Ticket
from otklik.journal.models import Entry
from tests import make
from tests.make import HOUR, NOON

pytestmark = pytest.mark.django_db


def test_a_letter_opens_a_request_with_number_client_and_requester():
    ticket = make.ticket("Здравствуйте!\nНе открывается   база.", subject="База")

    assert (ticket.number > 1000, ticket.subject, ticket.client.name) == (True, "База", "Вера Соколова")
    assert ticket.last_words == "Здравствуйте! Не открывается база."
    assert [one.identity.value for one in ticket.participants.filter(part="requester")] == [
        "vera@kvarts.example"
    ]


def test_a_letter_without_a_subject_is_named_by_its_first_words():
    assert make.ticket("Сломался принтер", subject="  ").subject == "Сломался принтер"
    assert make.ticket("", subject="").subject == "Без темы"


def test_an_answer_continues_its_request_and_wakes_it():
    ticket = make.ticket()
    make.reply(ticket)

    make.received("Спасибо, но не работает", ticket=ticket, at=NOON + 2 * HOUR)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.unread, ticket.last_words) == ("open", True, "Спасибо, но не работает")
    assert ticket.messages.count() == 3


def test_a_word_to_a_solved_request_reopens_it():
    ticket = make.ticket()
    solving.solve(ticket, result="Открыли базу", by=make.agent(), at=NOON + HOUR)

    make.received("Опять", ticket=ticket, at=NOON + 2 * HOUR)

    ticket.refresh_from_db()
    assert ticket.state == Ticket.State.OPEN
    assert Entry.objects.filter(ticket=ticket, word="ticket.reopened").count() == 1


def test_a_word_to_a_closed_request_opens_a_new_one_tied_to_it():
    ticket = make.ticket()
    solving.close(ticket, by=make.agent(), at=NOON + HOUR)

    later = make.received("Снова беда", ticket=ticket, at=NOON + 2 * HOUR).ticket

    assert later.pk != ticket.pk
    assert Relation.objects.get(ticket=later).other_id == ticket.pk
    ticket.refresh_from_db()
    assert ticket.state == Ticket.State.CLOSED


def test_late_words_of_one_client_in_a_batch_open_one_request_and_those_of_another_their_own():
    ticket = make.ticket()
    solving.close(ticket, by=make.agent(), at=NOON + HOUR)
    gleb = make.identity("gleb@stranger.example", "Глеб")
    late = [make.arrival(text, ticket=ticket) for text in ("раз", "два")]

    with transaction.atomic():
        first, foreign, second = receiving.receive(
            [late[0], make.arrival("моё", ticket=ticket, sender=gleb), late[1]], at=NOON + 2 * HOUR
        )

    assert first.ticket == second.ticket != foreign.ticket
    assert [one.opens for one in (first, foreign, second)] == [True, True, False]
    assert (foreign.ticket.client, second.ticket.client) == (gleb.client, ticket.client)
    assert Ticket.objects.get(pk=first.ticket_id).last_words == "два"
    assert Entry.objects.filter(ticket=first.ticket_id, word="ticket.opened").count() == 1


def test_thirty_late_words_take_as_many_queries_as_two():
    def queries(count: int) -> int:
        formers = [make.ticket(history=True, said_at=NOON) for _ in range(count)]
        arrivals = [make.arrival("опять", ticket=one) for one in formers]
        with CaptureQueriesContext(connection) as seen, transaction.atomic():
            receiving.receive(arrivals, at=NOON + HOUR)
        return len(seen)

    assert queries(30) == queries(2)


def test_an_automatic_letter_neither_reopens_nor_wakes():
    ticket = make.ticket()
    solving.solve(ticket, result="Открыли базу", by=make.agent(), at=NOON + HOUR)

    make.received("Я в отпуске до 1 декабря", ticket=ticket, kind="auto", at=NOON + 2 * HOUR)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.unread) == (Ticket.State.SOLVED, False)


def test_history_is_closed_quiet_and_keeps_its_date():
    ticket = make.ticket(history=True, said_at=NOON - 24 * HOUR)

    assert (ticket.state, ticket.unread, ticket.created_at) == ("closed", False, NOON - 24 * HOUR)


def test_two_letters_of_one_batch_continue_the_same_request():
    ticket = make.ticket()

    with transaction.atomic():
        receiving.receive(
            [make.arrival("раз", ticket=ticket), make.arrival("два", ticket=ticket)], at=NOON + HOUR
        )

    ticket.refresh_from_db()
    assert (ticket.messages.count(), ticket.last_words) == (3, "два")


def test_people_in_copy_take_part_once():
    gleb = make.identity("gleb@stranger.example", "Глеб")
    ticket = make.ticket(copies=(gleb,))

    make.received("ещё", ticket=ticket, copies=(gleb,), at=NOON + HOUR)

    assert Participant.objects.filter(ticket=ticket, part="copy").count() == 1


def test_thirty_letters_take_as_many_queries_as_two():
    def queries(count: int) -> int:
        arrivals = [make.arrival(f"письмо {n}") for n in range(count)]
        with CaptureQueriesContext(connection) as seen, transaction.atomic():
            receiving.receive(arrivals, at=NOON)
        return len(seen)

    assert queries(30) == queries(2)
