"""One polite letter for a new request, and none where a robot might answer it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.channels.models import Box
from otklik.channels.outbox import acknowledging
from otklik.clients import identifying
from otklik.desk.models import Delivery, Message
from otklik.promises import promising
from otklik.staff import queries as staff
from tests import make
from tests.channels.outbox.conftest import LATER, Sweep
from tests.channels.outbox.sinks import Sink


def acknowledge(*messages: Message) -> list[Message]:
    return acknowledging.acknowledge_many(messages, at=make.NOON)


def test_new_request_is_acknowledged_with_number_team_and_time(box: Box, server: Sink, sweep: Sweep):
    heard = make.received()

    acknowledge(heard)
    sweep()

    plain = server.world.letters[0].plain.replace("\xa0", " ")
    assert f"это запрос № {heard.ticket.number}" in plain
    assert "Им займётся команда «Помощь» и напишет вам сегодня до 16:00." in plain
    assert "http://localhost:8000/r/" in plain


def test_acknowledgement_bears_the_marks_of_rfc_3834(box: Box, server: Sink, sweep: Sweep):
    heard = make.received()

    acknowledge(heard)
    sweep()

    parsed = server.world.letters[0].parsed
    assert parsed["Auto-Submitted"] == "auto-replied"
    assert parsed["X-Auto-Response-Suppress"] == "All"
    assert parsed["In-Reply-To"] == f"<{heard.message_id}>"


def test_time_that_was_told_is_promised(db: None):
    heard = make.received()

    acknowledge(heard)

    news = promising.standing(heard.ticket_id)
    assert news is not None
    assert news.due_at == make.NOON + timedelta(hours=4)


def test_letter_of_friday_evening_names_monday(db: None):
    evening = make.NOON + timedelta(hours=5)
    heard = make.received(at=evening)

    letter = acknowledging.acknowledge_many([heard], at=evening)[0]

    assert "в понедельник, 23 ноября, до 12:00" in letter.text.replace("\xa0", " ")


def test_clients_link_is_not_stored_in_the_words(db: None):
    letter = acknowledge(make.received())[0]

    assert "/r/" not in letter.text
    assert "[личная ссылка]" in letter.text


def test_second_letter_to_the_same_request_is_not_acknowledged(db: None):
    first = make.received()
    acknowledge(first)

    second = make.received("Ещё одно слово", ticket=first.ticket)

    assert acknowledge(second) == []


@pytest.mark.parametrize(
    "address", ["no-reply@shop.example", "MAILER-DAEMON@x.example", "nobody@unknown.invalid"]
)
def test_address_that_nobody_reads_is_not_answered(db: None, address: str):
    assert acknowledge(make.received(sender=make.identity(address, ""))) == []


def test_blocked_sender_is_not_answered(db: None):
    vera = make.identity()
    identifying.block(vera, by=make.agent(), at=make.NOON)
    vera.refresh_from_db()

    assert acknowledge(make.received(sender=vera)) == []


def test_letter_from_our_own_box_is_not_answered(db: None):
    make.box("second@primer.example")

    assert acknowledge(make.received(sender=make.identity("second+t7@primer.example", "Мы"))) == []


def test_history_and_spam_are_not_answered(db: None):
    assert acknowledge(make.received(history=True), make.received(spam=True)) == []


def test_automatic_letter_of_theirs_is_not_answered(db: None):
    assert acknowledge(make.received(kind=Message.Kind.AUTO)) == []


def test_box_that_observes_answers_nobody(db: None):
    watching = make.box("watch@primer.example", mode=Box.Mode.OBSERVE)

    assert acknowledge(make.received(box_id=watching.pk)) == []


def test_company_may_switch_acknowledgements_off(db: None):
    company = staff.company()
    company.acknowledge = False
    company.save(update_fields=["acknowledge"])

    assert acknowledge(make.received()) == []


def test_hundred_letters_take_as_many_queries_as_two(db: None):
    few = [make.received(sender=make.identity(f"a{n}@x.example", "")) for n in range(2)]
    many = [make.received(sender=make.identity(f"b{n}@x.example", "")) for n in range(12)]
    acknowledge(make.received())

    with CaptureQueriesContext(
        connection,
    ) as for_few:
        acknowledge(*few)
    with CaptureQueriesContext(connection) as for_many:
        acknowledge(*many)

    assert len(for_many) == len(for_few) <= 34
    assert Delivery.objects.filter(message__kind="ack", state="waiting", next_at__lt=LATER).count() >= 10
