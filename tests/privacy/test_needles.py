"""By what a person is known again in a text, and what is not them."""

import re

import pytest

from otklik.privacy.needles import Needles

VERA = Needles(("vera@kvarts.example",), ("Вера Соколова",))
IVAN = Needles(("ivan@one.example",), (), ("Иван Петров",))
LONG = Needles((), ("Соколова Вера Игоревна",))


@pytest.mark.parametrize(
    "text",
    [
        "Пишет Вера Соколова.", "передали Вере Соколовой", "Соколову Веру спросили", "СОКОЛОВА  ВЕРА", "Соколова В.",
        "В. Соколовой", "на vera@kvarts.example.", "VERA@Kvarts.Example", "?to=vera%40kvarts.example",
        "bounce+vera=kvarts.example@ours.example",
    ],
)  # fmt: skip
def test_person_is_known_in_any_case_order_and_spelling(text: str):
    everywhere = re.sub(VERA.everywhere, "", text, flags=re.IGNORECASE)

    assert "…" in VERA.cleaned(text)
    assert not re.search("сокол|kvarts", everywhere, re.IGNORECASE)


@pytest.mark.parametrize(
    "text",
    [
        "верно, верю вам",
        "Вера в людей",
        "веранда сокольников",
        "nevera@kvarts.example.org",
        "vera@kvarts.example-2.ru",
    ],
)
def test_somebody_or_something_else_stays(text: str):
    assert not re.search(VERA.everywhere, text, re.IGNORECASE)


def test_any_two_words_of_a_long_name_are_enough():
    assert LONG.cleaned("Вера Игоревна просила") == "… просила"
    assert LONG.cleaned("И. Соколова, В. И. Соколова") == "…, …"


def test_shared_name_counts_only_near_the_person():
    assert not re.search(IVAN.everywhere, "Иван Петров", re.IGNORECASE)
    assert IVAN.cleaned("Иван Петров звонил") == "… звонил"


def test_search_of_an_agent_is_known_by_one_word():
    assert re.search(VERA.spoken, "соколовой долг", re.IGNORECASE)
    assert not re.search(VERA.spoken, "сервер упал", re.IGNORECASE)


def test_needles_survive_being_sealed():
    assert Needles.load(VERA.dump()) == VERA
