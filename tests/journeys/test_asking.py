"""A lost link: the same answer to everybody, a letter only to a participant."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from otklik.accounts.models import ClientLink, Tally
from otklik.clients import identifying
from otklik.desk import solving
from otklik.desk.models import Participant
from otklik.journeys import asking, letters
from otklik.journeys.models import Letter
from tests import make
from tests.journeys.scene import GLEB, VERA, scene
from tests.make import NOON

pytestmark = pytest.mark.django_db


def ask(address: str, token: str = "", visitor: str = "127.0.0.1", at=NOON) -> list[int]:
    """Tickets for which a letter was owed by this question."""
    before = set(Letter.objects.values_list("pk", flat=True))
    asking.ask(address, token, visitor=visitor, at=at)
    return [letter.ticket_id for letter in Letter.objects.exclude(pk__in=before)]


def test_a_participant_gets_a_letter_for_the_request_of_the_old_link():
    it = scene()
    make.ticket("Другой запрос", at=it.now)
    ClientLink.objects.update(made_at=it.now - timedelta(days=91), expires_at=it.now - timedelta(days=1))

    assert ask(VERA.upper(), it.path[3:-1], at=it.now) == [it.ticket.pk]


def test_a_stranger_with_a_forwarded_link_gets_no_letter_for_their_own_address():
    it = scene()

    assert ask(GLEB, it.path[3:-1], at=it.now) == []


def test_without_a_token_the_newest_three_open_requests_are_sent():
    tickets = [make.ticket(f"Запрос {n}", at=NOON + timedelta(minutes=n)).pk for n in range(4)]
    closed = make.ticket("Закрытый", at=NOON + timedelta(minutes=9))
    solving.close(closed, by=make.agent(), at=NOON + timedelta(minutes=10))

    assert ask(VERA) == [tickets[3], tickets[2], tickets[1]]


def test_a_made_up_token_is_as_good_as_none():
    ticket = make.ticket()

    assert ask(VERA, f"{ticket.pk}-AAAAAAAAAAAAAAAAAAAAAA") == [ticket.pk]


def test_a_vendor_and_a_blocked_sender_get_nothing():
    it = scene()
    vendor = make.identity("vendor@vendor.example", "Поставщик")
    Participant.objects.create(ticket=it.ticket, identity=vendor, part="vendor", since=it.now)
    assert ask("vendor@vendor.example") == []

    identifying.block(it.vera, by=it.anna, at=it.now)
    assert ask(VERA) == []


def without_token(page):
    """The token against foreign forms is another for every visitor."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_the_page_answers_an_unknown_address_word_for_word_as_a_known_one():
    make.ticket()
    known = Client().post("/r/ask/", {"address": VERA})
    unknown = Client().post("/r/ask/", {"address": GLEB})

    assert known.status_code == unknown.status_code == 200
    assert without_token(known.text).replace(VERA, "") == without_token(unknown.text).replace(GLEB, "")
    assert Letter.objects.count() == 1


def test_a_fourth_letter_to_one_address_is_left_out_in_silence():
    ticket = make.ticket()
    sent = [ask(VERA, visitor=f"10.0.0.{n}") for n in range(4)]

    assert sent == [[ticket.pk]] * 3 + [[]]
    assert ask(VERA, at=NOON + timedelta(hours=2)) == [ticket.pk]


def test_one_visitor_who_asks_without_end_is_told_to_wait():
    answers = [Client().post("/r/ask/", {"address": f"a{n}@b.example"}).status_code for n in range(11)]

    assert answers[0] == 200
    assert answers[-1] == 429


def test_no_address_is_kept_in_the_tallies():
    ask(VERA)

    assert all(VERA not in tally.key for tally in Tally.objects.all())


@pytest.mark.parametrize("address", ["", "не почта", "a@b\0.ru", f"{'a' * 400}@b.example", "<script>@x"])
def test_what_is_no_address_is_said_in_words(address):
    answer = Client().post("/r/ask/", {"address": address})

    assert answer.status_code == 422
    assert "<script>" not in answer.content.decode()


def test_the_letter_gives_a_link_that_opens_the_page():
    it = scene()
    it.post("renewal/")
    letter = letters.take_owed()[0]

    told = letters.words(letter, at=it.now)

    assert told is not None
    path = told.text[told.text.index("/r/") :].split()[0]
    assert path != it.path
    assert it.browser.get(path).status_code == 200


def test_a_letter_once_done_is_owed_no_more():
    it = scene()
    it.post("renewal/")
    letters.done(letters.take_owed(), at=it.now)

    assert not letters.take_owed()
