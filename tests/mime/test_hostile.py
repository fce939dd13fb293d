"""Any bytes: no exception, valid strings, no lost word, work bounded by counts. The long run is in bench/mime.py."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.mime import Letter, read
from tests.mime import hostile
from tests.mime.compose_letters import stored
from tests.mime.mutate import mutations

LETTERS = [raw for _, raw in stored()]


def assert_sound(letter: Letter) -> None:
    """Strings that PostgreSQL takes, and every word of the text on one side or the other."""
    words = json.dumps(letter.as_dict(), ensure_ascii=False)
    assert "\\u0000" not in words
    words.encode("utf-8")
    for value in (
        *letter.returned_message_ids,
        *letter.envelope_to,
        *letter.authentication_results,
        letter.list_id,
    ):
        assert "\0" not in value
        value.encode("utf-8")
    said = Counter(letter.reply_text.split()) + Counter(letter.quoted_text.split())
    assert not Counter(letter.text.split()) - said


@pytest.mark.parametrize("part", range(6))
def test_mutated_letters_are_read_without_an_exception(part):
    for _, raw in mutations(LETTERS[part::6], 100, seed=part):
        assert_sound(read(raw))


@given(st.binary(max_size=3_000))
@settings(max_examples=150, deadline=None)
def test_random_bytes_are_read_without_an_exception(raw):
    assert_sound(read(raw))


WORDS = st.sampled_from(
    ["Привет", "> цитата", ">> глубже", "", "-- ", "С уважением,", "От: Имя <a@b.ru>", "Кому: x@y.ru", "Тема: z",
     "Дата: 03.01.2025 12:00", "пт, 3 янв. 2025 г. в 10:07, Имя <a@b.ru>:", "----- Исходное сообщение -----",
     "Отправлено с iPhone", "Пишите ответ выше этой линии", "-------- Пересылаемое сообщение --------", "Иван пишет:",
     "Вы писали 3 января 2025 г., 10:07:", "____________", "P.S. ещё", "begin 644 a.txt", "end", "Когда? \u2028 сейчас"]
)  # fmt: skip


@given(st.lists(st.one_of(WORDS, st.text(max_size=40)), max_size=40))
@settings(max_examples=300, deadline=None)
def test_reply_and_quote_together_hold_every_word_of_any_text(lines):
    body = "\n".join(lines).encode("utf-8", "replace")

    assert_sound(read(b"Subject: Re: x\nContent-Type: text/plain; charset=utf-8\n\n" + body))


@given(st.lists(st.sampled_from(hostile.TAGS) | WORDS | st.text(max_size=20), max_size=40))
@settings(max_examples=200, deadline=None)
def test_reply_and_quote_together_hold_every_word_of_any_html(pieces):
    body = "".join(pieces).encode("utf-8", "replace")

    assert_sound(read(b"Subject: Re: x\nContent-Type: text/html; charset=utf-8\n\n" + body))


@pytest.mark.parametrize("name", hostile.NAMES)
def test_a_hostile_letter_is_read(name):
    assert_sound(read(hostile.letter(name)[:100_000]))  # whole ones are timed in bench/mime.py


def test_a_letter_past_the_limits_keeps_what_was_cut_as_a_file():
    letter = read(hostile.letter("html-3mb"))

    assert letter.html is None
    assert letter.attachments[0].name == "body.html"
    assert letter.attachments[0].size > 3_000_000
    assert letter.warnings == ("html cut at 2 MB: kept as a file",)
