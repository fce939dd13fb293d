"""A long talk is read to its beginning: page by page, each word once, by those who may see it."""

import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from otklik.desk import noting, receiving
from tests import make
from tests.make import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/desk/\d+/\?[^"]*before=\d+)"')


@pytest.fixture
def ticket():
    """250 messages: many of one moment, and the third batch, come last, was said first."""
    ticket = make.ticket("слово 0.")
    for first, last, at in [(1, 99, NOON + HOUR), (99, 180, NOON + DAY), (180, 250, NOON - DAY)]:
        batch = [make.arrival(f"слово {n}.", ticket=ticket) for n in range(first, last)]
        with transaction.atomic():
            receiving.receive(batch, at=at)
    return ticket


def link_in(page):
    """The address of the page above; '' at the beginning of the talk."""
    found = LINK.search(page.text)
    return found[1].replace("&amp;", "&") if found else ""


def pages_of(client, address, **headers):
    """The pages from the last one to the first, as HTML."""
    shown: list[str] = []
    while address and len(shown) < 9:
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200
        shown.append(answer.text)
        address = link_in(answer)
    return shown


def words_in(page):
    return sorted(set(map(int, re.findall(r"слово (\d+)\.", page[page.index("msg__text") :]))))


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "earlier"}])
def test_250_messages_are_all_reached_once(client, ticket, headers):
    client.force_login(make.agent())

    pages = pages_of(client, f"/desk/{ticket.number}/?view=all", **headers)

    assert [len(re.findall("<article", page)) for page in pages] == [100, 100, 50]
    assert sorted(n for page in pages for n in words_in(page)) == list(range(250))
    assert all(("<html" in page) == (not headers) for page in pages)


def test_notes_and_events_stand_on_one_page_each(client, ticket):
    anya = make.agent()
    client.force_login(anya)
    for hours in range(-30, 40, 5):
        noting.write(ticket, f"заметка {hours}!", by=anya, at=NOON + hours * HOUR)

    pages = pages_of(client, f"/desk/{ticket.number}/")

    noted = [words for page in pages for words in set(re.findall(r"заметка -?\d+!", page))]
    assert sorted(noted) == sorted(f"заметка {hours}!" for hours in range(-30, 40, 5))


def test_an_earlier_page_costs_no_more_queries_than_the_last_one(client, ticket):
    client.force_login(make.agent())
    with CaptureQueriesContext(connection) as last:
        answer = client.get(f"/desk/{ticket.number}/")
    with CaptureQueriesContext(connection) as earlier:
        client.get(link_in(answer))

    assert len(earlier) <= len(last)


def test_an_earlier_page_is_no_place_to_answer_from_and_leads_to_the_last_words(client, ticket):
    client.force_login(make.agent())
    last = client.get(f"/desk/{ticket.number}/")
    assert 'id="composer"' in last.text

    earlier = client.get(link_in(last))

    assert 'id="composer"' not in earlier.text
    assert f'<a class="button" href="/desk/{ticket.number}/">' in earlier.text


@pytest.mark.parametrize("before", ["", "x", "²", "9" * 40])
def test_a_strange_place_shows_the_last_words(client, ticket, before):
    client.force_login(make.agent())

    assert 'id="composer"' in client.get(f"/desk/{ticket.number}/", {"before": before}).text


def test_a_message_of_another_request_is_no_place(client, ticket):
    other = make.received("Чужое", sender=make.identity("gleb@factory.example", "Глеб"), at=NOON + 2 * DAY)
    client.force_login(make.agent())

    page = client.get(f"/desk/{ticket.number}/", {"before": other.pk}).text

    assert "<article" not in page
    assert "К последним сообщениям" in page


def test_earlier_messages_are_shown_to_the_team_alone(client, ticket):
    client.force_login(make.agent())
    link = link_in(client.get(f"/desk/{ticket.number}/"))
    assert client.get(link).status_code == 200

    client.force_login(make.agent("Борис Ким", team=make.team("Хостинг")))
    for headers in [{}, {"HX-Request": "true", "HX-Target": "earlier"}]:
        assert client.get(link, headers=headers).status_code == 404
