"""What may have been meant: alphabets, keyboards, sounds, slips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.russian import spelling

LETTERS = st.text("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", min_size=4, max_size=14)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ghbdtn", "привет"),
        ("ntcn", "тест"),
        ("ыуымук", "sesver"),
        (",fpf", "база"),
        ("j,hfpeq", "образуй"),
        ("123", ""),
    ],
)
def test_the_other_keyboard(typed, meant):
    assert spelling.other_layout(typed) == meant


def test_words_of_two_alphabets_belong_to_neither_keyboard():
    assert spelling.other_layout("сервер router") == ""


@pytest.mark.parametrize(
    ("word", "way"), [("сеpвер", "сервер"), ("1c", "1с"), ("1с", "1c"), ("маршрутизaтор", "маршрутизатор")]
)
def test_letters_that_look_the_same(word, way):
    assert way in spelling.twins(word)


def test_a_word_without_twins_has_no_other_way():
    assert spelling.twins("бюджет") == []


@pytest.mark.parametrize(
    ("stem", "other"),
    [
        ("ошибк", "ошибок"),
        ("ошибок", "ошибк"),
        ("карточк", "карточек"),
        ("карточек", "карточк"),
        ("рынк", "рынок"),
    ],
)
def test_stems_whose_vowel_comes_and_goes(stem, other):
    assert other in spelling.kin(stem)


@pytest.mark.parametrize("stem", ["кот", "баз", "server", "оплат", ""])
def test_other_stems_have_no_kin(stem):
    assert spelling.kin(stem) == []


@pytest.mark.parametrize(
    ("one", "other"), [("дагавор", "договор"), ("сирвер", "сервер"), ("программа", "програма")]
)
def test_words_that_are_heard_the_same(one, other):
    assert spelling.sound(one) == spelling.sound(other)


@given(LETTERS, st.data())
def test_a_word_with_one_slip_shares_a_key(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("абвгд"))
    slips = [
        word[:place] + other + word[place + past :] for other, past in [("", 1), (letter, 1), (letter, 0)]
    ]
    plain = [one for one in slips if len(spelling.sound(one)) > 3 and len(spelling.sound(word)) > 3]
    assert all(
        _sounds_apart(word, one) > 1 or set(spelling.near_keys(word)) & set(spelling.near_keys(one))
        for one in plain
    )


def _sounds_apart(one, other):
    return spelling.distance(spelling.sound(one), spelling.sound(other))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("сервер", "сервер", 0),
        ("сревер", "сервер", 1),
        ("серве", "сервер", 1),
        ("", "кот", 3),
        ("кит", "кот", 1),
        ("кит", "", 3),
    ],
)
def test_letters_apart(one, other, apart):
    assert spelling.distance(one, other) == apart
