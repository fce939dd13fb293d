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


@pytest.mark.parametrize(
    ("name", "case", "bent"),
    [
        ("Анна Сергеевна", "dative", "Анне Сергеевне"),
        ("Анна Сергеевна", "instrumental", "Анной Сергеевной"),
        ("Анна Сергеевна", "accusative", "Анну Сергеевну"),
        ("Илья Кузьмич", "genitive", "Ильи Кузьмича"),
        ("Илья Кузьмич", "instrumental", "Ильёй Кузьмичом"),
        ("Пётр Ильич", "dative", "Петру Ильичу"),
        ("Лев Николаевич", "prepositional", "Льве Николаевиче"),
        ("Любовь Ивановна", "genitive", "Любови Ивановны"),
        ("Любовь Ивановна", "accusative", "Любовь Ивановну"),
        ("Никита Андреевич", "instrumental", "Никитой Андреевичем"),
        ("Иванова Мария Петровна", "dative", "Ивановой Марии Петровне"),
        ("Шевченко Олег Юрьевич", "genitive", "Шевченко Олега Юрьевича"),
        ("Ольга Ильинична", "dative", "Ольге Ильиничне"),
        ("Ринат Маратович", "dative", "Ринату Маратовичу"),
        ("Вера Павловна", "instrumental", "Верой Павловной"),
        ("Фёдор Фомич", "instrumental", "Фёдором Фомичом"),
        ("Алёна Дмитриевна", "genitive", "Алёны Дмитриевны"),
    ],
)
def test_a_name_with_a_patronymic_bends_as_a_whole(name, case, bent):
    assert names.in_case(name, case) == bent


@pytest.mark.parametrize(("gender", "bent"), [("f", "Саше"), ("m", "Саше"), ("", None)])
def test_without_a_patronymic_the_gender_must_be_told(gender, bent):
    assert names.in_case("Саша", "dative", gender) == bent


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Анна Сергеевна", "m"),
        ("Петров Анна", "f"),
        ("Сергей", "f"),
        ("анна сергеевна", ""),
        ("John Smith", "m"),
        ("", "f"),
        ("Анна-Мария Сергеевна", ""),
        ("Анна Сергеевна Петрова Младшая", ""),
        ("Кхгвд", "m"),
        ("Анна Сергеевич", ""),
    ],
)
def test_a_name_that_contradicts_itself_or_is_not_known_stays_as_it_is(name, gender):
    assert names.in_case(name, "dative", gender) is None


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Анна Сергеевна", "f"),
        ("Илья Кузьмич", "m"),
        ("Иванов Пётр Ильич", "m"),
        ("Саша", ""),
        ("Кирпич", ""),
        ("", ""),
    ],
)
def test_the_patronymic_tells_the_gender(name, gender):
    assert names.gender_of(name) == gender
