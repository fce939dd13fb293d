"""The inbox: who sees which rows, how a list pages, what it costs."""

import re
from html import unescape

import pytest
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db


def page(client, user, url=None, **query):
    client.force_login(user)
    return client.get(url or reverse("desk:inbox"), query)


def test_an_agent_sees_the_unowned_requests_of_their_team(client):
    anya = make.agent()
    ticket = make.ticket(subject="Не открывается база")

    answer = page(client, anya, view="unowned")

    assert f'id="row-{ticket.number}"' in answer.text
    assert "Вера Соколова" in answer.text


def test_a_list_pages_by_key_and_shows_each_request_once(client, monkeypatch):
    monkeypatch.setattr("otklik.desk.lists.queue.__defaults__", (None, 2))
    anya = make.agent()
    tickets = [make.ticket(sender=make.identity(f"c{n}@kvarts.example")) for n in range(5)]
    seen = []
    answer = page(client, anya, view="unowned")
    while True:
        seen += re.findall(r'id="row-(\d+)"', answer.text)
        more = re.search(r'id="list-more" href="([^"]+)"', answer.text)
        if not more:
            break
        answer = client.get(unescape(more[1]))

    assert sorted(map(int, seen)) == sorted(one.number for one in tickets)


@pytest.mark.parametrize(
    "strange",
    [
        "after=x", "after=~9", "after=2026~1", "after=~x", "view=nope&order=up",
        "after=0001-01-01T00:00:00%2B23:00~1", "after=9999-12-31T23:59:59-23:00~1",
        "after=2026-11-20T09:00:00%2B20:00~1",
    ],
)  # fmt: skip
def test_a_strange_address_shows_the_usual_list(client, strange):
    assert page(client, make.agent(), f"{reverse('desk:inbox')}?{strange}").status_code == 200


@pytest.mark.parametrize("strange", ["9" * 5000, "-1", "x", "١"])
def test_a_strange_current_request_gives_the_list_all_the_same(client, strange):
    client.force_login(make.agent())
    assert client.get(reverse("desk:list"), {"current": strange}).status_code == 200


def test_an_unchanged_list_and_thread_answer_204(client):
    anya = make.agent()
    ticket = make.ticket()
    for address in [f"{reverse('desk:list')}?view=unowned", f"/desk/{ticket.number}/thread/"]:
        version = page(client, anya, address).headers["X-Version"]
        again = f"{address}{'&' if '?' in address else '?'}version={version}"
        assert client.get(again).status_code == 204

        make.received("Ещё слово", ticket=ticket)
        assert client.get(again).status_code == 200


def test_a_swap_of_one_request_brings_no_list(client):
    ticket = make.ticket()
    client.force_login(make.agent())

    answer = client.get(f"/desk/{ticket.number}/", headers={"HX-Request": "true", "HX-Target": "work"})

    assert 'id="main"' in answer.text
    assert 'id="rows"' not in answer.text
    assert "<title>" in answer.text


def test_a_first_run_leads_an_administrator_to_the_mailboxes(client):
    assert "Подключить почту" in page(client, make.admin()).text
    assert "Почту подключает администратор" in page(client, make.agent()).text


def test_nothing_of_mine_left_leads_to_what_nobody_owns(client):
    make.ticket()

    answer = page(client, make.agent())

    assert "Всё отвечено" in answer.text
    assert "Открыть ничьи" in answer.text


def test_the_list_says_what_search_did_not_find(client):
    answer = page(client, make.agent(), reverse("desk:search"), q="<b>ничего")

    assert "По словам «&lt;b&gt;ничего» ничего нет" in answer.text


def test_the_theme_and_the_stream_belong_to_signed_in_pages(client):
    answer = page(client, make.agent())

    assert 'data-behaviour="live"' in answer.text
    assert "style=" not in answer.text
