"""To whom one writes: first names in the dative."""

import pytest

from otklik.russian import names


@pytest.mark.parametrize(
    ("name", "gender", "dative"),
    [
        ("Анна", "f", "Анне"),
        ("Мария", "f", "Марии"),
        ("Дарья", "f", "Дарье"),
        ("Ольга", "f", "Ольге"),
        ("Кармен", "f", "Кармен"),
        ("Любовь", "f", "Любови"),
        ("Борис", "m", "Борису"),
        ("Сергей", "m", "Сергею"),
        ("Дмитрий", "m", "Дмитрию"),
        ("Игорь", "m", "Игорю"),
        ("Илья", "m", "Илье"),
        ("Никита", "m", "Никите"),
        ("Павел", "m", "Павлу"),
        ("Пётр", "m", "Петру"),
        ("Отто", "m", "Отто"),
    ],
)
def test_a_first_name_bends_as_people_say_it(name, gender, dative):
    assert names.dative(name, gender) == dative


@pytest.mark.parametrize(
    ("name", "gender"),
    [("Саша", ""), ("John", "m"), ("", "f"), ("Анна-Мария", "f"), ("Руфь", "f"), ("О2", "m")],
)
def test_where_the_grammar_is_not_sure_nothing_is_guessed(name, gender):
    assert names.dative(name, gender) is None
