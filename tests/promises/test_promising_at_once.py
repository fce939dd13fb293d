"""Two deeds promise news of one request at the same moment: the list shows the time that stands."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from otklik.journal.models import Entry
from otklik.promises import promising
from tests import make
from tests.make import DAY, HOUR, NOON


def someone_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() is not None


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
