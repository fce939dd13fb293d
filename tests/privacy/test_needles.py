"""By what a person is known again in a text, and what is not them."""

import re

import pytest

from otklik.privacy import needles
from otklik.privacy.needles import Needles

VERA = Needles(("vera@kvarts.example",), ("Вера Соколова",), rare=("соколова",))
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
    everywhere = re.sub(VERA.everywhere, "", text)

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
        "vera@kvarts.example.org",
        "вера соколова",  # nobody writes a name so, except where it is none
        "Вера Игоревна",
    ],
)
def test_somebody_or_something_else_stays(text: str):
    assert not re.search(VERA.everywhere, text)


def test_any_two_words_of_a_long_name_are_enough():
    assert LONG.cleaned("Вера Игоревна просила") == "… просила"
    assert LONG.cleaned("И. Соколова, В. И. Соколова") == "…, …"


def test_shared_name_counts_only_near_the_person():
    assert not re.search(IVAN.everywhere, "Иван Петров")
    assert IVAN.cleaned("Иван Петров звонил") == "… звонил"


def test_search_of_an_agent_is_known_by_one_word():
    assert re.search(VERA.spoken, "соколовой долг")
    assert not re.search(VERA.spoken, "сервер упал")


def test_needles_survive_being_sealed():
    assert Needles.load(VERA.dump()) == VERA


IVANOV = Needles((), ("Иванов Иван Иванович",))


def test_patronymic_is_nobodys_and_goes_with_the_whole_name():
    assert not re.search(IVANOV.everywhere, "Петров Иван Иванович, Иван Иванович")
    assert re.sub(IVANOV.everywhere, "…", "Ивану Ивановичу Иванову, Иванова Ивана") == "…, …"


@pytest.mark.parametrize("text", ["Достоевскому Павлу", "Павлом Юрьевичем Достоевским", "П. Ю. Достоевского"])
def test_surname_like_an_adjective_and_a_vowel_that_flees_are_known(text: str):
    dostoevsky = Needles((), ("Достоевский Павел Юрьевич",))

    assert re.sub(dostoevsky.everywhere, "…", text) == "…"


def test_what_companies_are_called_by_is_no_word_of_a_name():
    assert needles.core("ООО Ромашка") == ["ромашка"]


def test_words_of_who_else_is_in_the_request_stay_theirs():
    assert IVAN.cleaned("Иван, спросите Петрова", ["иван", "сидоров"]) == "Иван, спросите …"
    assert IVAN.cleaned("Иван Петров", ["иван", "петров"]) == "Иван Петров"
