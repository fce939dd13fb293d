"""What may stop an answer before it leaves: the words stay, a person may insist, and a broken tool stops nothing."""

import re

import pytest

from otklik.desk import stopping
from otklik.desk.models import Draft, Message
from otklik.desk.stopping import Stop
from otklik.journal.models import Entry
from tests import make
from tests.desk.test_pages_writing import SWAP, post, words

pytestmark = pytest.mark.django_db
PHANTOM = "кукумберация"


def sees(text, _ticket_id):
    return [Stop("phantom", PHANTOM, "Такого слова нет.")] if PHANTOM in text else []


def breaks(_text, _ticket_id):
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def eyes():
    """One that finds, one that always fails."""
    before = list(stopping._eyes)
    stopping.add(breaks)
    stopping.add(sees)
    yield
    stopping._eyes[:] = before


def sent():
    return Message.objects.filter(direction="out")


def test_a_failing_eye_stops_nothing(client, ticket):
    assert post(client, ticket, "reply", words(ticket)).status_code == 302
    assert sent().count() == 1


@pytest.mark.parametrize("headers", [{}, SWAP])
def test_what_is_stopped_stays_with_its_writer_who_reads_why(client, ticket, headers):
    answer = post(client, ticket, "reply", words(ticket, f"Вот {PHANTOM}."), headers=headers)

    assert answer.status_code == 422
    assert "Письмо пока не ушло" in answer.text
    assert "Такого слова нет." in answer.text
    assert Draft.objects.get().text == f"Вот {PHANTOM}."
    assert not sent().exists()


def test_a_person_who_insists_sends_it_and_the_journal_keeps_that(client, ticket, anya):
    post(client, ticket, "reply", words(ticket, f"Вот {PHANTOM}.", insist="1"))

    entry = Entry.objects.get(word="message.insisted")
    assert (entry.user, entry.facts) == (anya, {"rules": ["phantom"], "message": sent().get().pk})
    assert "хотя подсказка советовала" in client.get(f"/desk/{ticket.number}/").text


def test_insisting_where_nothing_stops_is_no_news(client, ticket):
    post(client, ticket, "reply", words(ticket, insist="1"))

    assert sent().count() == 1
    assert not Entry.objects.filter(word="message.insisted").exists()


def test_a_new_letter_is_stopped_too_and_a_letter_to_a_vendor_is_not(client, ticket):
    new = {"text": PHANTOM, "to": "gleb@kvarts.example", "subject": "Привет", "box": make.box().pk}
    assert client.post("/desk/new/", new).status_code == 422
    assert client.post("/desk/new/", new | {"insist": "1"}).status_code == 302

    post(client, ticket, "vendor", words(ticket, PHANTOM, to="vendor@example.org"))
    assert sent().filter(circle="vendor").count() == 1


def test_what_came_meanwhile_is_shown_after_insisting_and_the_insisting_is_kept(client, ticket):
    sent_words = words(ticket, PHANTOM, insist="1")
    make.received("Ещё слово", ticket=ticket, at=make.NOON + make.HOUR)
    answer = post(client, ticket, "reply", sent_words)

    assert answer.status_code == 409
    carried = re.search('<input type="hidden" name="insist" value="([^"]+)">', answer.text).group(1)
    post(client, ticket, "reply", sent_words | {"insist": carried, "force": "1"})
    assert sent().count() == 1


def test_insisting_does_not_outlive_the_words_that_it_was_said_of(client, ticket):
    sent_words = words(ticket, PHANTOM, insist="1")
    make.received("Ещё слово", ticket=ticket, at=make.NOON + make.HOUR)
    answer = post(client, ticket, "reply", sent_words)
    carried = re.search('<input type="hidden" name="insist" value="([^"]+)">', answer.text).group(1)
    other = sent_words | {"text": f"Снова {PHANTOM}.", "insist": carried, "force": "1"}
    stopped = post(client, ticket, "reply", other)

    assert stopped.status_code == 422
    assert f'value="{carried}"' not in stopped.text
    assert not sent().exists()


@pytest.mark.parametrize("headers", [{}, SWAP])
def test_what_was_insisted_on_is_not_called_unsent_when_its_answer_was_lost(client, ticket, headers):
    sent_words = words(ticket, PHANTOM, sheet="a" * 32)
    post(client, ticket, "reply", sent_words | {"insist": "1"})
    again = post(client, ticket, "reply", sent_words, headers=headers)

    assert again.status_code == (200 if headers else 302)
    assert not Draft.objects.exists()
    assert sent().count() == 1


def test_a_new_letter_that_was_insisted_on_leads_to_its_request_the_second_time(client, ticket):
    new = {
        "text": PHANTOM,
        "to": "gleb@kvarts.example",
        "subject": "Привет",
        "box": make.box().pk,
        "sheet": "b" * 32,
    }
    first = client.post("/desk/new/", new | {"insist": "1"})

    assert client.post("/desk/new/", new).url == first.url
    assert not Draft.objects.exists()
    assert sent().count() == 1
