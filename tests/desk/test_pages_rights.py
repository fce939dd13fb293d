"""Whoever may not see a request sees none of it: page, list, counts, search, files, letters, drafts (invariant 6)."""

import pytest
from django.urls import reverse

from otklik.desk import files, lists, noting
from otklik.desk.files import File
from tests import make
from tests.make import NOON

pytestmark = pytest.mark.django_db
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture
def message():
    """A letter with HTML, a file and a picture to the team «Помощь»."""
    kept = [File(files.store(one), len(one), name, "text/plain", cid, bool(cid)) for one, name, cid in [
        (b"words", "договор.txt", ""), (PICTURE, "схема.png", "scheme"),
    ]]  # fmt: skip
    return make.received(
        "Тайное слово кракозябра", subject="Тайная тема", files=tuple(kept), html="<p>кракозябра</p>"
    )


def addresses(message):
    """Every address that shows something of one request."""
    here = reverse("desk:ticket", args=[message.ticket.number])
    pages = [
        "",
        "thread/",
        "card/",
        "hand-over/",
        "state/",
        "solution/",
        "spam/",
        "tags/",
        "addresses/",
        "why/",
    ]
    file, picture = message.attachments.order_by("pk")
    return [
        *(here + page for page in pages),
        reverse("desk:letter", args=[message.pk]),
        reverse("desk:inline-picture", args=[message.pk, "scheme"]),
        reverse("desk:file", args=[file.pk]),
        reverse("desk:picture", args=[picture.pk]),
    ]


def status_of(client, address):
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to its end the file is closed
    return answer.status_code


def test_an_agent_of_the_team_and_an_administrator_open_every_address(client, message):
    for user in [make.agent(), make.admin()]:
        client.force_login(user)
        for address in addresses(message):
            assert status_of(client, address) == 200, address


def test_a_colleague_of_another_team_and_a_stranger_open_none_of_them(client, message):
    boris = make.agent("Борис Ким", team=make.team("Хостинг"))
    gleb = make.agent("Глеб Чужой", team=make.team("Склад"))
    for user in [boris, gleb]:
        client.force_login(user)
        for address in addresses(message):
            assert status_of(client, address) == 404, address


def test_somebody_not_signed_in_is_led_to_the_door(client, message):
    for address in addresses(message):
        answer = client.get(address)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("sign-in"))


@pytest.mark.parametrize("page", ["desk:inbox", "desk:list"])
@pytest.mark.parametrize("view", ["unowned", "all"])
def test_lists_show_a_request_to_its_team_alone(client, message, page, view):
    row = f'id="row-{message.ticket.number}"'
    client.force_login(make.agent())
    assert row in client.get(reverse(page), {"view": view}).text

    client.force_login(make.agent("Борис Ким", team=make.team("Хостинг")))
    assert row not in client.get(reverse(page), {"view": view}).text


def test_counts_hold_only_what_one_may_see(message):
    boris = make.agent("Борис Ким", team=make.team("Хостинг"))

    assert lists.counts(make.agent())["unowned"] == 1
    assert lists.counts(boris) == {"mine": 0, "unowned": 0, "all": 0, "waits": 0}


@pytest.mark.parametrize("text", ["кракозябры", "Тайная тема", "Вера Соколова", "vera@kvarts.example"])
def test_search_finds_for_the_team_and_finds_nothing_for_others(client, message, text):
    client.force_login(make.agent())
    found = f'href="/desk/{message.ticket.number}/"'
    assert found in client.get(reverse("desk:search"), {"q": text}).text

    client.force_login(make.agent("Борис Ким", team=make.team("Хостинг")))
    assert found not in client.get(reverse("desk:search"), {"q": text}).text


def test_search_finds_words_of_notes_for_the_team_alone(client):
    anya = make.agent()
    ticket = make.ticket(subject="Обычная тема")
    noting.write(ticket, "барсук не пришёл", by=anya, at=NOON)
    client.force_login(anya)
    assert "Обычная тема" in client.get(reverse("desk:search"), {"q": "барсуки"}).text

    client.force_login(make.agent("Борис Ким", team=make.team("Хостинг")))
    assert "Обычная тема" not in client.get(reverse("desk:search"), {"q": "барсуки"}).text


DEEDS = ["owner", "hand-over", "state", "solution", "reopening", "spam", "tags", "tags/removal", "addresses"]


@pytest.mark.parametrize("deed", [*DEEDS, "blocking", "unread", "reply", "note", "vendor", "drafts/reply"])
def test_no_deed_reaches_a_request_of_another_team(client, message, deed):
    client.force_login(make.agent("Борис Ким", team=make.team("Хостинг")))

    answer = client.post(f"/desk/{message.ticket.number}/{deed}/", {"text": "чужие слова", "name": "чужое"})

    assert answer.status_code == 404


def test_a_draft_is_shown_to_its_writer_alone(client, message):
    here = reverse("desk:ticket", args=[message.ticket.number])
    client.force_login(make.agent())
    client.post(f"{here}drafts/reply/", {"text": "недописанное"})
    assert "недописанное" in client.get(here).text

    client.force_login(make.agent("Вторая Аня"))
    assert "недописанное" not in client.get(here).text


def test_nobody_takes_back_a_letter_of_a_colleague(client):
    sent = make.reply(make.ticket(), by=make.agent())
    client.force_login(make.agent("Вторая Аня"))
    assert client.post(reverse("desk:undo", args=[sent.pk])).status_code == 404

    client.force_login(sent.user)
    assert client.post(reverse("desk:undo", args=[sent.pk])).status_code == 302


def test_an_address_of_another_teams_client_is_joined_by_an_administrator_alone(client, message):
    hosting = make.team("Хостинг")
    gleb = make.identity("gleb@drugoi.example", "Глеб")
    ticket = make.ticket(sender=gleb, team_id=hosting.pk)
    addresses, vera = f"/desk/{ticket.number}/addresses/", message.ticket.client

    client.force_login(make.agent("Борис Ким", team=hosting))
    assert client.post(addresses, {"address": "vera@kvarts.example"}).status_code == 403
    message.ticket.refresh_from_db()
    assert message.ticket.client == vera

    client.force_login(make.admin())
    assert client.post(addresses, {"address": "vera@kvarts.example"}).status_code == 302
    message.ticket.refresh_from_db()
    assert message.ticket.client == gleb.client
