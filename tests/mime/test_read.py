"""Reading one letter: the fields that the contract names."""

import json

from otklik.mime import read

PLAIN = """From: =?koi8-r?B?6dfBziDwxdTSz9c=?= <Ivan@FIRMA.ru>
To: support@firma.ru
Subject: =?utf-8?B?0J/RgNC40LLQtdGC?=
Date: Fri, 3 Jan 2025 12:34:56 +0300
Message-ID: <a@b>
Content-Type: text/plain; charset=utf-8

Когда доставка?

пт, 3 янв. 2025 г. в 12:00, Поддержка <support@firma.ru>:

> Ждём вас.
"""


def test_a_plain_letter_gives_author_subject_date_and_words():
    letter = read(PLAIN.encode())

    assert (letter.from_email, letter.from_name) == ("Ivan@firma.ru", "Иван Петров")
    assert (letter.subject, letter.message_id, letter.to) == ("Привет", "<a@b>", ("support@firma.ru",))
    assert letter.as_dict()["date"] == "2025-01-03T12:34:56+03:00"
    assert (letter.reply_text, letter.quoted_text.splitlines()[-1]) == ("Когда доставка?", "> Ждём вас.")


def test_no_bytes_at_all_give_an_empty_letter():
    letter = read(b"")

    assert (letter.text, letter.kind, letter.html) == ("", "normal", None)


def test_as_dict_has_the_keys_of_the_contract_and_is_json():
    keys = set(read(PLAIN.encode()).as_dict())

    assert json.loads(json.dumps(read(PLAIN.encode()).as_dict()))
    assert keys == {
        "from_email", "from_name", "to", "cc", "reply_to", "subject", "date", "message_id", "in_reply_to",
        "references", "text", "html", "reply_text", "quoted_text", "attachments", "kind", "bounced_for",
        "forwarded", "charset_repaired", "warnings",
    }  # fmt: skip
