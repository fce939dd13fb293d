"""Promises of our replies: remembered once, kept, moved, dropped; the nearest is the clock of the list."""

import pytest
from django.db import IntegrityError, transaction

from otklik.desk import replying, solving
from otklik.journal.models import Entry
from otklik.promises import by_rule, promising, tracking
from otklik.promises.by_rule import Ruled
from otklik.promises.models import Promise
from otklik.promises.tracking import Pledge
from tests import make, plans
from tests.make import DAY, HOUR, MINUTE, NOON

pytestmark = pytest.mark.django_db
WORDS = "Позвоним завтра до 12:00."
TOMORROW = NOON + DAY


@pytest.fixture
def anya():
    return make.agent()


@pytest.fixture
def reply(anya):
    """A reply of Аня, sent at noon."""
    return make.reply(make.ticket(at=NOON - HOUR), WORDS, by=anya, at=NOON)


def remember(message, *pledges, at=NOON):
    pledges = pledges or (Pledge(0, WORDS, "мы", TOMORROW),)
    with transaction.atomic():
        return tracking.remember(message, pledges, by=message.user, at=at)


def clock(message):
    message.ticket.refresh_from_db()
    return message.ticket.next_due_at, message.ticket.next_due_kind


def test_a_promise_is_remembered_once_and_becomes_the_clock(reply):
    assert remember(reply) == 1
    assert remember(reply) == 0

    assert clock(reply) == (TOMORROW, "promise")
    assert Entry.objects.filter(word="promise.made").count() == 1


def test_the_same_words_of_a_later_reply_are_not_doubled(reply, anya):
    remember(reply)
    later = make.reply(reply.ticket, WORDS, by=anya, at=NOON + HOUR)

    assert remember(later) == 0
    assert Promise.objects.count() == 1


def test_the_same_words_for_another_time_move_to_it(reply, anya):
    remember(reply)
    later = make.reply(reply.ticket, WORDS, by=anya, at=NOON + DAY)

    assert remember(later, Pledge(0, WORDS, "мы", TOMORROW + DAY), at=NOON + DAY) == 1
    assert remember(later, Pledge(0, WORDS, "мы", None), at=NOON + DAY) == 0

    assert clock(reply) == (TOMORROW + DAY, "promise")
    assert list(Promise.objects.order_by("pk").values_list("outcome", "message")) == [
        ("moved", reply.pk), ("", later.pk),
    ]  # fmt: skip
    assert Entry.objects.filter(word="promise.moved").count() == 1


def test_the_time_of_before_stands_again_when_the_later_reply_is_taken_back(reply, anya):
    remember(reply)
    later = make.reply(reply.ticket, WORDS, by=anya, at=NOON + HOUR)
    remember(later, Pledge(0, WORDS, "мы", TOMORROW + DAY))
    replying.undo(later, by=anya, at=NOON + HOUR)
    with transaction.atomic():
        tracking.take_back([reply.ticket_id])

    assert clock(reply) == (TOMORROW, "promise")
    assert Promise.objects.get().outcome == ""


def test_a_reply_taken_back_takes_its_promises_along(reply, anya):
    remember(reply)
    replying.undo(reply, by=anya, at=NOON)
    with transaction.atomic():
        tracking.take_back([reply.ticket_id])

    assert not Promise.objects.exists()
    assert clock(reply) == (None, "")


def test_a_promise_of_a_reply_that_is_gone_is_not_made(reply, anya):
    kept = type(reply).objects.get(pk=reply.pk)
    replying.undo(reply, by=anya, at=NOON)

    assert remember(kept) == 0


def test_of_the_time_in_the_field_of_the_next_news_only_its_own_sentence_is_no_promise(anya):
    ticket = make.ticket(at=NOON - HOUR)
    letter = make.reply(ticket, by=anya, at=NOON, then="work", news_due_at=TOMORROW)
    said = ("Пришлём акт завтра до 12:00.", "Следующую новость напишем завтра до 12:00.",
            "We will write to you with news tomorrow by 12:00.")  # fmt: skip

    assert remember(letter, *(Pledge(place, one, "мы", TOMORROW) for place, one in enumerate(said))) == 1
    assert Promise.objects.get().action == said[0]


def test_a_letter_may_promise_for_the_very_time_of_a_rule(reply):
    rule = Ruled("moved:2", "Напишем вам, как идёт работа", "по правилу соглашения", TOMORROW)
    with transaction.atomic():
        by_rule.make(reply.ticket, rule, at=NOON - MINUTE)

    assert remember(reply) == 1


def test_the_nearer_of_promise_and_news_is_shown_and_the_other_after_it(reply, anya):
    with transaction.atomic():
        promising.open_many([(reply.ticket_id, NOON + 2 * DAY)], at=NOON, kind="news")
        remember(reply)
    assert clock(reply) == (TOMORROW, "promise")

    tracking.keep(Promise.objects.get(), by=anya, at=NOON + HOUR)
    assert clock(reply) == (NOON + 2 * DAY, "news")


def test_news_that_is_promised_later_does_not_hide_a_nearer_promise(reply):
    remember(reply)
    with transaction.atomic():
        promising.open_many([(reply.ticket_id, NOON + 2 * DAY)], at=NOON)
    assert clock(reply) == (TOMORROW, "promise")

    with transaction.atomic():
        promising.keep([reply.ticket_id], at=NOON + HOUR)
    assert clock(reply) == (TOMORROW, "promise")


def test_an_ended_request_shows_no_clock(reply, anya):
    remember(reply)
    solving.solve(reply.ticket, result="готово", by=anya, at=NOON + HOUR)
    with transaction.atomic():
        promising.drop([reply.ticket_id], at=NOON + HOUR)

    assert clock(reply) == (None, "")


@pytest.mark.parametrize(("at", "outcome"), [(NOON + HOUR, "kept"), (TOMORROW + HOUR, "late")])
def test_a_promise_is_kept_or_was_late(reply, anya, at, outcome):
    remember(reply)
    promise = Promise.objects.get()
    tracking.keep(promise, by=anya, at=at)

    assert Promise.objects.get().outcome == outcome
    with pytest.raises(tracking.AlreadyEnded):
        tracking.drop(promise, by=anya, at=at)


def test_moving_adds_a_row_and_a_first_time_is_named_the_same_way(reply, anya):
    remember(reply, Pledge(0, WORDS, "", None))
    assert clock(reply) == (None, "")
    later = tracking.move(Promise.objects.get(), due_at=TOMORROW, by=anya, at=NOON)

    assert (later.action, Promise.objects.get(moved_to=later).outcome) == (WORDS, "moved")
    assert clock(reply) == (TOMORROW, "promise")
    with pytest.raises(tracking.WrongTime):
        tracking.move(later, due_at=NOON - HOUR, by=anya, at=NOON)


def test_the_database_refuses_a_second_open_row_of_one_promise(reply):
    remember(reply)

    with pytest.raises(IntegrityError, match="promise_once"), transaction.atomic():
        Promise.objects.create(ticket=reply.ticket, message=reply, place=0, action="x", made_at=NOON)


def test_the_card_shows_it_and_its_buttons_end_it(client, reply, anya):
    remember(reply)
    promise = Promise.objects.get()
    client.force_login(anya)
    assert WORDS in client.get(f"/desk/{reply.ticket.number}/card/").text

    assert client.post(f"/promises/{promise.pk}/end/").status_code == 302
    assert Promise.objects.get().outcome in {"kept", "late"}
    assert WORDS not in client.get(f"/desk/{reply.ticket.number}/card/").text


def test_the_page_moves_it_and_refuses_the_past(client, reply, anya):
    remember(reply)
    promise = Promise.objects.get()
    client.force_login(anya)
    assert (
        client.post(f"/promises/{promise.pk}/", {"due_at": "2020-01-01T10:00", "reason": "ждём"}).status_code
        == 422
    )

    client.post(f"/promises/{promise.pk}/", {"due_at": "2027-01-11T10:00", "reason": "ждём ответа банка"})
    assert Promise.objects.get(ended_at=None).replaces == promise


def test_a_colleague_of_another_team_does_not_touch_it(client, reply):
    remember(reply)
    client.force_login(make.agent("Борис", team=make.team("Хостинг")))
    promise = Promise.objects.get()

    assert client.get(f"/promises/{promise.pk}/").status_code == 404
    assert client.post(f"/promises/{promise.pk}/end/").status_code == 404


def test_the_promises_of_one_request_are_found_without_reading_the_others(reply, anya):
    """Ended ones too: so an erasure and the going of a request ask for them."""
    remember(reply)
    tracking.keep(Promise.objects.get(), by=anya, at=NOON)
    other = make.reply(make.ticket("Другое", at=NOON - HOUR), WORDS, by=anya, at=NOON)
    remember(other)

    of_one = Promise.objects.filter(ticket=reply.ticket)
    assert plans.rows_read("promises_promise", lambda: list(of_one)) == 1
