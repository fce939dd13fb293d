"""Letters about accounts: a link that exists in the letter alone, nothing for addresses that nobody has."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from otklik.accounts import invitations
from otklik.accounts.models import AccountLetter, PasswordLink, User
from otklik.channels.models import Box
from otklik.channels.outbox import accountletters
from tests import make
from tests.channels.outbox.conftest import SHORT
from tests.channels.outbox.sinks import DROP, Sink

FRESH = "совсем другие пять слов"


@pytest.fixture
def ann(db: None) -> User:
    return make.agent("Аня Орлова", email="ann@primer.example")


def send() -> int:
    return accountletters.send_due(at=timezone.now(), patience=SHORT)


def ask(address: str):
    return Client().post("/password/", {"email": address})


def plain(page: str) -> str:
    """Without the token of forms, which is another one each time."""
    return re.sub(r'(csrfmiddlewaretoken" value=)"[^"]*"', r"\1", page)


def link_in(server: Sink) -> str:
    found = re.search(r"http://localhost:8000(/password/\S+)", server.world.letters[-1].plain)
    assert found
    return found[1]


def test_a_forgotten_password_is_set_anew_by_the_letter(ann: User, box: Box, server: Sink):
    ask("ANN@primer.example")
    assert send() == 1

    assert server.world.letters[0].recipients == ("ann@primer.example",)
    assert Client().post(link_in(server), {"password": FRESH})["Location"] == "/desk/"
    ann.refresh_from_db()
    assert ann.check_password(FRESH)


def test_an_address_that_nobody_has_gets_the_same_answer_and_no_letter(ann: User, box: Box, server: Sink):
    known, unknown = ask("ann@primer.example"), ask("who@primer.example")
    send()

    assert known.status_code == unknown.status_code == 200
    assert plain(known.text).replace("ann@", "who@") == plain(unknown.text)
    assert [one.recipients for one in server.world.letters] == [("ann@primer.example",)]
    assert not AccountLetter.objects.filter(address="who@primer.example").exists()


def test_one_who_left_gets_no_letter(ann: User, box: Box, server: Sink):
    User.objects.update(is_active=False)
    ask("ann@primer.example")
    send()

    assert server.world.letters == []


def test_a_box_in_trouble_keeps_no_letter_from_leaving_by_another(ann: User, box: Box, server: Sink):
    Box.objects.update(trouble="не отвечает", trouble_at=timezone.now(), smtp_port=1)
    make.box(
        "sales@primer.example", smtp_host="127.0.0.1", smtp_port=server.port, smtp_security=Box.Security.NONE
    )
    ask("ann@primer.example")
    send()

    assert [one.recipients for one in server.world.letters] == [("ann@primer.example",)]


def test_the_database_holds_a_hash_of_the_link_alone(ann: User, box: Box, server: Sink):
    ask("ann@primer.example")
    send()

    token = link_in(server).strip("/").rsplit("/", 1)[1]
    row = PasswordLink.objects.get()
    assert token not in str(row.__dict__)
    assert len(row.token_hash) == 64


def test_an_invitation_leads_to_the_desk(ann: User, box: Box, server: Sink):
    invitations.invite(ann, at=timezone.now())
    invitations.invite(ann, at=timezone.now())
    send()

    assert len(server.world.letters) == 1
    assert Client().get(link_in(server)).status_code == 200


def test_whose_password_was_set_anew_is_told_by_letter(ann: User, box: Box, server: Sink):
    ask("ann@primer.example")
    send()
    Client().post(link_in(server), {"password": FRESH})
    send()

    assert "Сменили пароль" in server.world.letters[-1].plain


def test_a_letter_that_a_server_breaks_off_at_the_dot_is_not_sent_twice(ann: User, box: Box, server: Sink):
    server.world.at_dot = DROP
    ask("ann@primer.example")
    send()
    send()

    assert len(server.world.letters) == 1


def test_a_letter_that_a_server_refuses_for_now_is_tried_again_with_a_link_that_works(
    ann: User, box: Box, server: Sink
):
    server.world.at_rcpt["ann@primer.example"] = "451 4.3.0 later"
    ask("ann@primer.example")
    send()
    assert server.world.letters == []

    server.world.at_rcpt.clear()
    AccountLetter.objects.update(next_at=timezone.now())
    send()
    assert Client().get(link_in(server)).status_code == 200


def test_a_fourth_wish_within_the_hour_is_refused_whoever_has_the_address(ann: User):
    for address in ["ann@primer.example", "who@primer.example"]:
        assert [ask(address).status_code for _try in range(4)] == [200, 200, 200, 429]


def test_a_link_handed_over_opens_after_the_letter_that_waited_has_left(ann: User, box: Box, server: Sink):
    invitations.invite(ann, at=timezone.now())
    keeper = Client()
    keeper.force_login(make.admin())
    page = keeper.post(f"/people/{ann.pk}/link/").text
    handed = re.search(r"http://localhost:8000(/password/[^<\s]+)", page)
    assert handed

    assert send() == 1

    assert "Ссылка из письма" in page
    assert Client().get(handed[1]).status_code == 200
    assert Client().get(link_in(server)).status_code == 200
