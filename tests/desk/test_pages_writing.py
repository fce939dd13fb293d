"""The composer as a plain form: answers, notes, vendors, new letters, drafts, files; the same by a swap."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from otklik.desk import routing
from otklik.desk.models import Delivery, Draft, DraftFile, Message, Note, Ticket
from tests import make

pytestmark = pytest.mark.django_db
SWAP = {"HX-Request": "true"}


def post(client, ticket, what, sent, **kwargs):
    return client.post(f"/desk/{ticket.number}/{what}/", sent, **kwargs)


def words(ticket, text="Вера, базу открыли.", **more):
    seen = ticket.messages.order_by("-pk").values_list("pk", flat=True)[0]
    return {"text": text, "to": "vera@kvarts.example", "box": make.box().pk, "seen": seen, **more}


def test_an_answer_by_a_plain_form_leads_back_to_the_request(client, ticket, anya):
    answer = post(client, ticket, "reply", words(ticket))

    assert (answer.status_code, answer.url) == (302, f"/desk/{ticket.number}/")
    sent = Message.objects.get(direction="out")
    assert (sent.text, sent.user) == ("Вера, базу открыли.", anya)
    assert "Отменить" in client.get(answer.url).text


def test_an_answer_by_a_swap_gives_a_clean_composer_and_renews_the_rest(client, ticket):
    answer = post(client, ticket, "reply", words(ticket), headers=SWAP)

    assert answer.status_code == 200
    assert "otklik:thread" in answer.headers["HX-Trigger"]
    assert 'id="composer"' in answer.text
    assert "базу открыли" not in answer.text


def test_an_answer_is_signed_once_however_often_it_is_taken_back(client, ticket, anya):
    anya.profile.signature = "Аня, «Пример»"
    anya.profile.save(update_fields=["signature"])
    post(client, ticket, "reply", words(ticket))
    sent = Message.objects.get(direction="out")
    assert sent.text == "Вера, базу открыли.\n\n-- \nАня, «Пример»"

    client.post(reverse("desk:undo", args=[sent.pk]))
    draft = Draft.objects.get(mode="reply")
    assert draft.text == "Вера, базу открыли."
    post(client, ticket, "reply", words(ticket, draft.text))
    assert Message.objects.get(direction="out").text.count("Пример") == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"to": "не адрес"}, "не адрес"),
        ({"to": "vera@"}, "name@company.ru"),
        ({"then": "solve"}, "что сделали для клиента"),
        ({"text": "а" * 200_001}, "200 000"),
        ({"seen": "9" * 30}, "Обновите страницу"),
        ({"seen": "-1"}, "Обновите страницу"),
    ],
)
def test_wrong_input_comes_back_as_422_with_the_words_kept(client, ticket, wrong, said):
    answer = post(client, ticket, "reply", words(ticket, **wrong))

    assert answer.status_code == 422
    assert said in answer.text
    assert "базу открыли" in answer.text or "ааа" in answer.text
    assert not Message.objects.filter(direction="out").exists()


def test_an_empty_answer_is_refused_with_what_to_do(client, ticket):
    answer = post(client, ticket, "reply", words(ticket, "  "), headers=SWAP)

    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#notices"
    assert "нет ни слова" in answer.text


def test_something_newer_stands_above_the_kept_draft_and_may_be_overruled(client, ticket):
    mine = words(ticket)
    make.received("Уже не нужно, нашли сами", ticket=ticket)

    answer = post(client, ticket, "reply", mine)
    assert answer.status_code == 409
    assert "Пока вы писали, пришло сообщение" in answer.text
    assert "Уже не нужно, нашли сами" in answer.text
    assert "базу открыли" in answer.text

    post(client, ticket, "reply", {**mine, "force": "1"})
    assert Message.objects.filter(direction="out").count() == 1


def test_an_answer_may_close_the_request_with_its_result(client, ticket):
    post(client, ticket, "reply", words(ticket, then="solve", result="открыли доступ"))

    ticket.refresh_from_db()
    assert (ticket.state, ticket.result) == (Ticket.State.SOLVED, "открыли доступ")


def test_a_note_stays_with_colleagues(client, ticket):
    post(client, ticket, "note", {"text": "позвонить завтра"})

    assert Note.objects.get().text == "позвонить завтра"
    assert not Delivery.objects.exists()


def test_a_vendor_is_asked_apart_from_the_client(client, ticket):
    post(client, ticket, "vendor", words(ticket, to="vendor@factory.example"))

    sent = Message.objects.get(direction="out")
    assert (sent.circle, sent.deliveries.get().address) == ("vendor", "vendor@factory.example")
    ticket.refresh_from_db()
    assert ticket.state == Ticket.State.WAITING_OTHER


def test_a_new_letter_opens_a_request_of_its_author(client, anya):
    sent = {"to": "new@factory.example", "subject": "Акт", "text": "Добрый день!", "box": make.box().pk}

    answer = client.post(reverse("desk:new"), sent)

    ticket = Ticket.objects.get()
    assert answer.url == f"/desk/{ticket.number}/"
    assert (ticket.subject, ticket.owner, ticket.client.name) == ("Акт", anya, "new@factory.example")


def test_a_new_letter_without_subject_or_address_says_so(client, anya):
    answer = client.post(reverse("desk:new"), {"text": "Добрый день!", "box": make.box().pk})

    assert answer.status_code == 422
    assert "Напишите тему" in answer.text
    assert "Укажите адрес клиента" in answer.text
    assert "Добрый день!" in answer.text


def test_typing_is_saved_and_an_empty_editor_takes_nothing_away(client, ticket):
    saved = post(client, ticket, "drafts/reply", {"text": "начало ответа", "to": "vera@"}, headers=SWAP)
    assert "Сохранено" in saved.text

    post(client, ticket, "drafts/reply", {"text": ""})
    assert "начало ответа" in client.get(f"/desk/{ticket.number}/").text
    post(client, ticket, "drafts/reply", {"text": "", "emptied": "1"})
    assert "начало ответа" not in client.get(f"/desk/{ticket.number}/").text


def test_drafts_of_answer_and_note_lie_apart(client, ticket):
    post(client, ticket, "drafts/reply", {"text": "клиенту"})
    post(client, ticket, "drafts/note", {"text": "коллегам"})

    assert {one.mode: one.text for one in Draft.objects.all()} == {"reply": "клиенту", "note": "коллегам"}


def test_a_pasted_picture_goes_with_the_answer(client, ticket):
    picture = SimpleUploadedFile("снимок.png", b"\x89PNG\r\n\x1a\n", "image/png")
    shown = post(client, ticket, "drafts/reply/files", {"files": picture, "text": "смотрите"}, headers=SWAP)
    assert "снимок.png" in shown.text

    post(client, ticket, "reply", words(ticket))
    assert Message.objects.get(direction="out").attachments.get().name == "снимок.png"


def test_a_file_taken_out_of_a_draft_does_not_leave(client, ticket):
    file = SimpleUploadedFile("лишний.txt", b"words")
    post(client, ticket, "drafts/reply/files", {"files": file, "text": "смотрите"})
    kept = Draft.objects.get().files.get()
    client.post(reverse("desk:detach", args=[ticket.number, "reply", kept.pk]))

    post(client, ticket, "reply", words(ticket))
    assert not Message.objects.get(direction="out").attachments.exists()


def test_a_file_over_20_mb_is_refused_in_words(client, ticket, monkeypatch):
    monkeypatch.setattr("otklik.desk.drafting.MOST_BYTES", 10)
    file = SimpleUploadedFile("большой.bin", b"x" * 11)

    answer = post(client, ticket, "drafts/reply/files", {"files": file, "text": ""}, headers=SWAP)

    assert answer.status_code == 409
    assert "помещается до" in answer.text


def test_a_box_of_another_team_is_not_taken_for_the_answer(client, ticket):
    strange = make.box("hosting@primer.example", team=make.team("Хостинг"))

    post(client, ticket, "reply", words(ticket, box=strange.pk))

    assert Message.objects.get(direction="out").box.address == "help@primer.example"


@pytest.mark.parametrize("mode", ["reply", "note"])
def test_a_nul_of_a_broken_clipboard_is_dropped_and_the_words_are_kept_and_sent(client, ticket, mode):
    typed = {
        "text": "База\0 открыта",
        "subject": "\0",
        "to": "vera@\0kvarts.example",
        "sheet": "\0",
        "box": "9" * 5000,
    }
    assert client.post(f"/desk/{ticket.number}/drafts/{mode}/", typed).status_code == 200
    assert Draft.objects.get(mode=mode).text == "База открыта"

    assert (
        client.post(
            f"/desk/{ticket.number}/{mode}/", typed | {"box": "", "sheet": "", "force": "1"}
        ).status_code
        == 302
    )
    said = Note.objects.get() if mode == "note" else Message.objects.get(direction="out")
    assert said.text == "База открыта"


def test_a_file_whose_type_is_no_type_is_kept_as_plain_bytes(client, ticket):
    strange = SimpleUploadedFile("акт.txt", b"words", 'text/pl\0ain; x="')
    client.post(f"/desk/{ticket.number}/drafts/note/files/", {"files": strange})
    client.post(
        f"/desk/{ticket.number}/drafts/note/files/", {"files": SimpleUploadedFile("1.png", b"1", "image/png")}
    )

    kept = DraftFile.objects.order_by("pk").values_list("type", flat=True)
    assert list(kept) == ["application/octet-stream", "image/png"]


@pytest.mark.parametrize(("choice", "place"), [("stay", "own"), ("next", "other"), ("list", "/desk/")])
def test_a_plain_form_leads_on_as_its_writer_has_chosen(client, ticket, anya, choice, place):
    other = make.ticket("Другой", sender=make.identity("other@kvarts.example"))
    routing.take(ticket, by=anya, at=make.NOON)
    routing.take(other, by=anya, at=make.NOON)
    anya.profile.after_send = choice
    anya.profile.save(update_fields=["after_send"])

    answer = post(client, ticket, "reply", words(ticket))

    places = {"own": f"/desk/{ticket.number}/", "other": f"/desk/{other.number}/"}
    assert answer.url == places.get(place, place)
