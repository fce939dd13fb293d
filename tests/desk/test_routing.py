"""Who owns a request, and how it passes on."""

import threading

import pytest
from django.db import connection

from otklik.desk import routing
from otklik.desk.models import Note, Ticket
from otklik.journal.models import Entry
from tests import make
from tests.make import NOON

pytestmark = pytest.mark.django_db


def test_taking_an_unowned_request_makes_it_mine_and_in_work():
    anya, ticket = make.agent(), make.ticket()

    routing.take(ticket, by=anya, at=NOON)

    ticket.refresh_from_db()
    assert (ticket.owner, ticket.state) == (anya, Ticket.State.OPEN)


def test_a_request_a_colleague_took_is_not_taken_twice():
    ticket = make.ticket()
    routing.take(ticket, by=make.agent("Анна Петрова"), at=NOON)

    with pytest.raises(routing.TakenAlready, match="Анна Петрова"):
        routing.take(ticket, by=make.agent(), at=NOON)


def test_only_people_of_the_team_own_its_requests():
    ticket, boris = make.ticket(), make.agent("Борис Ким", team=make.team("Разработка"))

    with pytest.raises(routing.NotInTeam, match="Борис Ким"):
        routing.assign(ticket, boris, by=make.agent(), at=NOON)
    routing.assign(ticket, make.agent("Анна Петрова"), by=make.agent(), at=NOON)
    assert Ticket.objects.get().owner.name == "Анна Петрова"


def test_moving_to_another_team_tells_what_was_tried_and_both_teams_see_it():
    ticket, there = make.ticket(), make.team("Разработка", 3)

    routing.move(ticket, there, tried="перезапускали сервер", by=make.agent(), at=NOON)

    ticket.refresh_from_db()
    assert (ticket.team, ticket.owner) == (there, None)
    assert Note.objects.get().text == "Что уже пробовали: перезапускали сервер"
    moved = Entry.objects.get(word="ticket.moved")
    assert moved.audience == sorted([make.team().pk, there.pk])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_at_once_one_is_told_who_was_quicker():
    ticket, people = make.ticket(), [make.agent(), make.agent("Анна Петрова")]
    barrier, refused = threading.Barrier(2), []

    def take(by):
        barrier.wait()
        try:
            routing.take(ticket, by=by, at=NOON)
        except routing.TakenAlready as refusal:
            refused.append(refusal)
        connection.close()

    threads = [threading.Thread(target=take, args=[one]) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert Ticket.objects.get().owner in people


@pytest.mark.django_db
@pytest.mark.parametrize(
    "own",
    [
        lambda seen, who: routing.take(seen, by=who, at=NOON),
        lambda seen, who: routing.assign(seen, who, by=who, at=NOON),
    ],
)
def test_a_request_that_has_just_moved_away_is_owned_by_nobody_of_the_former_team(own):
    seen, anya = make.ticket(), make.agent()
    routing.move(Ticket.objects.get(pk=seen.pk), make.team("Разработка", 3), by=anya, at=NOON)

    with pytest.raises(routing.NotInTeam):
        own(seen, anya)
