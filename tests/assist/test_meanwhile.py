"""What happens between a reply's leaving and the loop that reads it: an erasure, a «no» that was on its way."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from otklik.assist import checking, deciding, sweeping
from otklik.assist.deciding import Word
from otklik.assist.models import Verdict, Written
from otklik.desk.models import Message, Ticket
from otklik.privacy import sql
from otklik.promises.models import Promise
from tests import make
from tests.promises.test_promising_at_once import someone_waits

pytestmark = pytest.mark.django_db(transaction=True)
PROMISE = "Позвоню завтра до 12:00."
SECOND = timedelta(seconds=1)
NO = Word(checking.key("promise", PROMISE), "dismissed", "wrong")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def anya():
    return make.agent()


@pytest.fixture
def reply(anya, now):
    """A reply of Аня that has just left."""
    return make.reply(make.ticket(at=now), f"Вера, добрый день! {PROMISE}", by=anya, at=now)


def follow():
    while sweeping.follow():
        pass


def meanwhile(deed, ticket_id, wait_until):
    """The loop has read the reply and waits for its request; then this deed is committed."""

    def step():
        follow()
        connection.close()

    thread = threading.Thread(target=step)
    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=ticket_id)
        thread.start()
        wait_until(lambda: someone_waits() or not thread.is_alive())
        deed()
    thread.join()
    follow()


def test_words_that_are_erased_while_the_loop_reads_them_do_not_come_back(reply, wait_until):
    def erase():
        sql.allow()
        Message.objects.filter(pk=reply.pk).update(text="Текст стёрт.")

    meanwhile(erase, reply.ticket_id, wait_until)

    assert not Promise.objects.exists()


def test_words_that_stand_while_the_loop_reads_them_are_remembered(reply, wait_until):
    meanwhile(lambda: None, reply.ticket_id, wait_until)

    assert Promise.objects.get().action == PROMISE


def test_a_no_that_comes_just_after_the_loop_takes_the_promise_away(reply, anya, now):
    follow()
    deciding.say(NO, ticket_id=reply.ticket_id, by=anya, at=now + SECOND)

    assert Promise.objects.get().outcome == "dropped"
    assert Verdict.objects.get().message == reply  # so it says nothing about the next reply


def test_a_no_that_comes_while_the_loop_reads_is_heard(reply, anya, now, wait_until):
    def no():
        deciding.say(NO, ticket_id=reply.ticket_id, by=anya, at=now + SECOND)

    meanwhile(no, reply.ticket_id, wait_until)

    assert not Promise.objects.exists()
    assert Verdict.objects.get().message == reply


def test_a_no_to_a_later_draft_leaves_the_promise_of_before(reply, anya, now):
    follow()
    deciding.say(NO, ticket_id=reply.ticket_id, by=anya, at=now + 60 * SECOND)

    assert Promise.objects.get().outcome == ""
    assert Verdict.objects.get().message is None
    assert Written.objects.count() == 1


def test_a_time_that_is_named_just_after_the_loop_counts(reply, anya, now):
    follow()
    friday = now + timedelta(days=5)
    named = Word(NO.key, "taken", due_at=friday)
    deciding.say(named, ticket_id=reply.ticket_id, by=anya, at=now + SECOND)

    assert Promise.objects.get(ended_at=None).due_at == friday
