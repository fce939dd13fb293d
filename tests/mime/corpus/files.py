"""Files of letters: names as programs mangle them, nested letters, winmail.dat, uuencode, invitations."""

import binascii
import struct
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from tests.mime.corpus import build
from tests.mime.corpus.words import HOTEL

_TEXT = "Добрый день!\n\nАкт во вложении."
_SUBJECT = "Акт"
_PDF = b"%PDF-1.4\n" + bytes(range(256)) * 4
_AKT = "Акт сверки за 4 квартал.pdf"
_NAMES = (
    # (name of the letter, header tail as written, name that people see)
    ("rfc2231", f"; filename*=utf-8''{quote(_AKT)}", _AKT),
    ("rfc2231-koi8", f"; filename*=koi8-r''{quote(_AKT.encode('koi8-r'))}", _AKT),
    ("rfc2231-pieces", f"; filename*0*=utf-8''{quote(_AKT)[:40]};\r\n filename*1*={quote(_AKT)[40:]}", _AKT),
    ("rfc2231-mixed", '; filename*0="Akt sverki ";\r\n filename*1="2024.pdf"', "Akt sverki 2024.pdf"),
    ("word-in-quotes", f'; filename="{build.word(_AKT, "windows-1251")}"', _AKT),
    ("words-in-quotes", f'; filename="{build.words(_AKT)}"', _AKT),
    ("word-bare", f"; filename={build.word(_AKT)}", _AKT),
    ("raw-utf8", f'; filename="{_AKT}"', _AKT),
    ("spaces-unquoted", "; filename=Akt sverki 2024.pdf", "Akt sverki 2024.pdf"),
    ("path", '; filename="../../etc/passwd"', "passwd"),
    ("windows-path", r'; filename="C:\\Users\\Buh\\Desktop\\akt.pdf"', "akt.pdf"),
    ("bidi", "; filename*=utf-8''invoice%E2%80%AEfdp.exe", "invoice fdp.exe"),
    ("control", "; filename*=utf-8''akt%00%0A2024.pdf", "akt 2024.pdf"),
    ("nameless", "", "application-3.pdf"),
    ("semicolon", '; filename="акт; копия.pdf"', "акт; копия.pdf"),
)


def letters() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    """Names, doubled names, inline pictures, nested letters, TNEF, uuencode, calendar."""
    for number, (name, tail, shown) in enumerate(_NAMES):
        parts = build.multipart("mixed", f"m{number}", build.text_part(_TEXT), build.file_part(tail, _PDF))
        yield name, _raw(parts, number), _with([shown])
    twice = (
        build.file_part('; filename="scan.jpg"', b"\xff\xd8" + bytes((n,)) * 90, "image/jpeg")
        for n in range(3)
    )
    yield (
        "doubled",
        _raw(build.multipart("mixed", "d", build.text_part(_TEXT), *twice), 21),
        _with(["scan.jpg", "scan (2).jpg", "scan (3).jpg"]),
    )
    picture = b"Content-ID: <img1@demo>\r\n" + build.file_part(
        '; filename="логотип.png"', b"\x89PNG....", "image/png", "inline"
    )
    html = build.text_part(f"<p>{_TEXT}</p><img src='cid:img1@demo'>", "html")
    yield "inline", _raw(build.multipart("related", "rel", html, picture), 22), _with(["логотип.png"])
    yield (
        "apple-mixed",
        _apple(),
        {**_with(["photo.jpg"]), "reply_text": "Фото до:\n\nФото после будет завтра"},
    )
    yield "nested", _nested(), _with(["Старый договор.eml"])
    yield "tnef", _tnef(), _with(["План работ.txt", "scan.bin"])
    yield (
        "tnef-broken",
        _raw(
            build.multipart(
                "mixed",
                "t",
                build.text_part(_TEXT),
                build.file_part(
                    '; filename="winmail.dat"', b"\x78\x9f\x3e\x22rubbish", "application/ms-tnef"
                ),
            ),
            25,
        ),
        _with(["winmail.dat"]),
    )
    yield "uuencode", _uuencoded(), {**_with(["price.txt"]), "reply_text": "Прайс ниже.\n\nЖдём."}
    yield (
        "invitation",
        _invitation("REQUEST"),
        {**_with(["text-4.ics"]), "invited": ["REQUEST", "Приезд мастера", "2025-01-20T10:00:00+03:00"]},
    )
    yield (
        "cancelled",
        _invitation("CANCEL"),
        {**_with(["text-4.ics"]), "invited": ["CANCEL", "Приезд мастера", "2025-01-20T10:00:00+03:00"]},
    )
    yield (
        "empty-file",
        _raw(
            build.multipart(
                "mixed",
                "e",
                build.text_part(_TEXT),
                build.file_part('; filename="empty.txt"', b"", "text/plain"),
            ),
            26,
        ),
        _with(["empty.txt"]),
    )
    yield (
        "only-file",
        build.head(HOTEL, _SUBJECT, 27).encode() + build.file_part(f"; filename*=utf-8''{quote(_AKT)}", _PDF),
        {**_with([_AKT]), "reply_text": ""},
    )
    yield "signed", _signed(), _with(["smime.p7s"])


def _raw(body: bytes, number: int) -> bytes:
    return build.head(HOTEL, _SUBJECT, number).encode() + body


def _with(names: list[str]) -> dict[str, Any]:  # Any: values of JSON
    return build.fields_of(HOTEL, _SUBJECT, reply_text=_TEXT, attachments=names)


def _apple() -> bytes:
    photo = build.file_part("; filename=photo.jpg", b"\xff\xd8\xff" * 30, "image/jpeg", "inline")
    return _raw(
        build.multipart(
            "mixed",
            "Apple-Mail=_1",
            build.text_part("Фото до:\n"),
            photo,
            build.text_part("\nФото после будет завтра"),
        ),
        23,
    )


def _nested() -> bytes:
    inner = build.head(HOTEL, "Старый договор", 3).encode() + build.text_part("Это прошлогоднее письмо")
    return _raw(
        build.multipart(
            "mixed", "n", build.text_part(_TEXT), b"Content-Type: message/rfc822\r\n\r\n" + inner
        ),
        24,
    )


def _signed() -> bytes:
    inner = build.text_part(_TEXT)
    seal = build.file_part('; filename="smime.p7s"', b"0\x80\x06\t*", "application/pkcs7-signature")
    return _raw(
        build.multipart(
            "signed", "s", inner, seal, more='; protocol="application/pkcs7-signature"; micalg=sha-256'
        ),
        28,
    )


def _uuencoded() -> bytes:
    content = "болт М8 - 14 руб.\nгайка М8 - 2 руб.\n".encode() * 3
    block = b"".join(
        binascii.b2a_uu(content[place : place + 45]) for place in range(0, len(content), 45)
    ).decode()
    return _raw(
        build.text_part(f"Прайс ниже.\n\nbegin 644 price.txt\n{block}`\nend\n\nЖдём.", how="8bit"), 29
    )


def _invitation(method: str) -> bytes:
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//demo//ru", f"METHOD:{method}", "BEGIN:VEVENT", "UID:1@demo", "DTSTAMP:20250103T070000Z",
        "DTSTART;TZID=Europe/Moscow:20250120T100000", "DTEND;TZID=Europe/Moscow:20250120T110000", "SUMMARY:Приезд мастера",
        "ORGANIZER;CN=Лидия:mailto:reception@severnaya.example", "LOCATION:стойка", "END:VEVENT", "END:VCALENDAR",
    )  # fmt: skip
    calendar = build.text_part("\n".join(lines), "calendar", more=f"; method={method}")
    return _raw(
        build.multipart(
            "alternative", "cal", build.text_part(_TEXT), build.text_part(f"<p>{_TEXT}</p>", "html"), calendar
        ),
        30,
    )


def _tnef() -> bytes:
    def attribute(level: int, number: int, content: bytes) -> bytes:
        return (
            struct.pack("<BII", level, number, len(content))
            + content
            + struct.pack("<H", sum(content) & 0xFFFF)
        )

    stream = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    stream += attribute(1, 0x00069007, struct.pack("<I", 1251) + b"\0" * 4)
    for name, content in (
        ("План работ.txt", "понедельник: приезд".encode("cp1251")),
        ("scan.bin", bytes(range(64))),
    ):
        stream += attribute(2, 0x00069002, b"\x01\0" + b"\xff" * 4 + b"\0" * 8)
        stream += attribute(2, 0x00018010, name.encode("cp1251") + b"\0") + attribute(2, 0x0006800F, content)
    winmail = build.file_part('; filename="winmail.dat"', stream, "application/ms-tnef")
    return _raw(build.multipart("mixed", "tnef", build.text_part(_TEXT), winmail), 31)
