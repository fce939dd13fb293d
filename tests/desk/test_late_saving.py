"""What the page saves after its words were sent comes late: it brings no draft back, and loses no file."""

import re
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from otklik.desk import drafting
from otklik.desk.drafting import DraftWords
from otklik.desk.models import Draft, Message, SentSheet
from tests import make
from tests.make import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db
KEY = re.compile(r'name="sheet" value="(\w+)"')


def sheets(client, ticket):
    """What the three forms of the page carry: answer, vendor, note."""
    page = client.get(f"/desk/{ticket.number}/").text
    return [{"sheet": key, "to": "vera@kvarts.example", "box": make.box().pk, "seen": ticket.messages.last().pk}
            for key in KEY.findall(page)]  # fmt: skip


@pytest.mark.parametrize(("place", "mode"), [(0, "reply"), (1, "vendor"), (2, "note")])
def test_a_saving_that_comes_after_the_words_were_sent_brings_nothing_back(client, ticket, place, mode):
    sheet = sheets(client, ticket)[place]
    client.post(f"/desk/{ticket.number}/{mode}/", {**sheet, "text": "Базу открыли."})

    late = client.post(f"/desk/{ticket.number}/drafts/{mode}/", {**sheet, "text": "Базу откр"})

    assert late.status_code == 200
    assert not Draft.objects.exists()


def test_a_saving_of_another_window_and_of_the_next_sheet_is_kept(client, ticket):
    mine, *_others = sheets(client, ticket)
    other, *_others = sheets(client, ticket)
    client.post(f"/desk/{ticket.number}/reply/", {**mine, "text": "Базу открыли."})

    client.post(f"/desk/{ticket.number}/drafts/reply/", {**other, "text": "И ещё одно"})
    assert Draft.objects.get().text == "И ещё одно"
    following, *_others = sheets(client, ticket)
    client.post(f"/desk/{ticket.number}/drafts/reply/", {**following, "text": "И ещё одно дело"})
    assert Draft.objects.get().text == "И ещё одно дело"


def test_a_sheet_that_was_refused_goes_on_being_saved(client, ticket):
    sheet = sheets(client, ticket)[0]
    page = client.post(f"/desk/{ticket.number}/reply/", {**sheet, "text": "Базу открыли.", "to": "не адрес"})
    assert page.status_code == 422
    assert sheet["sheet"] in page.text

    client.post(f"/desk/{ticket.number}/drafts/reply/", {**sheet, "text": "Базу открыли, Вера."})
    assert Draft.objects.get().text == "Базу открыли, Вера."


def test_a_new_letter_is_not_brought_back_either(client, anya):
    [key] = KEY.findall(client.get(reverse("desk:new")).text)
    sent = {"to": "new@factory.example", "subject": "Акт", "text": "Добрый день!", "box": make.box().pk}
    client.post(reverse("desk:new"), {**sent, "sheet": key})

    client.post(reverse("desk:letter-draft", args=["letter"]), {**sent, "sheet": key})

    assert not Draft.objects.exists()


def test_a_file_that_comes_late_waits_in_a_draft_without_the_sent_words(client, ticket):
    sheet = sheets(client, ticket)[0]
    client.post(f"/desk/{ticket.number}/reply/", {**sheet, "text": "Базу открыли."})

    file = SimpleUploadedFile("журнал.txt", b"words")
    client.post(
        f"/desk/{ticket.number}/drafts/reply/files/", {**sheet, "text": "Базу открыли.", "files": file}
    )

    kept = Draft.objects.get()
    assert (kept.text, kept.files.get().name) == ("", "журнал.txt")


def test_sheets_sent_long_ago_are_forgotten():
    drafting.spend("first", at=NOON)
    drafting.spend("second", at=NOON + HOUR)
    drafting.spend("third", at=NOON + DAY + HOUR / 2)

    assert set(SentSheet.objects.values_list("key", flat=True)) == {"second", "third"}


@pytest.mark.django_db(transaction=True)
def test_a_saving_in_the_middle_of_the_sending_waits_for_its_end():
    anya, ticket = make.agent(), make.ticket()
    outcome, begun = [], threading.Event()

    def save_late():
        begun.set()
        words = DraftWords("Базу откр", sheet="one")
        outcome.append(drafting.autosave(anya, ticket, "reply", words, at=NOON + HOUR))
        connection.close()

    saving = threading.Thread(target=save_late)
    with transaction.atomic():
        make.reply(ticket, by=anya, sheet="one")
        saving.start()
        begun.wait(10)
    saving.join(10)

    assert outcome == [None]
    assert not Draft.objects.exists()
    assert Message.objects.filter(direction="out").count() == 1
