"""The cutter, rule by rule: what is folded, and above all what must never be."""

import pytest

from otklik.mime import REPLY_LINE, Letter, read

QUOTE = "> Здравствуйте!\n> Какой у вас релиз?\n"
AT = "пт, 3 янв. 2025 г. в 10:07, Анна <anna@firma-demo.example>:"


def plain(body: str, subject: str = "Re: Касса") -> Letter:
    head = f"Subject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    return read((head + body).encode())


def html(body: str, subject: str = "Re: Касса") -> Letter:
    return read(f"Subject: {subject}\nContent-Type: text/html; charset=utf-8\n\n{body}".encode())


@pytest.mark.parametrize(
    ("body", "reply"),
    [
        (f"Да\n\n{AT}\n\n{QUOTE}", "Да"),
        (f"Да\n\n{AT}\n\nЗдравствуйте!\nКакой у вас релиз?\n", "Да"),
        (f"{AT}\n\n{QUOTE}\nРелиз 8.3", "Релиз 8.3"),
        (f"Добрый день!\n\n{AT}\n\n{QUOTE}\nРелиз 8.3", "Добрый день!\n\nРелиз 8.3"),
        (f"Да\n\n{REPLY_LINE}\n\nЗдравствуйте, ваш запрос 7", "Да"),
        (f"Да\n\n{AT}\n#### {REPLY_LINE} ####\nЗдравствуйте", "Да"),
        ("Да\n\nС уважением,\nОлег\n", "Да"),
        ("Да\n\n-- \nОлег\nООО «Вектор»", "Да"),
    ],
)
def test_what_is_surely_not_new_is_folded(body, reply):
    assert plain(body).reply_text == reply


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (f"{AT}\n\n> {REPLY_LINE}\n{QUOTE}\nОтвет ниже цитаты", "Ответ ниже цитаты"),
        (f"> {REPLY_LINE}\n{QUOTE}\nОтвет ниже цитаты", "Ответ ниже цитаты"),
        (f"Аня\n\nForwarded message:\n\n> От: В <v@c.example>\n> Тема: т\n>\n{QUOTE}\nИ ответь", "И ответь"),
        (f"-----Исходное сообщение-----\n\n{QUOTE}\nРелиз 8.3", "Релиз 8.3"),
        ("> Релиз?\n8.3\n> Сколько мест?\nпять\n> Анна\n", "> Сколько мест?\nпять"),
        ("Ваш менеджер написал:\n> доставим завтра\nА где?", "Ваш менеджер написал:\n> доставим завтра"),
        ("От: склада ничего\nКому: жаловаться?", "От: склада ничего"),
        ("Да\n-- \nА когда приедет мастер?", "А когда приедет мастер?"),
        ("Да\n\nС уважением,\nОлег\nP.S. перезвоните после обеда", "P.S. перезвоните"),
    ],
)  # fmt: skip
def test_words_of_the_client_stay_shown(body, kept):
    assert kept in plain(body).reply_text


@pytest.mark.parametrize(
    ("body", "reply"),
    [
        ('Да<blockquote type="cite">Какой релиз?</blockquote>', "Да"),
        ('Да<div id="x_divRplyFwdMsg"><b>От:</b> Анна</div>Какой релиз?', "Да"),
        ('Да<div x_data-otklik-reply="1" style="display:none">-</div>Какой релиз?', "Да"),
        (f"<div>Да</div><div>{AT.replace('<', '&lt;')}</div><blockquote>Какой релиз?</blockquote>", "Да"),
        ('Да<div class="gmail_signature">Олег<br>ООО «Вектор»</div>', "Да"),
        ("<p>Да</p><blockquote>абзац с отступом</blockquote><p>нет</p>", "Да\n\n> абзац с отступом\n\nнет"),
        (
            "<p>Да</p><blockquote>последний абзац с отступом</blockquote>",
            "Да\n\n> последний абзац с отступом",
        ),
    ],
)
def test_html_is_cut_by_what_its_tags_say(body, reply):
    assert html(body).reply_text == reply


def test_a_letter_that_is_all_quote_is_shown_whole():
    letter = plain(f"{AT}\n\n{QUOTE}")

    assert (letter.reply_text, letter.quoted_text) == (letter.text, "")


def test_a_letter_that_is_all_signature_is_shown_whole():
    assert plain("С уважением,\nОлег\n").reply_text == "С уважением,\nОлег"


def test_a_header_block_is_a_forward_under_its_subject_and_a_quote_under_an_answer():
    block = "См. ниже\n\nОт: Вера <vera@client.example>\nДата: 03.01.2025 10:07\nКому: я\nТема: Касса\n\nНе печатает"

    passed_on, answered = plain(block, "FW: Касса"), plain(block, "RE: Касса")

    assert passed_on.forwarded is not None
    assert (passed_on.forwarded.from_email, passed_on.forwarded.text) == (
        "vera@client.example",
        "Не печатает",
    )
    assert answered.forwarded is None
    assert passed_on.reply_text == answered.reply_text == "См. ниже"
