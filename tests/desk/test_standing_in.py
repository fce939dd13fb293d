"""What a client opens again does not wait for somebody who is away; nor is anything given to them."""

import pytest
from django.db import connection
from django.utils import timezone

from otklik.accounts.models import User
from otklik.desk import routing, solving, standing_in
from otklik.desk.forms import HandOverForm
from otklik.desk.models import Ticket
from otklik.staff import absences
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera(db):
    return make.agent("Вера Чижова", role=User.Role.LEAD)


@pytest.fixture
def anya(db):
    return make.agent()


def away(user, by, stand_in=None):
    absences.mark(user, until=timezone.localdate(), stand_in=stand_in, by=by, at=timezone.now())


def opened_again(owner):
    """A solved request of theirs that its client wrote to again."""
    ticket = routing.take(make.ticket(at=timezone.now()), by=owner, at=timezone.now())
    solving.solve(ticket, result="сделали", by=owner, at=timezone.now())
    make.received("Снова не работает", ticket=ticket, at=timezone.now())
    connection.commit()
    return ticket


def owner_after(ticket):
    while standing_in.follow():
        pass
    return Ticket.objects.get(pk=ticket.pk).owner


@pytest.mark.django_db(transaction=True)
def test_a_request_opened_again_goes_to_who_stands_in(vera, anya):
    ticket = opened_again(anya)
    away(anya, vera, vera)

    assert owner_after(ticket) == vera


@pytest.mark.django_db(transaction=True)
def test_without_anybody_who_stands_in_it_goes_to_the_queue_and_else_it_stays(vera, anya):
    boris = make.agent("Борис Ким")
    forsaken, usual = opened_again(anya), opened_again(boris)
    away(anya, vera)

    assert owner_after(forsaken) is None
    assert owner_after(usual) == boris


def test_nobody_gives_a_request_to_somebody_who_is_away(vera, anya):
    ticket = make.ticket()
    away(anya, vera, vera)

    with pytest.raises(routing.Away, match="Аня Орлова") as refusal:
        routing.assign(ticket, anya, by=vera, at=timezone.now())
    assert "Вместо: Вера Чижова." in refusal.value.next_step
    assert routing.take(ticket, by=anya, at=timezone.now()).owner == anya  # who takes it is here


def test_a_colleague_who_is_away_is_not_offered_for_a_single_request_either(vera, anya):
    ticket = make.ticket()
    away(anya, vera)

    offered = [str(one) for one in HandOverForm(ticket=ticket)["owner"].subwidgets]

    assert any(vera.name in one for one in offered)
    assert not any(anya.name in one for one in offered)
