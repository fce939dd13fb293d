"""«Клиент сказал»: one field, into the right request, and not a word back."""

import pytest
from django.test import Client

from otklik.accounts.models import User
from otklik.desk.models import Message, Note, Ticket
from otklik.journal.models import Entry
from otklik.promises.models import NextNews
from otklik.sla import following
from otklik.staff.models import Membership, Team
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lida() -> User:
    """Of the warehouse, in no team."""
    user = make.agent("Лида Склад", role="light")
    Membership.objects.all().delete()
    return user


def say(user: User, words: str):
    browser = Client()
    browser.force_login(user)
    return browser.post("/desk/pass-on/", {"words": words}, follow=True)


def test_words_about_a_numbered_request_become_a_note_in_it(lida):
    ticket = make.ticket()

    say(lida, f"№ {ticket.number}: звонила Вера, базу так и не открыли")

    note = Note.objects.get()
    assert (note.ticket, note.user) == (ticket, lida)
    assert "базу так и не открыли" in note.text
    assert Ticket.objects.get().unread
    assert Message.objects.count() == 1


def test_words_of_a_known_client_find_their_open_request(lida):
    ticket = make.ticket()

    say(lida, "Вера Соколова, vera@kvarts.example: ждёт ответа со вчера")

    assert Note.objects.get().ticket == ticket


def test_words_of_a_client_we_wait_for_open_their_request_again(lida):
    ticket = make.ticket()
    Ticket.objects.update(state="waiting_client")

    say(lida, f"№{ticket.number} привезла договор")

    assert Ticket.objects.get().state == "open"


def test_a_client_of_another_team_is_served_by_that_team(lida):
    hosting = make.team("Хостинг")
    old = make.ticket(team_id=hosting.pk)
    Ticket.objects.update(state="closed")

    say(lida, f"№ {old.number}: снова не работает")

    fresh = Ticket.objects.exclude(pk=old.pk).get()
    assert (fresh.team, fresh.client, fresh.channel) == (hosting, old.client, "passed")


def test_somebody_unknown_opens_a_request_of_the_first_line_with_a_next_news(lida):
    make.team("Разработка", level=3)
    first = make.team()
    say(lida, "Пётр Новый, petr@novy.example: хочет подключиться")
    following._take(list(Entry.objects.order_by("pk")))  # a follower reads what is committed alone

    ticket = Ticket.objects.get()
    assert (ticket.team, ticket.client.name) == (first, "Пётр Новый")
    assert ticket.participants.get().identity.value == "petr@novy.example"
    assert NextNews.objects.filter(ticket=ticket).exists()


def test_without_a_name_the_request_says_who_told_it(lida):
    make.team()
    say(lida, "кто-то у входа ругается на счёт")

    assert "Лида Склад" in Ticket.objects.get().client.name


def test_the_answer_is_the_same_whoever_was_named(lida):
    ticket = make.ticket(subject="Тайная тема")

    known = say(lida, f"№ {ticket.number}: слова").content.decode()
    unknown = say(lida, "№ 99999999: слова").content.decode()

    for page in (known, unknown):
        assert "Передали" in page
        assert "Тайная тема" not in page
        assert "Вера" not in page.split("<textarea")[0]


def test_an_empty_field_is_said_in_words_and_no_team_too(lida):
    assert say(lida, "  ").status_code == 422
    Team.objects.all().delete()
    assert say(lida, "слова").status_code == 409
    assert not Ticket.objects.exists()


def test_whoever_hands_on_words_sees_no_place_but_this_one(lida):
    browser = Client()
    browser.force_login(lida)

    assert browser.get("/")["Location"] == "/desk/pass-on/"
    page = browser.get("/desk/pass-on/").text
    assert 'href="/desk/search/"' not in page
    assert browser.get("/desk/").status_code == 403
    assert Client().get("/desk/pass-on/").status_code == 302
