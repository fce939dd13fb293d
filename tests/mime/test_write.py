"""Writing our letters: what goes out reads back, and nothing of a client's can add a header."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from otklik.mime import Mailbox, Outgoing, OutgoingFile, read, write

LONG_NAME = "Акт выполненных работ за ноябрь две тысячи двадцать шестого года (подписан).pdf"
LETTER = Outgoing(
    message_id="<t7.m42@desk.example>",
    date=datetime(2026, 11, 21, 12, 30, tzinfo=UTC),
    sender=Mailbox("Аня, поддержка", "help@desk.example"),
    to=(Mailbox("Вера Ким", "vera@почта.рф"), Mailbox("", "second@client.example")),
    cc=(Mailbox("O'Neil, \"Bob\"", "bob@client.example"),),
    reply_to=(Mailbox("", "help+t7@desk.example"),),
    subject="Re: Не открывается база «Бухгалтерия» после обновления, что делать и когда ждать ответа? " * 3,
    text="Добрый день, Вера!\n\nБазу откроем сегодня до 18:00.\n",
    html='<p>Добрый день, Вера!</p><p>Базу откроем сегодня до 18:00.</p><img src="cid:shot1">',
    in_reply_to="<q@client.example>",
    references=tuple(f"<r{number}@client.example>" for number in range(30)),
    files=(
        OutgoingFile("снимок.png", "image/png", b"\x89PNG" * 500, content_id="shot1"),
        OutgoingFile(LONG_NAME, "application/pdf", b"%PDF"),
        OutgoingFile('план "Б".txt', "text/plain", "план".encode()),
    ),
    headers=(("Auto-Submitted", "auto-generated"), ("X-Otklik-Instance", "i-1"), ("List-Unsubscribe", "<https://d.example/u>")),
)  # fmt: skip


def test_our_letter_reads_back_with_every_field():
    letter = read(write(LETTER))

    assert (letter.from_email, letter.from_name) == ("help@desk.example", "Аня, поддержка")
    assert letter.to == ("vera@почта.рф", "second@client.example")
    assert (letter.cc, letter.reply_to) == (("bob@client.example",), ("help+t7@desk.example",))
    assert letter.subject == LETTER.subject.strip()
    assert (letter.date, letter.message_id) == (LETTER.date, LETTER.message_id)
    assert (letter.instance, letter.auto, letter.warnings) == ("i-1", True, ())


def test_our_letter_reads_back_with_words_and_files():
    letter = read(write(LETTER))

    assert letter.text == LETTER.text.strip()
    assert letter.html == LETTER.html
    assert [(file.name, file.inline, file.content_id) for file in letter.attachments] == [
        ("снимок.png", True, "shot1"),
        (LETTER.files[1].name, False, ""),
        ("план _Б_.txt", False, ""),
    ]
    assert [file.content for file in letter.attachments] == [file.content for file in LETTER.files]


def test_a_long_chain_keeps_its_first_and_its_last_nineteen():
    references = read(write(LETTER)).references

    assert references == (LETTER.references[0], *LETTER.references[-19:])


def test_the_same_letter_gives_the_same_bytes_in_short_ascii_lines():
    raw = write(LETTER)

    assert raw == write(replace(LETTER))
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_plain_ascii_letter_stays_readable_on_the_wire():
    raw = write(replace(LETTER, text="Hello,\nfrom us", html=None, files=()))

    assert b"\r\n\r\nHello,\r\nfrom us\r\n" in raw
    assert read(raw).text == "Hello,\nfrom us"


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Привет\r\nBcc: all@client.example"},
        {"sender": Mailbox("Аня\nX: y", "help@desk.example")},
        {"to": (Mailbox("", "a@b.example\r\nBcc: c@d.example"),)},
        {"to": (Mailbox("", "a@b.example, c@d.example"),)},
        {"to": (Mailbox("", "безсобаки"),)},
        {"to": (), "cc": ()},
        {"in_reply_to": "<a@b>\r\nX: y"},
        {"references": ("<a b>",)},
        {"message_id": "нет"},
        {"headers": (("X-A", "1\nX-B: 2"),)},
        {"headers": (("X A", "1"),)},
        {"headers": (("Bcc", "c@d.example"),)},
        {"files": (OutgoingFile("a\r\nb.txt", "text/plain", b""),)},
        {"files": (OutgoingFile("a.png", "image/png", b"", content_id="a>\r\nb"),)},
        {"date": datetime(2026, 11, 21, 12, 30)},  # noqa: DTZ001
    ],
)
def test_a_header_cannot_be_smuggled_in(change):
    with pytest.raises(ValueError, match=r"line break|not a|can't be added|no recipient|no zone"):
        write(replace(LETTER, **change))


def test_a_boundary_written_by_the_client_divides_nothing():
    marks = "\n".join(line for line in write(LETTER).decode().split("\r\n") if line.startswith("--=_"))

    letter = read(write(replace(LETTER, text=marks)))

    assert letter.text == marks.strip()
    assert len(letter.attachments) == 3
