"""Lists, thread and search: what may be seen, in which order, by how many queries."""

import pytest
from django.db import connection
from django.http import Http404

from otklik.desk import noting, queries, searching, tagging, threads, writing
from otklik.desk.files import File, store
from otklik.desk.models import Attachment, Message
from tests import make
from tests.make import HOUR, NOON
from tests.plans import rows_read

pytestmark = pytest.mark.django_db


def _other():
    return make.agent("Борис Ким", team=make.team("Разработка", 3))


def test_a_request_is_seen_by_its_team_and_administrators_alone():
    ticket = make.ticket()

    assert queries.ticket(make.agent(), ticket.number) == ticket
    assert queries.ticket(make.admin(), ticket.number) == ticket
    with pytest.raises(Http404):
        queries.ticket(_other(), ticket.number)


def test_one_who_was_let_go_sees_nothing():
    anya, ticket = make.agent(), make.ticket()
    assert list(queries.visible_to(anya)) == [ticket]

    anya.is_active = False

    assert not queries.visible_to(anya).exists()


def test_a_thread_of_twenty_takes_as_many_queries_as_one_of_two(django_assert_max_num_queries):
    ticket = make.ticket()
    for n in range(20):
        make.received(f"письмо {n}", ticket=ticket, at=NOON + n * HOUR)
        noting.write(ticket, f"заметка {n}", by=make.agent(), at=NOON)

    with django_assert_max_num_queries(7):
        thread = threads.read(ticket)

    assert (len(thread.messages), len(thread.notes), thread.earlier) == (21, 20, False)


def test_a_long_thread_shows_its_end_and_says_there_is_more():
    ticket = make.ticket()
    for n in range(5):
        make.received(f"письмо {n}", ticket=ticket, at=NOON + (n + 1) * HOUR)

    thread = threads.read(ticket, limit=3)

    assert ([one.text for one in thread.messages], thread.earlier) == (
        ["письмо 2", "письмо 3", "письмо 4"],
        True,
    )
    assert threads.read(ticket, before=thread.messages[0].pk).earlier is False


@pytest.mark.parametrize("words", ["серверами", "СЕРВЕР", "еще серверы", "ещё сервера"])
def test_search_finds_every_word_form_and_yo_as_ye(words):
    ticket = make.ticket("Ещё два сервера не отвечают")

    answer = searching.search(make.agent(), words)

    assert [one.number for one in answer.found] == [ticket.number]
    assert any(match for _text, match in answer.found[0].words)


def test_search_finds_notes_subjects_numbers_names_and_addresses():
    anya, ticket = make.agent(), make.ticket(subject="Перенос домена")
    noting.write(ticket, "клиент просил вечером", by=anya, at=NOON)

    for words in (
        "домены",
        "вечер",
        str(ticket.number),
        f"№ {ticket.number}",
        "вера соколова",
        "VERA@kvarts.example",
    ):
        assert [one.number for one in searching.search(anya, words).found] == [ticket.number], words
        assert searching.search(_other(), words).found == [], words


@pytest.mark.parametrize(
    "words", ["", "\x00", "' OR 1=1 --", "<b>", "а & | !", "(" * 300, "№", "@", "٣" * 30]
)
def test_search_takes_any_words(words):
    make.ticket()

    assert searching.search(make.agent(), words).total == 0


def test_a_file_is_seen_with_its_request():
    file = File(store(b"bytes"), 5, "счёт.pdf", "application/pdf")
    make.ticket(files=(file,))
    attachment = Attachment.objects.get()

    assert queries.attachment(make.agent(), attachment.pk) == attachment
    with pytest.raises(Http404):
        queries.attachment(_other(), attachment.pk)


def test_a_file_is_found_without_reading_the_other_requests():
    make.ticket(files=(File(store(b"bytes"), 5, "счёт.pdf", "application/pdf"),))
    attachment, anya = Attachment.objects.get(), make.agent()
    for _ in range(30):
        make.ticket()

    # its own row, once or twice, as the planner likes
    assert 0 < rows_read("desk_ticket", lambda: queries.attachment(anya, attachment.pk)) <= 2


def test_tags_are_one_word_form_and_bounded():
    anya, ticket = make.agent(), make.ticket()

    tagging.tag(ticket, "  Возврат  Денег ", by=anya, at=NOON)
    tagging.tag(ticket, "возврат денег", by=anya, at=NOON)

    assert [one.name for one in ticket.tags.all()] == ["возврат денег"]
    with pytest.raises(tagging.BadTag):
        tagging.tag(ticket, "я" * 61, by=anya, at=NOON)


def test_a_letter_of_ours_opens_a_request_owned_by_its_author():
    anya, vera = make.agent(), make.identity()

    message = writing.letter(
        vera, "Ваш сертификат", make.words("Вера, продлили сертификат."), by=anya, at=NOON
    )

    assert (message.ticket.owner, message.subject, message.in_reply_to) == (anya, "Ваш сертификат", "")
    assert message.deliveries.get().address == "vera@kvarts.example"
    assert Message.objects.count() == 1


def test_a_batch_of_any_size_finds_letters_by_their_ids_with_the_index():
    make.ticket()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    for size in (1, 100, 101, 400):
        assert "message_by_id" in queries.of_ids([f"{n}@x.example" for n in range(size)]).explain()
