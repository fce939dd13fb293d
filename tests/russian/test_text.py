"""Text cut into words and sentences, each with its place."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.russian.text import sentences, tokens


def _sentences(text: str) -> list[str]:
    pieces = tokens(text)
    return [text[pieces[start].start : pieces[end - 1].end] for start, end in sentences(text, pieces)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Добрый день!", "Заказ готов."],
        ["Приходите на ул. Ленина, д. 5, кв. 12.", "Мы ждём."],
        ["Это стоит 10 тыс. руб. в год."],
        ["Счёт от 5 нояб. 2026 г. оплачен.", "Спасибо."],
        ["Договор заключили в 2026 г.", "Мы его помним."],
        ["Подождите 5 мин.", "Потом обновите страницу."],
        ["Мы живём в г. Москва давно."],
        ["А. С. Пушкин родился здесь."],
        ["Пишите на help@example.ru.", "Ответим сегодня."],
        ["Статья лежит на https://example.ru/a?b=1.", "Читайте."],
        ["Зайдите на example.ru и войдите."],
        ["Версия 8.3.24 вышла вчера.", "Обновитесь."],
        ["Что делать?!", "Ждать…", "И верить."],
        ["Он сказал: «Завтра приеду.»", "И приехал."],
        ["Ну… не знаю."],
        ["Оплатите до 18:00.", "30 ноября закроем."],
        ["Нужны паспорт, СНИЛС и т. д. для всех.", "Всё."],
        ["Скидка 5 %.", "Она до 01.12.2026."],
        ["Мы работаем (с 9 до 18).", "Звоните!"],
        ["Здравствуйте! 🙂", "Рады помочь."],
        ["Всё работает.", "Спасибо"],
        ["Где мой заказ???", "Жду!!!"],
        ["Адрес: пр. Мира, стр. 2, корп. 3, оф. 14."],
        ["Тел. 8 800 000-11-22, доб. 204."],
        ["Обратитесь к гл. врачу.", "Он поможет."],
        ["Работаем пн. – пт. с 9 до 18."],
    ],
)
def test_a_sentence_ends_where_people_end_it(parts):
    assert _sentences(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["сервер поднял в 3:40, сайт открывается.", "диск сыпался, поменял."],
        ["цена прежняя, 4 200.", "в среду утром она позвонит"],
        ["мы на рынке, ряд 4.", "приносите до 19.", "посмотрим"],
        ["слушай, не кипишуй )))", "серега приедет завтра"],
        ["не переживайте))", "а вот петлю не сдвинуть"],
        ["Всё сделаем)", "Приходите завтра."],
        ["да!", "приезжайте сегодня?", "мы ждём"],
        ["пишите на help@example.ru.", "ответим сегодня."],
        ["это «Лето».", "там тепло."],
        ["кран ваш.", "работы на час.", "пыли нет"],
        ["возьмите (если есть) чек.", "без него тоже примем."],
        ["ну… не знаю.", "спрошу"],
        ["т. е. завтра, т. к. сегодня закрыто."],
        ["т.е. завтра, в т.ч. для гостей"],
        ["подъезд на ул. ленина, кв. пять, стр. два"],
        ["это 10 тыс. рублей и 200 руб. сверху"],
        ["подробнее см. раздел «Оплата» или доп. соглашение"],
        ["займёт 20 мин. вместо часа"],
        ["тел. для связи и моб. номер мастера"],
        ["в 2026 г. открылись, см. стр. пять"],
        ["1. открыть сайт"],
        ["нужно: 1. открыть сайт 2. войти 3. проверить"],
        ["1) войти 2) выйти"],
        ["а) паспорт б) снилс"],
        ["проверьте (в том числе (если есть)) и чек"],
        ["позовите зав. отделением или зам. директора"],
        ["макс. вес 20 кг, мин. заказ три шт. или упак. целиком"],
        ["и. о. директора ждёт вас"],
        ["цена за кв. метр и пог. метр"],
        ["Тел. поддержки на сайте, каб. двенадцать, эт. третий"],
    ],
)
def test_a_small_letter_begins_a_sentence_where_no_word_is_shortened(parts):
    assert _sentences(" ".join(parts)) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Нужно:\n- паспорт\n- СНИЛС", ["Нужно:", "- паспорт", "- СНИЛС"]),
        ("Шаги:\n1. Откройте сайт\n2. Войдите", ["Шаги:", "1. Откройте сайт", "2. Войдите"]),
        ("Здравствуйте\n\nЗаказ готов", ["Здравствуйте", "Заказ готов"]),
        ("Анна, добрый день\nЗаказ готов", ["Анна, добрый день", "Заказ готов"]),
        ("это длинная\nстрока без точки", ["это длинная\nстрока без точки"]),
        ("• первое\n• второе", ["• первое", "• второе"]),
        ("1) войти 2) выйти", ["1) войти 2) выйти"]),
    ],
)
def test_items_and_paragraphs_are_sentences_of_their_own(text, parts):
    assert _sentences(text) == parts


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("до 18:00", [("до", "word"), ("18:00", "number")]),
        ("30.11.2026г.", [("30.11.2026", "number"), ("г", "word"), (".", "mark")]),
        ("12ч", [("12ч", "word")]),
        ("1С 5G", [("1С", "word"), ("5G", "word")]),
        ("1 200,50 ₽", [("1 200,50", "number"), ("₽", "mark")]),
        ("2\u00a0340", [("2\u00a0340", "number")]),
        ("10–14", [("10", "number"), ("–", "mark"), ("14", "number")]),
        ("веб-сайт", [("веб-сайт", "word")]),
        ("help@example.ru.", [("help@example.ru", "place"), (".", "mark")]),
        ("(https://a.ru/b)", [("(", "mark"), ("https://a.ru/b", "place"), (")", "mark")]),
        ("@otklik_bot", [("@otklik_bot", "place")]),
        ("Сайт.Вход", [("Сайт", "word"), (".", "mark"), ("Вход", "word")]),
        ("№118", [("№", "mark"), ("118", "number")]),
    ],
)
def test_pieces_are_of_the_kind_that_people_see(text, kinds):
    assert [(one.text, one.kind) for one in tokens(text)] == kinds


def test_lists_of_words_meet_every_spelling():
    assert [one.low for one in tokens("ЁЛКА Счёт по\u2011русски")] == ["елка", "счет", "по-русски"]


_ALPHABET = st.text(
    alphabet=st.one_of(
        st.sampled_from("абвгё АБВГЁ.,!?…—–-«»()\n\t 0123456789:/@%№₽\u00a0\u2011'\"*•·<>`_"),
        st.characters(),
    ),
    max_size=200,
)


@given(_ALPHABET)
def test_every_piece_stands_where_it_says_and_in_one_sentence(text):
    pieces = tokens(text)

    assert all(one.text == text[one.start : one.end] and one.text for one in pieces)
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    beside = "".join(text[one.end : other.start] for one, other in pairwise(pieces))
    assert beside.strip() == ""
    cuts = sentences(text, pieces)
    assert [at for start, end in cuts for at in range(start, end)] == list(range(len(pieces)))
    assert all(start < end for start, end in cuts)


@pytest.mark.parametrize(
    "piece",
    [
        "а",
        "в ",
        "да. ",
        "5. но ",
        ") а ",
        "10-",
        "a.",
        "a@",
        "1 000 ",
        "!",
        "«",
        "»",
        "\n- ",
        "https://",
        "😀",
        "ש ",
    ],
)
def test_a_long_text_is_cut_in_one_walk(piece):
    text = piece * (100_000 // len(piece))

    pieces = tokens(text)

    assert sum(end - start for start, end in sentences(text, pieces)) == len(pieces)
