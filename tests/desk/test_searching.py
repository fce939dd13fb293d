"""Search beyond the table of queries: order, pages, counts, the words shown, what the loop learns."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from otklik.desk import noting, searching
from otklik.desk.models import Message, Ticket, Word
from otklik.desk.search import asking, finding, places, vocabulary
from tests import make
from tests.make import DAY, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def anya():
    return make.agent()


def found(user, text, after=None):
    numbers = [one.number for one in searching.search(user, text, after).found]
    return sorted(Ticket.objects.filter(number__in=numbers), key=lambda one: numbers.index(one.number))


def many(count, text="кракозябра"):
    return [
        make.ticket(
            f"{text} {n}", subject="Тема", sender=make.identity(f"c{n}@firm.example"), at=NOON + n * DAY
        )
        for n in range(count)
    ]


def test_the_latest_request_stands_first(anya):
    older, newer = many(2)

    assert found(anya, "кракозябра") == [newer, older]


def test_a_match_in_the_subject_stands_above_a_later_one_in_the_text(anya):
    in_subject = make.ticket("Здравствуйте", subject="Кракозябра")
    in_text = make.ticket("Здравствуйте, кракозябра", subject="Тема", at=NOON + 30 * DAY)

    assert found(anya, "кракозябра") == [in_subject, in_text]


def test_a_much_later_match_in_the_text_stands_above_an_old_subject(anya):
    in_subject = make.ticket("Здравствуйте", subject="Кракозябра")
    in_text = make.ticket("Здравствуйте, кракозябра", subject="Тема", at=NOON + 900 * DAY)

    assert found(anya, "кракозябра") == [in_text, in_subject]


@pytest.mark.parametrize("kind", ["ack", "link", "notice"])
def test_our_automatic_letters_are_not_searched(anya, kind):
    ticket = make.ticket("Здравствуйте, кракозябра", subject="Тема")
    letter = make.reply(ticket, "Вашим запросом займётся команда «Синхрофазотрон».", by=anya)
    assert found(anya, "синхрофазотрон") == found(anya, "синхрофазотрон кракозябра") == [ticket]

    Message.objects.filter(pk=letter.pk).update(kind=kind)

    assert found(anya, "синхрофазотрон") == found(anya, "синхрофазотрон кракозябра") == []
    assert found(anya, "кракозябра") == [ticket]


def test_a_whole_number_stands_above_all(anya):
    ticket = make.ticket()
    make.ticket(f"Пишу по запросу {ticket.number}", subject=f"{ticket.number}", at=NOON + DAY)

    assert found(anya, str(ticket.number))[0] == ticket


def test_pages_go_on_where_the_last_one_ended(anya):
    tickets = many(45)

    first = searching.search(anya, "кракозябра")
    second = searching.search(anya, "кракозябра", first.more)
    third = searching.search(anya, "кракозябра", second.more)

    seen = [one.number for page in (first, second, third) for one in page.found]
    assert (seen, third.more) == ([one.number for one in tickets[::-1]], None)
    assert first.total == 45


@pytest.mark.parametrize(
    "typed", ["кракозяб", "rhfrjpz,hf", "кракозябра вера"], ids=["begun", "other keyboard", "across"]
)
def test_what_was_found_by_another_way_goes_on_by_it(anya, typed):
    for n in range(25):
        make.ticket(
            "кракозябра",
            subject="Тема",
            sender=make.identity(f"v{n}@firm.example", "Вера"),
            at=NOON + n * DAY,
        )

    first = searching.search(anya, typed)
    second = searching.search(anya, typed, first.more)

    seen = {one.number for page in (first, second) for one in page.found}
    assert (len(first.found), len(second.found), len(seen)) == (20, 5, 25)


def test_the_page_offers_the_next_one_and_a_swap_gets_it_alone(client, anya):
    many(25)
    client.force_login(anya)
    more = searching.search(anya, "кракозябра").more

    assert f"after={more}" in client.get(reverse("desk:search"), {"q": "кракозябра"}).text
    swap = client.get(
        reverse("desk:search"), {"q": "кракозябра", "after": str(more)}, headers={"HX-Request": "true"}
    )
    assert (swap.text.count('class="hit"'), "Нашли" in swap.text) == (5, False)


@pytest.mark.parametrize("text", ["", "~", "1~", "1", "nan~1", "1e400~1", "1~-1", "1.5~9" * 20])
def test_a_strange_place_is_the_first_page(text):
    assert searching.key(text) is None


def test_a_place_survives_its_address():
    place = finding.Key(21.482716049382716, 77)

    assert searching.key(str(place)) == place


def test_of_a_word_of_most_letters_the_latest_are_read(anya, monkeypatch):
    tickets = many(30)
    vocabulary.learn(Message.objects.values_list("pk", flat=True))
    monkeypatch.setattr(places, "MOST_READ", 10)
    monkeypatch.setattr(finding, "LATEST", 24)

    answer = searching.search(anya, "кракозябра")

    assert [one.number for one in answer.found] == [one.number for one in tickets[:9:-1]]
    assert (answer.of_latest, 20 <= answer.total <= 30) == (True, True)


def test_a_word_too_short_to_be_learnt_counts_as_common_too(anya, monkeypatch):
    tickets = many(30, text="1с")
    vocabulary.learn(Message.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE desk_message")
    monkeypatch.setattr(places, "MOST_READ", 10)
    monkeypatch.setattr(finding, "LATEST", 24)

    answer = searching.search(anya, "1С")

    assert [one.number for one in answer.found] == [one.number for one in tickets[:9:-1]]
    assert (answer.of_latest, 20 <= answer.total <= 30) == (True, True)


def test_who_sees_few_of_a_common_word_gets_them_from_further_back(anya, monkeypatch):
    ours = make.ticket("кракозябра")
    for n in range(20):
        make.ticket("кракозябра", team_id=make.team("Склад").pk, sender=make.identity(f"c{n}@firm.example"))
    vocabulary.learn(Message.objects.values_list("pk", flat=True))
    monkeypatch.setattr(places, "MOST_READ", 5)
    monkeypatch.setattr(finding, "LATEST", 5)

    assert found(anya, "кракозябра") == [ours]


def test_how_many_requests_of_others_have_a_common_word_is_not_told(anya, monkeypatch):
    for n in range(20):
        make.ticket("кракозябра", team_id=make.team("Склад").pk, sender=make.identity(f"c{n}@firm.example"))
        if n == 10:
            ours = make.ticket("кракозябра")
    vocabulary.learn(Message.objects.values_list("pk", flat=True))
    monkeypatch.setattr(places, "MOST_READ", 5)
    monkeypatch.setattr(finding, "LATEST", 0.15)

    answer = searching.search(anya, "кракозябра")

    assert ([one.number for one in answer.found], answer.total, answer.of_latest) == ([ours.number], 1, False)


def test_the_words_shown_hold_the_match_and_mark_it_whole(anya):
    make.ticket("начало " * 100 + "Два сервера в стойке " + "конец " * 100)

    (one,) = searching.search(anya, "сервер").found

    assert ("сервера", True) in one.words
    assert 60 < sum(len(piece) for piece, _match in one.words) < 220


@pytest.mark.parametrize("gap", [" ", "\n"])
@pytest.mark.parametrize("before", [6, 7, 8, 9, 60])
def test_the_words_shown_begin_with_a_whole_word(anya, before, gap):
    words = [f"слово{n:03}" for n in range(before)]
    make.ticket(gap.join([*words, "сервер", "конец"]))

    (one,) = searching.search(anya, "сервер").found

    shown = "".join(piece for piece, _match in one.words).removeprefix("… ")
    assert shown.split()[0] in words


def test_a_word_that_only_begins_alike_is_not_marked(anya):
    make.ticket("Который кот?")

    (one,) = searching.search(anya, "кот").found

    assert [piece for piece, match in one.words if match] == ["кот"]


def test_offers_are_links_that_find(client, anya):
    make.ticket("Договор готов")
    vocabulary.learn(Message.objects.values_list("pk", flat=True))
    client.force_login(anya)

    page = client.get(reverse("desk:search"), {"q": "дагавор"}).text

    assert "Возможно, вы искали:" in page
    assert ">договор</a>" in page


def test_the_other_keyboard_is_told(client, anya):
    make.ticket("Договор готов")
    client.force_login(anya)

    assert "Показываем «договор»" in client.get(reverse("desk:search"), {"q": "ljujdjh"}).text


def test_a_locked_out_person_finds_nothing(anya):
    make.ticket("кракозябра")
    anya.is_active = False
    anya.save(update_fields=["is_active"])

    assert found(anya, "кракозябра") == []


def test_the_loop_learns_letters_answers_and_notes_once(anya):
    ticket = make.ticket("кракозябра")
    make.reply(ticket, "Кракозябру убрали", by=anya)
    noting.write(ticket, "барсук и кракозябра", by=anya, at=NOON + timedelta(hours=2))
    vocabulary.learn([], [])
    _read_to_the_end()

    assert dict(Word.objects.filter(lexeme__in=["кракозябр", "барсук"]).values_list("lexeme", "count")) == {
        "кракозябр": 3,
        "барсук": 1,
    }


def _read_to_the_end():
    """The loop reads below the floor of running transactions, and a test is one: so by hand what it would read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM journal_entry ORDER BY id")
        ids = [pk for (pk,) in cursor.fetchall()]
    from otklik.journal.models import Entry

    vocabulary._take(list(Entry.objects.filter(pk__in=ids, word__in=vocabulary.WORDS)))


def test_a_word_is_forgotten_when_nobody_says_it_any_more():
    ticket = make.ticket("кракозябра барсук")
    vocabulary.learn(Message.objects.values_list("pk", flat=True))
    make.ticket("барсук")
    ticket.delete()

    vocabulary.forget(["кракозябр", "барсук"])

    assert set(Word.objects.filter(lexeme__in=["кракозябр", "барсук"]).values_list("lexeme", flat=True)) == {
        "барсук"
    }


@pytest.mark.parametrize(
    "text", ["' \\ '' ", "\\'", "а'б\\", "%s %d %%", "{0}", "a:b*", "!!", "<->", '"', "«", "-", "--", "\\m("]
)
def test_no_text_breaks_the_statement(anya, text):
    make.ticket()

    searching.search(anya, text)
    searching.search(anya, f"договор {text} касса{text}")


def test_a_telephone_is_read_through_its_brackets():
    assert asking.read("8 (916) 123-45-67").digits == "9161234567"
