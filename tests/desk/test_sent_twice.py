"""A form whose answer was lost on its way is sent again: it is done once, and answered as the first time."""

import re
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from otklik.desk import drafting
from otklik.desk.models import Attachment, Draft, Message, Note, Ticket
from tests import make
from tests.make import HOUR, NOON

pytestmark = pytest.mark.django_db
KEY = re.compile(r'name="sheet" value="(\w+)"')
WORDS = "Базу открыли, проверьте."


def sheets(client, ticket):
    """What the forms of the page carry, by mode."""
    keys = KEY.findall(client.get(f"/desk/{ticket.number}/").text)
    held = {
        "to": "vera@kvarts.example",
        "box": make.box().pk,
        "seen": ticket.messages.last().pk,
        "text": WORDS,
    }
    return {mode: held | {"sheet": key} for mode, key in zip(("reply", "vendor", "note"), keys, strict=True)}


def said(mode):
    return (Note if mode == "note" else Message).objects.filter(text__contains=WORDS).count()


@pytest.mark.parametrize("mode", ["reply", "vendor", "note"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_the_same_form_sent_again_is_done_once_and_answered_alike(client, ticket, mode, headers):
    sheet = sheets(client, ticket)[mode] | {"force": "1"}
    answers = [client.post(f"/desk/{ticket.number}/{mode}/", sheet, headers=headers) for _ in range(3)]

    assert said(mode) == 1
    assert len({one.status_code for one in answers}) == 1
    assert answers[0].status_code in {200, 302}
    assert not Draft.objects.exists()


@pytest.mark.parametrize("mode", ["reply", "vendor", "note"])
def test_other_words_in_an_old_form_are_new_ones(client, ticket, mode):
    sheet = sheets(client, ticket)[mode] | {"force": "1"}
    client.post(f"/desk/{ticket.number}/{mode}/", sheet)
    client.post(f"/desk/{ticket.number}/{mode}/", sheet | {"text": f"И ещё. {WORDS}"})

    assert said(mode) == 2


def test_the_same_words_in_another_form_are_said_twice(client, ticket):
    for _ in range(2):
        client.post(f"/desk/{ticket.number}/note/", sheets(client, ticket)["note"])

    assert said("note") == 2


def test_a_new_letter_sent_again_leads_to_the_request_that_it_opened(client, anya):
    [key] = KEY.findall(client.get(reverse("desk:new")).text)
    letter = {
        "to": "new@factory.example",
        "subject": "Акт",
        "text": WORDS,
        "box": make.box().pk,
        "sheet": key,
    }
    first, second = (client.post(reverse("desk:new"), letter) for _ in range(2))

    assert Ticket.objects.count() == said("letter") == 1
    assert first.url == second.url == f"/desk/{Ticket.objects.get().number}/"


def test_what_a_client_said_is_passed_on_once(client, anya):
    [key] = re.findall(r'name="sheet" value="(\w+)"', client.get("/desk/pass-on/").text)
    answers = [client.post("/desk/pass-on/", {"words": "Вера: ждёт акт", "sheet": key}) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert Note.objects.count() == Ticket.objects.count() == 1


def test_a_letter_taken_back_does_not_leave_by_its_old_form(client, ticket):
    sheet = sheets(client, ticket)["reply"]
    client.post(f"/desk/{ticket.number}/reply/", sheet)
    client.post(f"/desk/messages/{Message.objects.get(direction='out').pk}/undo/")
    client.post(f"/desk/{ticket.number}/reply/", sheet)
    assert said("reply") == 0

    client.post(f"/desk/{ticket.number}/reply/", sheets(client, ticket)["reply"])
    assert said("reply") == 1


@pytest.mark.parametrize(("mode", "refused"), [("reply", {"seen": "0"}), ("note", {"text": " "})])
def test_files_of_a_plain_form_sent_again_are_not_doubled(client, ticket, mode, refused):
    def twins():
        return [SimpleUploadedFile(name, b"same bytes") for name in ("акт.txt", "копия.txt")]

    address, sheet = f"/desk/{ticket.number}/{mode}/", sheets(client, ticket)[mode]
    client.post(address, sheet | refused | {"files": twins()})
    assert (said(mode), Draft.objects.get().files.count()) == (0, 2)

    client.post(address, sheet | {"files": twins()})

    assert said(mode) == 1
    assert [one.name for one in Attachment.objects.order_by("name")] == ["акт.txt", "копия.txt"]


@pytest.mark.parametrize("mode", ["reply", "note"])
def test_an_old_form_with_a_file_sent_again_leaves_the_words_typed_since(client, anya, ticket, mode):
    sheet = sheets(client, ticket)[mode]
    client.post(f"/desk/{ticket.number}/{mode}/", sheet)
    drafting.save(anya, ticket, mode, drafting.DraftWords("И ещё одно"), at=NOON)

    client.post(f"/desk/{ticket.number}/{mode}/", sheet | {"files": SimpleUploadedFile("акт.txt", b"words")})

    assert (said(mode), Draft.objects.get().text) == (1, "И ещё одно")


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_get_one_form_at_once_do_it_once():
    anya, ticket = make.agent(), make.ticket()
    outcome, begun = [], threading.Event()

    def again():
        begun.set()
        try:
            make.reply(ticket, by=anya, sheet="one", typed="same", at=NOON + HOUR)
        except drafting.AlreadySent:
            outcome.append("already sent")
        connection.close()

    second = threading.Thread(target=again)
    with transaction.atomic():
        make.reply(ticket, by=anya, sheet="one", typed="same")
        second.start()
        begun.wait(10)
    second.join(10)

    assert outcome == ["already sent"]
    assert Message.objects.filter(direction="out").count() == 1
