"""Two deeds promise news of one request at the same moment: the list shows the time that stands."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from otklik.desk.models import Ticket
from otklik.journal.models import Entry
from otklik.promises import promising
from otklik.promises.models import NextNews
from otklik.sla import following
from tests import make
from tests.make import DAY, HOUR, NOON


def someone_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() is not None


def beside(deed: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """A thread that does it on a connection of its own, and what will come of it: its answer or its fault."""
    ends: list[object] = []

    def other() -> None:
        try:
            ends.append(deed())
        except Exception as fault:  # noqa: BLE001 - looked at by the test
            ends.append(fault)
        connections.close_all()

    return threading.Thread(target=other), ends


@pytest.mark.django_db(transaction=True)
def test_second_promise_of_the_same_moment_changes_nothing(wait_until: Callable[..., object]):
    ticket = make.ticket()

    def other() -> None:
        with transaction.atomic():
            promising.open_many([(ticket.pk, NOON + DAY)], at=NOON)
        connections.close_all()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        promising.open_many([(ticket.pk, NOON + HOUR)], at=NOON)
        thread.start()
        wait_until(lambda: someone_waits() or not thread.is_alive())
    thread.join()

    ticket.refresh_from_db()
    assert ticket.next_due_at == promising.standing(ticket.pk).due_at == NOON + HOUR
    assert Entry.objects.filter(word="news.promised").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("deed", ["move", "keep", "drop"])
def test_who_holds_a_request_never_meets_who_holds_its_news(wait_until: Callable[..., object], deed: str):
    """Requests are locked before what was promised on them: the other waits at the door, neither is thrown out."""
    ticket = make.ticket()
    with transaction.atomic():
        promising.open_many([(ticket.pk, NOON + HOUR)], at=NOON)
    news = NextNews.objects.get()
    thread, ends = beside(lambda: _do(deed, news))
    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=ticket.pk)
        thread.start()
        wait_until(lambda: someone_waits() or not thread.is_alive())
        promising.drop([ticket.pk], at=NOON)
    thread.join()

    assert ends in ([None], ["late"])
    assert promising.standing(ticket.pk) is None


def _do(deed: str, news: NextNews) -> str | None:
    with transaction.atomic():
        if deed != "move":
            getattr(promising, deed)([news.ticket_id], at=NOON)
            return None
        try:
            promising.move(news, due_at=NOON + DAY, by=make.agent(), at=NOON)
        except promising.AlreadyEnded:
            return "late"
    return "moved"


@pytest.mark.django_db(transaction=True)
def test_the_reader_of_the_journal_and_a_batch_of_letters_lock_requests_in_one_order(
    wait_until: Callable[..., object],
):
    first, second = make.ticket(), make.ticket()
    for one in (second, first):  # in the journal the later request stands first
        make.reply(one)

    def follow_all() -> None:
        while following.follow():
            pass

    thread, ends = beside(follow_all)
    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=first.pk)
        thread.start()
        wait_until(lambda: someone_waits() or not thread.is_alive())
        Ticket.objects.select_for_update().get(pk=second.pk)
    thread.join()

    assert ends == [None]
