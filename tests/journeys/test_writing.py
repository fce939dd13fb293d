"""What the holder of a link does on the page."""

import hashlib
from contextlib import closing
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections, connection

from otklik.accounts import throttling
from otklik.accounts.models import ClientLink
from otklik.clients import identifying
from otklik.desk import files, solving
from otklik.desk.models import Attachment, Message, Relation, Ticket
from otklik.journal.models import Entry
from otklik.journeys import proving, writing
from otklik.journeys.models import Letter
from tests import make
from tests.journeys.scene import GLEB, scene

pytestmark = pytest.mark.django_db
PAPERS = (b"kept on the disk", b"too many of them")
KEY = "0123456789abcdef0123456789abcdef"


def said() -> list[Message]:
    return list(Message.objects.filter(channel="page").order_by("pk"))


def test_words_of_the_page_stand_in_the_request_and_wake_its_owner():
    it = scene()
    it.answer("Проверьте, пожалуйста.")

    answer = it.browser.post(f"{it.path}words/", {"text": "Проверила: всё ещё нет.\r\nЖду."})

    it.ticket.refresh_from_db()
    assert answer["Location"] == f"{it.path}?done=sent#done"
    assert said()[0].reply_text == "Проверила: всё ещё нет.\nЖду."
    assert (it.ticket.state, it.ticket.unread, it.ticket.last_by) == ("open", True, "client")
    assert "Сообщение у нас" in it.html("?done=sent")


def test_the_same_form_sent_twice_is_one_message():
    it = scene()
    it.write("Дважды нажала", key=KEY)
    it.write("Дважды нажала", key=KEY)
    it.write("Ещё слово", key=KEY.replace("0", "f"))

    assert [message.text for message in said()] == ["Дважды нажала", "Ещё слово"]


def test_a_foreign_key_is_replaced_and_the_message_is_kept():
    it = scene()
    it.write("Раз", key="../../x\n<script>")
    it.write("Два", key="../../x\n<script>")

    assert len(said()) == 2
    assert all("script" not in message.message_id for message in said())


def test_the_words_of_an_unknown_browser_are_marked_for_the_agent_and_on_the_page():
    it = scene()
    it.write("Пишу по пересланной ссылке")

    assert not said()[0].confirmed
    assert "Отправителя мы не проверяли" in it.html()


def test_the_words_of_a_proved_browser_are_the_participants_own():
    it = scene()
    proof = proving.ask(ClientLink.objects.get(), at=it.now)
    it.browser.cookies["otklik_proof"] = proving.cookie(proof)
    assert it.post("proof/", code=proving.code(proof)) == 302

    it.write("Это точно я")

    assert said()[0].confirmed
    assert "Отправителя мы не проверяли" not in it.html()


def test_files_are_kept_and_given_back_as_downloads():
    it = scene()
    file = SimpleUploadedFile("счёт\u202efdp.html", b"<script>1</script>", "text/html")
    it.browser.post(f"{it.path}words/", {"text": "", "attached": [file]})
    kept = Attachment.objects.get()

    got = it.browser.get(f"{it.path}files/{kept.pk}/")

    assert got.getvalue() == b"<script>1</script>"
    assert kept.name == "счётfdp.html"
    assert got["Content-Type"] == "application/octet-stream"
    assert got["Content-Disposition"].startswith("attachment")
    assert got["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_a_note_or_of_another_request_is_not_given():
    it, other = scene(), make.ticket("Другое")
    make.received("С файлом", ticket=other, files=(stored(b"secret"),))
    foreign = Attachment.objects.get()
    assert it.browser.get(f"{it.path}files/{foreign.pk}/").status_code == 404

    make.received("Ваш файл", ticket=it.ticket, files=(stored(b"yours"),))
    own = Attachment.objects.latest("pk")
    with closing(it.browser.get(f"{it.path}files/{own.pk}/")) as given:
        assert given.status_code == 200


def stored(content: bytes):
    from otklik.desk import files

    return files.File(files.store(content), len(content), "файл.txt", "text/plain")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": "  \n "}, "Напишите хотя бы слово"),
        ({"text": "ы" * 50_001}, "больше 50 000 знаков"),
        (
            {"text": "много", "attached": [SimpleUploadedFile(f"{n}", b"1") for n in range(11)]},
            "до 10 файлов",
        ),
        ({"text": "велико", "attached": [SimpleUploadedFile("1", b"1" * (25 * 2**20 + 1))]}, "больше 25"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_the_words_kept(data, words):
    it = scene()

    answer = it.browser.post(f"{it.path}words/", data)

    assert answer.status_code == 422
    assert words in answer.content.decode().replace("\xa0", " ")
    assert str(data["text"]).strip() in answer.content.decode()
    assert not said()


def test_a_nul_in_the_words_is_dropped_and_the_rest_arrives():
    it = scene()

    assert it.write("Пор\0ядок") == 302
    assert said()[0].text == "Порядок"


def test_a_page_that_is_written_to_without_end_asks_to_wait():
    it = scene()
    answers = [it.write(f"слово {n}") for n in range(writing.WORDS.times)]
    refused = it.browser.post(f"{it.path}words/", {"text": "это останется в поле"})

    assert set(answers) == {302}
    assert refused.status_code == 429
    assert "это останется в поле" in refused.content.decode()
    assert len(said()) == writing.WORDS.times


def test_a_word_to_a_closed_request_begins_a_new_one_whose_link_goes_by_mail_alone():
    it = scene()
    solving.close(it.ticket, by=it.anna, at=it.now)

    answer = it.browser.post(f"{it.path}words/", {"text": "Опять не открывается"})

    fresh = Ticket.objects.latest("pk")
    assert Relation.objects.get().ticket_id == fresh.pk != it.ticket.pk
    assert answer["Location"] == f"{it.path}?done=anew#done"
    assert "Опять не открывается" not in it.html("?done=anew")
    assert Letter.objects.get().ticket == fresh


def test_a_second_word_to_a_closed_request_continues_the_new_one():
    it = scene()
    solving.close(it.ticket, by=it.anna, at=it.now)

    it.write("Опять не открывается")
    it.write("И отчёты тоже")

    fresh = Relation.objects.get().ticket
    assert fresh.messages.count() == 2
    assert Letter.objects.count() == 1


def test_a_word_to_a_closed_request_stays_out_of_the_one_that_a_stranger_began_by_it():
    it = scene()
    solving.close(it.ticket, by=it.anna, at=it.now)
    gleb = make.identity(GLEB, "Глеб", at=it.now)
    foreign = make.received("Мне переслали", ticket=it.ticket, sender=gleb, at=it.now).ticket

    it.write("Пароль к базе: кварц")
    it.write("И отчёты тоже")

    own = Ticket.objects.exclude(pk__in=[it.ticket.pk, foreign.pk]).get()
    assert [message.ticket for message in said()] == [own, own]
    assert [(letter.ticket, letter.identity) for letter in Letter.objects.all()] == [(own, it.vera)]
    assert "кварц" not in it.browser.get(make.page(foreign, gleb, at=it.now)).content.decode()
    assert "кварц" in it.browser.get(make.page(own, at=it.now)).content.decode()


def test_solved_by_an_unknown_browser_is_told_to_the_participant_by_mail():
    it = scene()

    assert it.post("solved/", solved="yes") == 302

    it.ticket.refresh_from_db()
    assert it.ticket.state == "solved"
    assert Letter.objects.get().kind == "solved"
    assert Entry.objects.get(word="ticket.solved").actor == "client"


def test_solved_twice_is_one_letter_and_one_line_of_the_journal():
    it = scene()
    it.post("solved/", solved="yes")
    it.post("solved/", solved="yes")

    assert Letter.objects.count() == 1
    assert Entry.objects.filter(word="ticket.solved").count() == 1


def test_solved_by_a_proved_browser_needs_no_letter():
    it = scene()
    writing.say_solved(ClientLink.objects.get(), confirmed=True, at=it.now)

    it.ticket.refresh_from_db()
    assert it.ticket.state == "solved"
    assert not Letter.objects.exists()


def test_not_solved_opens_a_solved_request_again_and_leads_to_the_field_of_an_open_one():
    it = scene()
    assert it.browser.post(f"{it.path}solved/", {"solved": "no"})["Location"] == f"{it.path}#write"

    solving.solve(it.ticket, result="Открыли", by=it.anna, at=it.now)
    it.post("solved/", solved="no")

    it.ticket.refresh_from_db()
    assert it.ticket.state == "open"
    assert "Открыли запрос снова" in it.html()


def test_a_closed_link_opens_nothing_and_a_new_one_goes_to_the_participant():
    it = scene()

    assert it.post("renewal/") == 200

    assert it.browser.get(it.path).status_code == 410
    assert Letter.objects.get().identity == it.vera


@pytest.mark.parametrize("tail", ["words/", "solved/", "code/", "proof/", "renewal/"])
def test_a_deed_needs_a_post_of_this_very_page(tail):
    it = scene()
    strict = type(it.browser)(enforce_csrf_checks=True)

    assert it.browser.get(it.path + tail).status_code == 405
    assert strict.post(it.path + tail, {"text": "чужая форма", "solved": "yes"}).status_code == 403
    it.ticket.refresh_from_db()
    assert it.ticket.state == "open"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_message():
    from concurrent.futures import ThreadPoolExecutor

    it = scene()
    link = ClientLink.objects.select_related("ticket", "identity__client").get()

    def send(_n: int) -> int:
        close_old_connections()
        try:
            words = writing.Words("Сразу дважды", KEY)
            return writing.write(link, words, confirmed=False, at=it.now + timedelta(seconds=1)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        ids = set(pool.map(send, range(2)))

    assert len(ids) == 1
    assert len(said()) == 1


def test_a_blocked_sender_writes_nothing_here_either_and_an_unblocked_one_does():
    it = scene()
    solving.solve(it.ticket, result="Открыли базу", by=it.anna, at=it.now)
    identifying.block(it.vera, by=it.anna, at=it.now)
    assert (it.write("Купите слона"), it.post("solved/", solved="no")) == (403, 403)
    it.ticket.refresh_from_db()
    assert (said(), it.ticket.state) == ([], "solved")

    identifying.unblock(it.vera, by=it.anna, at=it.now)
    assert it.write("Это была ошибка") == 302
    assert len(said()) == 1


def test_files_past_the_limit_of_messages_take_no_room_on_the_disk(monkeypatch):
    it = scene()
    monkeypatch.setattr(writing, "WORDS", throttling.Limit("page-words", 1, timedelta(hours=1)))
    assert it.write("Раз", attached=SimpleUploadedFile("1.txt", PAPERS[0])) == 302
    assert it.write("Два", attached=SimpleUploadedFile("2.txt", PAPERS[1])) == 429

    kept = [files.path(hashlib.sha256(words).hexdigest()).exists() for words in PAPERS]
    assert kept == [True, False]


def test_six_megabytes_of_text_are_refused_before_they_are_read():
    it = scene()

    assert it.write("ы" * 3_000_000) == 413
    assert not said()


def test_a_full_disk_is_said_at_the_field_and_the_words_stay(monkeypatch):
    it = scene()
    monkeypatch.setattr("otklik.desk.files.tempfile.mkstemp", no_room)

    answer = it.browser.post(
        f"{it.path}words/",
        {"text": "С файлом", "attached": [SimpleUploadedFile("снимок.png", b"one of a kind")]},
    )

    assert answer.status_code == 409
    assert "на диске сервера нет места" in answer.content.decode().replace("\xa0", " ")
    assert "С файлом" in answer.content.decode()


def no_room(**_where: object) -> tuple[int, str]:
    raise OSError(28, "No space left on device")
