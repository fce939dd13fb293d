"""Pictures pasted into the words: a mark while somebody writes, a picture at its place for everyone who reads."""

import base64
from contextlib import closing

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from otklik import mime
from otklik.channels.outbox import composing
from otklik.desk import placing
from otklik.desk.composing import desk
from otklik.desk.models import Draft, DraftFile, Message, Note, Ticket
from tests import make
from tests.make import HOUR, NOON

pytestmark = pytest.mark.django_db
SWAP = {"HX-Request": "true"}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="
)
MARK = "[снимок 14-02-33.png]"


def paste(client, ticket, mode="reply", name="снимок 14-02-33.png", content=PNG):
    sent = {"files": SimpleUploadedFile(name, content, "image/png"), "stand": "1"}
    return client.post(f"/desk/{ticket.number}/drafts/{mode}/files/", sent, headers=SWAP)


def shown(client, path):
    """(type, bytes) of a picture."""
    with closing(client.get(path)) as response:
        return response.headers["Content-Type"], b"".join(response.streaming_content)


def answer(client, ticket, text):
    seen = ticket.messages.order_by("-pk").values_list("pk", flat=True)[0]
    sent = {"text": text, "to": "vera@kvarts.example", "box": make.box().pk, "seen": seen}
    client.post(f"/desk/{ticket.number}/reply/", sent)
    return Message.objects.get(direction="out")


def test_a_pasted_picture_gets_a_mark_and_a_thumbnail(client, ticket):
    row = paste(client, ticket)

    kept = DraftFile.objects.get()
    assert row.headers["X-Standing"] == "%D1%81%D0%BD%D0%B8%D0%BC%D0%BE%D0%BA%2014-02-33.png"
    assert f"/desk/drafts/files/{kept.pk}/picture/" in row.text
    assert shown(client, f"/desk/drafts/files/{kept.pk}/picture/") == ("image/png", PNG)


def test_what_is_no_picture_by_its_bytes_gets_no_mark(client, ticket):
    row = paste(client, ticket, content=b"<svg onload=alert(1)>")

    assert row.headers["X-Standing"] == ""
    assert DraftFile.objects.get().content_id == ""


def test_two_pictures_of_one_name_keep_marks_of_their_own(client, ticket):
    paste(client, ticket)
    paste(client, ticket, name="снимок 14-02-33.png")

    assert sorted(DraftFile.objects.values_list("name", flat=True)) == [
        "снимок 14-02-33 2.png",
        "снимок 14-02-33.png",
    ]


def test_a_draft_of_somebody_else_shows_its_pictures_to_nobody(client, ticket):
    paste(client, ticket)
    client.force_login(make.agent("Борис"))

    assert client.get(f"/desk/drafts/files/{DraftFile.objects.get().pk}/picture/").status_code == 404


def test_the_picture_leaves_inside_the_letter_at_its_place(client, ticket):
    paste(client, ticket)
    sent = answer(client, ticket, f"Вот где кнопка:\n{MARK}\nНажмите её.")

    batch = composing.load([sent.pk], at=NOON + HOUR)
    copy = composing.copies(batch, batch.messages[sent.pk], list(sent.deliveries.all()))[0]
    letter = mime.read(composing.compose(batch, batch.messages[sent.pk], copy))
    picture = letter.attachments[0]
    assert (picture.inline, picture.content) == (True, PNG)
    before, after = (letter.html or "").split(f'<img src="cid:{picture.content_id}"')
    assert "Вот где кнопка" in before
    assert "Нажмите её" in after


def test_colleagues_and_the_client_see_the_picture_between_the_words(client, ticket):
    paste(client, ticket)
    sent = answer(client, ticket, f"Вот:\n{MARK}\nНажмите.")
    Message.objects.filter(pk=sent.pk).update(send_after=NOON)
    ticket.refresh_from_db()

    pk, page = sent.attachments.get().pk, make.page(ticket)
    assert f'<img src="/desk/files/{pk}/picture/"' in client.get(f"/desk/{ticket.number}/").text
    assert ticket.last_words == f"Вот: {MARK} Нажмите."
    client.logout()
    assert f'<img src="{page}files/{pk}/picture/"' in client.get(page).text
    assert shown(client, f"{page}files/{pk}/picture/") == ("image/png", PNG)


def test_a_letter_taken_back_returns_with_the_mark_and_the_picture(client, ticket, anya):
    paste(client, ticket)
    sent = answer(client, ticket, f"Вот:\n{MARK}")
    client.post(f"/desk/messages/{sent.pk}/undo/")

    draft = Draft.objects.get(mode="reply")
    assert draft.text == f"Вот:\n{MARK}"
    assert placing.place(draft.text, desk(anya, ticket).draft("reply").attached) == sent.text


def test_a_note_shows_its_picture_too(client, ticket):
    paste(client, ticket, "note")
    client.post(f"/desk/{ticket.number}/note/", {"text": f"Так у клиента: {MARK}"})

    pk = Note.objects.get().attachments.get().pk
    assert f'<img src="/desk/files/{pk}/picture/"' in client.get(f"/desk/{ticket.number}/").text
    assert Ticket.objects.get().messages.filter(direction="out").count() == 0
