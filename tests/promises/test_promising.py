"""The next news: one stands for each request that waits on us, and follows the desk's deeds."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from otklik.desk import receiving, replying, solving
from otklik.desk.models import Ticket
from otklik.journal.models import Entry
from otklik.promises import promising
from otklik.promises.models import STANDING, NextNews
from otklik.sla import following
from tests import make
from tests.make import DAY, HOUR, NOON

followed = pytest.mark.django_db(transaction=True)
SECOND = HOUR / 3600
MONDAY_14 = NOON + 3 * DAY + 2 * HOUR


@pytest.mark.django_db
def test_one_news_stands_for_a_request():
    ticket = make.ticket()

    assert promising.open_many([(ticket.pk, NOON + HOUR)], at=NOON) == 1
    assert promising.open_many([(ticket.pk, NOON + DAY)], at=NOON) == 0
    ticket.refresh_from_db()
    assert (ticket.next_due_at, ticket.next_due_kind) == (NOON + HOUR, "answer")


@pytest.mark.django_db
def test_the_database_refuses_a_second_standing_news():
    ticket = make.ticket()
    promising.open_many([(ticket.pk, NOON + HOUR)], at=NOON)

    with pytest.raises(IntegrityError, match="news_one_standing"), transaction.atomic():
        NextNews.objects.create(ticket=ticket, due_at=NOON + DAY, made_at=NOON)


@pytest.mark.django_db
def test_second_agent_cannot_move_news_that_is_already_moved():
    ticket = make.ticket()
    promising.open_many([(ticket.pk, NOON + HOUR)], at=NOON)
    stale = NextNews.objects.get()
    promising.move(stale, due_at=NOON + 5 * HOUR, by=make.agent(), at=NOON)

    with pytest.raises(promising.AlreadyEnded, match="перенёс кто-то другой"):
        promising.move(stale, due_at=NOON + 9 * HOUR, by=make.agent(), at=NOON)

    assert promising.standing(ticket.pk).due_at == NOON + 5 * HOUR


@pytest.mark.django_db
def test_news_is_not_moved_into_the_past_or_past_a_year():
    ticket = make.ticket()
    promising.open_many([(ticket.pk, NOON + HOUR)], at=NOON)
    news = NextNews.objects.get()

    for wrong in (NOON - HOUR, NOON, NOON + 400 * DAY):
        with pytest.raises(promising.WrongTime):
            promising.move(news, due_at=wrong, by=make.agent(), at=NOON)


@followed
def test_a_letter_promises_an_answer_within_working_hours():
    ticket = make.ticket()  # Friday noon, four working hours

    following.follow()

    assert promising.standing(ticket.pk).due_at == NOON + 4 * HOUR


@followed
def test_an_answer_keeps_the_news_and_going_on_promises_the_next():
    ticket = make.ticket()
    following.follow()

    make.reply(ticket, then="work", news_due_at=MONDAY_14, at=NOON + HOUR)
    following.follow()

    assert list(NextNews.objects.order_by("pk").values_list("outcome", flat=True)) == ["kept", ""]
    assert promising.standing(ticket.pk).due_at == MONDAY_14


@followed
def test_an_answer_after_its_time_was_late():
    ticket = make.ticket()
    following.follow()

    make.reply(ticket, at=NOON + 5 * HOUR)
    following.follow()

    assert NextNews.objects.get().outcome == "late"
    assert not NextNews.objects.filter(STANDING).exists()


@followed
def test_the_end_drops_the_news_and_an_undone_answer_brings_it_back():
    ticket, anya = make.ticket(), make.agent()
    message = make.reply(ticket, by=anya)
    following.follow()

    replying.undo(message, by=anya, at=NOON + HOUR)
    following.follow()
    assert promising.standing(ticket.pk)
    solving.solve(ticket, result="Готово", by=anya, at=timezone.now())
    following.follow()

    ticket.refresh_from_db()
    assert (promising.standing(ticket.pk), ticket.next_due_at) == (None, None)


@followed
@pytest.mark.parametrize("then", ["wait", "work", "solve"])
def test_an_undone_answer_brings_back_the_time_that_was_told(then: str):
    ticket, anya = make.ticket(), make.agent()
    following.follow()
    told = promising.standing(ticket.pk).due_at
    message = make.reply(ticket, by=anya, then=then, result="Готово", news_due_at=MONDAY_14)
    following.follow()

    replying.undo(message, by=anya, at=NOON + HOUR + 9 * SECOND)
    following.follow()

    ticket.refresh_from_db()
    assert (promising.standing(ticket.pk).due_at, ticket.next_due_at) == (told, told)


@followed
def test_a_vendor_asked_when_it_was_the_clients_turn_promises_news_to_the_client():
    ticket, anya = make.ticket(), make.agent()
    make.reply(ticket, by=anya)
    following.follow()
    assert promising.standing(ticket.pk) is None

    replying.forward(ticket, make.words("Помогите"), by=anya, at=NOON + 2 * HOUR)
    following.follow()

    assert promising.standing(ticket.pk)


def tomorrow(tickets: Sequence[Ticket], *, at: datetime) -> list[datetime]:
    return [at + DAY for _one in tickets]


@pytest.mark.django_db
def test_news_of_a_request_just_made_stand_by_the_time_that_the_list_shows():
    [message] = receiving.receive([make.arrival()], at=NOON, first_answers=tomorrow)

    promising.open_fresh([message.ticket], at=NOON)

    ticket = Ticket.objects.get(pk=message.ticket_id)
    standing = promising.standing(ticket.pk)
    assert (ticket.next_due_at, ticket.next_due_kind) == (NOON + DAY, promising.ANSWER)
    assert standing is not None
    assert (standing.due_at, standing.made_by) == (NOON + DAY, None)
    assert Entry.objects.filter(ticket=ticket, word="news.promised").count() == 1


@pytest.mark.django_db
def test_an_automatic_letter_opens_a_request_that_promises_nothing():
    [message] = receiving.receive([make.arrival(kind="auto")], at=NOON, first_answers=tomorrow)

    promising.open_fresh([message.ticket], at=NOON)

    assert Ticket.objects.get(pk=message.ticket_id).next_due_at is None
    assert promising.standing(message.ticket_id) is None
