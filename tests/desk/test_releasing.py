"""Requests of people who left go back to the queue."""

import pytest

from otklik.accounts.models import User
from otklik.desk import releasing, routing, solving
from otklik.desk.models import Note, Ticket
from otklik.staff import working
from tests import make
from tests.make import HOUR, NOON

pytestmark = pytest.mark.django_db


def owned_by(user: User, text: str = "База не открывается") -> Ticket:
    return routing.take(make.ticket(text), by=user, at=NOON)


def owner_of(ticket: Ticket) -> User | None:
    ticket.refresh_from_db()
    return ticket.owner


def test_what_one_who_left_owned_stands_in_the_queue_again_with_a_note():
    admin, anna = make.admin(), make.agent("Анна Орлова")
    ticket = owned_by(anna)

    working.leave(anna, by=admin, at=NOON + HOUR)
    assert releasing.release() == 2

    assert owner_of(ticket) is None
    assert "Анна Орлова" in Note.objects.get(ticket=ticket).text
    assert releasing.release() == 0


def test_what_is_closed_keeps_its_owner():
    admin, anna = make.admin(), make.agent("Анна Орлова")
    ticket = owned_by(anna)
    solving.close(ticket, by=anna, at=NOON)

    working.leave(anna, by=admin, at=NOON + HOUR)
    releasing.release()

    assert owner_of(ticket) == anna


def test_leaving_one_team_gives_back_only_the_requests_of_that_team():
    admin, anna, servers = make.admin(), make.agent("Анна Орлова"), make.team("Серверы")
    working.save_team(servers, members=[anna], by=admin, at=NOON)
    help_desk, other = owned_by(anna), owned_by(anna, "Другое")
    routing.move(other, servers, owner=anna, by=anna, at=NOON)

    working.change_person(
        anna, working.Person(anna.email, anna.name, "agent", [servers]), by=admin, at=NOON + HOUR
    )
    releasing.release()

    assert owner_of(help_desk) is None
    assert owner_of(other) == anna


def test_one_who_came_back_in_time_keeps_everything():
    admin, anna = make.admin(), make.agent("Анна Орлова")
    ticket = owned_by(anna)
    working.leave(anna, by=admin, at=NOON + HOUR)
    working.come_back(anna, by=admin, at=NOON + HOUR)

    assert releasing.release() == 1
    assert owner_of(ticket) == anna


def test_a_hundred_and_one_requests_go_back_in_two_steps():
    admin, anna = make.admin(), make.agent("Анна Орлова")
    for n in range(101):
        make.ticket(f"Запрос {n}")
    Ticket.objects.update(owner=anna, state="open")
    working.leave(anna, by=admin, at=NOON + HOUR)

    assert [releasing.release(), releasing.release(), releasing.release()] == [101, 2, 0]
    assert not Ticket.objects.exclude(owner=None).exists()
