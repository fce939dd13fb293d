"""Answers: one delivery a recipient, ten seconds to take them back, nothing overtaken unseen."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from otklik.desk import drafting, replying, solving
from otklik.desk.drafting import DraftWords
from otklik.desk.models import Delivery, Draft, Message, Ticket
from otklik.desk.receiving import Address
from tests import make
from tests.make import HOUR, NOON

pytestmark = pytest.mark.django_db
VERA = Address("to", "vera@kvarts.example")


def test_an_answer_waits_for_its_undo_and_then_for_the_client():
    ticket = make.ticket()

    message = make.reply(ticket)

    delivery = message.deliveries.get()
    assert (delivery.state, delivery.next_at) == ("waiting", message.at + timedelta(seconds=10))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.unread) == (Ticket.State.WAITING_CLIENT, False)


def test_an_answer_threads_to_the_clients_letter():
    ticket = make.ticket(message_id="first@kvarts.example", references="older@kvarts.example")

    message = make.reply(ticket)

    assert message.in_reply_to == "first@kvarts.example"
    assert message.references == "older@kvarts.example first@kvarts.example"
    assert message.message_id.startswith(f"t.{ticket.number}.m.")
    assert message.message_id.endswith("@primer.example")


def test_an_address_named_twice_gets_one_letter():
    again = Address("cc", " Vera@Kvarts.example ")

    message = make.reply(make.ticket(), to=(VERA,), cc=(again,))

    assert [one.address for one in message.deliveries.all()] == ["vera@kvarts.example"]


def test_an_answer_to_an_unowned_request_makes_its_author_the_owner():
    anya = make.agent()
    ticket = make.ticket()

    make.reply(ticket, by=anya)

    ticket.refresh_from_db()
    assert ticket.owner == anya


def test_an_answer_overtaken_by_the_client_is_refused_with_the_newer_words():
    ticket = make.ticket()
    seen = ticket.messages.get().pk
    newer = make.received("Уже не надо", ticket=ticket, at=NOON + HOUR)

    with pytest.raises(replying.SomethingNewer, match="пришло сообщение") as refusal:
        make.reply(ticket, seen_message_id=seen, force=False)

    assert refusal.value.newer == newer
    assert make.reply(ticket, seen_message_id=newer.pk, force=False).pk


def test_an_answer_without_words_people_or_a_speaking_box_is_refused():
    ticket = make.ticket()
    silent = make.box("watch@primer.example", mode="observe")

    with pytest.raises(replying.NothingToSay):
        make.reply(ticket, "  \n")
    with pytest.raises(replying.NobodyToAnswer):
        make.reply(ticket, to=())
    with pytest.raises(Exception, match="только читает"):
        make.reply(ticket, box_id=silent.pk)
    assert not Delivery.objects.exists()


def test_undo_returns_words_people_and_what_was_typed_since():
    anya = make.agent()
    ticket = make.ticket()
    message = make.reply(ticket, "Добрый день!", by=anya)
    drafting.save(anya, ticket, "reply", DraftWords("Ещё мысль"), at=NOON + HOUR)

    draft = replying.undo(message, by=anya, at=NOON + HOUR)

    assert (draft.text, draft.to) == ("Добрый день!\n\nЕщё мысль", ["vera@kvarts.example"])
    assert not Message.objects.filter(pk=message.pk).exists()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.last_by) == ("open", "client")


@pytest.mark.parametrize("end", ["solved", "closed", "spam", "waiting_other"])
def test_undo_leaves_the_state_that_a_colleague_set_since(end):
    anya, boris, ticket = make.agent(), make.agent("Борис Котов"), make.ticket()
    message = make.reply(ticket, by=anya)
    deeds = {
        "solved": lambda: solving.solve(ticket, result="Позвонили", by=boris, at=NOON + HOUR),
        "closed": lambda: solving.close(ticket, by=boris, at=NOON + HOUR),
        "spam": lambda: solving.spam(ticket, block=False, by=boris, at=NOON + HOUR),
        "waiting_other": lambda: solving.set_state(ticket, end, by=boris, at=NOON + HOUR),
    }
    deeds[end]()

    draft = replying.undo(message, by=anya, at=NOON + HOUR)

    ticket.refresh_from_db()
    assert (ticket.state, draft.text) == (end, message.text)
    assert not Message.objects.filter(pk=message.pk).exists()


def test_undo_of_a_solving_answer_opens_what_it_solved_itself():
    anya, ticket = make.agent(), make.ticket()
    message = make.reply(ticket, by=anya, then="solve", result="Готово")

    replying.undo(message, by=anya, at=NOON + HOUR)

    ticket.refresh_from_db()
    assert ticket.state == "open"


def test_undo_of_an_answer_leaves_the_request_to_a_later_one():
    anya, ticket = make.agent(), make.ticket()
    message = make.reply(ticket, by=anya)
    make.reply(ticket, "Отвечу подробнее.", by=make.agent("Борис Котов"))

    replying.undo(message, by=anya, at=NOON + HOUR)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.last_words) == ("waiting_client", "Отвечу подробнее.")


def test_what_has_left_cannot_be_undone():
    anya = make.agent()
    message = make.reply(make.ticket(), by=anya)
    message.deliveries.update(state="sending")

    with pytest.raises(replying.AlreadyGone, match="уже ушло"):
        replying.undo(message, by=anya, at=NOON + HOUR)


def test_an_empty_editor_never_overwrites_a_saved_draft():
    anya, ticket = make.agent(), make.ticket()
    drafting.save(anya, ticket, "reply", DraftWords("Почти готово"), at=NOON)

    drafting.save(anya, ticket, "reply", DraftWords(""), at=NOON + HOUR)

    assert Draft.objects.get().text == "Почти готово"
    drafting.save(anya, ticket, "reply", DraftWords("", emptied=True), at=NOON + HOUR)
    assert Draft.objects.get().text == ""


BACKWARDS = [("sent", "waiting"), ("sent", "sending"), ("failed", "retry"), ("bounced", "sent")]


@pytest.mark.parametrize(("was", "now"), BACKWARDS)
def test_the_database_refuses_a_delivery_that_goes_back(was, now):
    message = make.reply(make.ticket())
    Delivery.objects.filter(message=message).delete()
    delivery = Delivery.objects.create(message=message, address="a@b.example", state=was, next_at=NOON)

    with pytest.raises(IntegrityError, match="may not go"), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(state=now)


def test_the_database_refuses_other_words_in_a_message():
    message = make.received()

    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(text="другое")
