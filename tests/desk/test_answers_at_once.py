"""An answer and a letter that comes in the same moment: whoever is second sees what the first has done."""

import threading

import pytest
from django.db import connection, transaction

from otklik.desk import replying
from otklik.desk.models import Draft, Message, Ticket
from tests import make
from tests.make import HOUR, NOON

pytestmark = pytest.mark.django_db(transaction=True)


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted"
        )  # pg_stat_activity is read once a transaction
        return bool(cursor.fetchone()[0])


def test_an_answer_that_waited_for_a_letter_is_refused_with_it(wait_until):
    anya, ticket = make.agent(), make.ticket()
    seen, outcome = ticket.messages.get().pk, []

    def answer():
        try:
            make.reply(ticket, by=anya, seen_message_id=seen, force=False, at=NOON + HOUR)
        except replying.SomethingNewer as overtaken:
            outcome.append(overtaken.newer.text)
        connection.close()

    answering = threading.Thread(target=answer)
    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=ticket.pk)
        answering.start()
        wait_until(waits_for_a_lock)
        make.received("Уже не нужно", ticket=ticket, at=NOON + HOUR)
    answering.join(10)

    assert outcome == ["Уже не нужно"]
    assert not Message.objects.filter(direction="out").exists()


def test_words_that_are_refused_are_kept_as_a_draft(client):
    anya, ticket = make.agent(), make.ticket()
    client.force_login(anya)
    sent = {"text": "Вера, базу открыли.", "to": "vera@kvarts.example", "box": make.box().pk, "seen": 0}

    answer = client.post(f"/desk/{ticket.number}/reply/", sent)

    assert answer.status_code == 409
    assert Draft.objects.get().text == "Вера, базу открыли."
    client.post(f"/desk/{ticket.number}/reply/", {**sent, "force": "1"})
    assert not Draft.objects.exists()
