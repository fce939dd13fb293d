"""Letters that break rules: what can still be read of them must be read, and the rest kept."""

from collections.abc import Iterator
from typing import Any

from tests.mime.corpus import build
from tests.mime.corpus.words import OLEG

_TEXT = "Здравствуйте, почините печать, пожалуйста."
_SUBJECT = "Не печатает"
_READ = build.fields_of(OLEG, _SUBJECT, reply_text=_TEXT)
_HEAD = build.head(OLEG, _SUBJECT, 70).encode()
_PART = build.text_part(_TEXT)


def letters() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    """Structure, then headers, then sizes."""
    closed = build.multipart("mixed", "b", _PART, build.file_part('; filename="a.pdf"', b"%PDF"))
    yield "not-closed", _HEAD + closed[:-7], {**_READ, "attachments": ["a.pdf"], "warnings": ["not closed"]}
    yield (
        "wrong-boundary",
        _HEAD + closed.replace(b'boundary="b"', b'boundary="other"'),
        {**_READ, "attachments": ["a.pdf"], "warnings": ["guessed"]},
    )
    yield (
        "no-boundary",
        _HEAD + closed.replace(b'; boundary="b"', b""),
        {**_READ, "attachments": ["a.pdf"], "warnings": ["guessed"]},
    )
    yield (
        "no-content-type",
        _HEAD
        + closed.split(b"\r\n\r\n", 1)[0].split(b"Content-Type")[0]
        + b"\r\n"
        + closed.split(b"\r\n\r\n", 1)[1],
        {**_READ, "attachments": ["a.pdf"]},
    )
    yield (
        "multipart-without-parts",
        _HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + _TEXT.encode(),
        {**_READ, "warnings": ["without its boundary"]},
    )
    yield "bare-newlines", (_HEAD + closed).replace(b"\r\n", b"\n"), {**_READ, "attachments": ["a.pdf"]}
    yield "old-mac-newlines", (_HEAD + closed).replace(b"\r\n", b"\r"), {**_READ, "attachments": ["a.pdf"]}
    yield "mbox-line", b"From oleg@client.example Fri Jan  3 12:34:56 2025\r\n" + _HEAD + _PART, _READ
    yield "blank-first", b"\r\n\r\n" + _HEAD + _PART, _READ
    yield "byte-order-mark", b"\xef\xbb\xbf" + _HEAD + _PART, _READ
    yield "space-before-colon", (_HEAD + _PART).replace(b"Subject: ", b"Subject : "), _READ
    yield (
        "broken-fold",
        _HEAD.replace(b"Date:", b"X-Long: one two\r\nthree four without a fold\r\nDate:") + _PART,
        _READ,
    )
    yield (
        "words-outside",
        _HEAD + closed + "Хвост письма, который никто не ждал.\r\n".encode(),
        {**_READ, "attachments": ["a.pdf", "outside-parts.txt"], "warnings": ["outside"]},
    )
    yield "base64-rubbish", _HEAD + _PART.replace(b"\r\n0", b"\r\n!*0").replace(b"=", b"", 0), _READ
    yield "base64-no-padding", _HEAD + _PART.rstrip(b"=\r\n") + b"\r\n", _READ
    yield "qp-soft-end", _HEAD + build.text_part(_TEXT, how="quoted-printable").rstrip() + b"=\r\n", _READ
    yield (
        "unknown-encoding",
        _HEAD + build.text_part(_TEXT, how="8bit").replace(b": 8bit", b": x-magic"),
        {**_READ, "warnings": ["transfer encoding unknown"]},
    )
    yield "nul", _HEAD + build.text_part(_TEXT.replace(" ", " \0"), how="8bit"), _READ
    yield "html-in-plain", _HEAD + build.text_part(f"<html><body><p>{_TEXT}</p></body></html>"), _READ
    yield (
        "stub-plain",
        _HEAD
        + build.multipart(
            "alternative", "s", build.text_part("HTML only"), build.text_part(f"<p>{_TEXT}</p>", "html")
        ),
        _READ,
    )
    yield (
        "html-twice",
        _HEAD
        + build.multipart("mixed", "t", build.text_part(_TEXT), build.text_part(f"<p>{_TEXT}</p>", "html")),
        _READ,
    )
    yield (
        "amp",
        _HEAD
        + build.multipart(
            "alternative",
            "p",
            build.text_part(_TEXT),
            build.text_part(f"<p>{_TEXT}</p>", "x-amp-html"),
            build.text_part(f"<p>{_TEXT}</p>", "html"),
        ),
        {**_READ, "attachments": []},
    )
    yield "invalid-type", _HEAD + _PART.replace(b"text/plain", b"text"), _READ
    yield from _headers()
    yield from _sizes()


def _headers() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    def with_from(value: str) -> bytes:
        lines = (_HEAD + _PART).split(b"\r\n")
        lines[0] = f"From: {value}".encode()
        return b"\r\n".join(lines)

    for name, value, email, shown in (
        ("comma-in-name", "Громов, Олег <oleg@client.example>", "oleg@client.example", "Громов, Олег"),
        ("two-addresses", "oleg@old.example, oleg@client.example", "oleg@client.example", ""),
        ("address-twice", '"oleg@client.example" <oleg@client.example>', "oleg@client.example", ""),
        ("comment", "oleg@client.example (Oleg Gromov)", "oleg@client.example", "Oleg Gromov"),
        ("angle-lost", "Oleg <oleg@client.example", "oleg@client.example", "Oleg"),
        ("quote-lost", '"Oleg <oleg@client.example>', "oleg@client.example", "Oleg"),
        ("no-domain", "MAILER-DAEMON", "MAILER-DAEMON", ""),
        ("upper-domain", "Oleg.G@CLIENT.Example", "Oleg.G@client.example", ""),
        ("idn", "oleg@xn--e1afmkfd.xn--p1ai", "oleg@пример.рф", ""),
        ("mailto", "Oleg <mailto:oleg@client.example>", "oleg@client.example", "Oleg"),
        (
            "comma-word",
            "=?utf-8?Q?Gromov,_Oleg?= <oleg@client.example>",
            "oleg@client.example",
            "Gromov, Oleg",
        ),
    ):
        yield f"from-{name}", with_from(value), {**_READ, "from_email": email, "from_name": shown}
    lines = (_HEAD + _PART).split(b"\r\n", 1)[1]
    yield (
        "no-from",
        b"Return-Path: <oleg@client.example>\r\n" + lines,
        {**_READ, "from_email": "oleg@client.example", "from_name": ""},
    )
    yield (
        "no-subject",
        b"From: oleg@client.example\r\n\r\n" + _TEXT.encode(),
        {"from_email": "oleg@client.example", "subject": "", "reply_text": _TEXT, "date": None},
    )
    yield (
        "bad-date",
        (_HEAD + _PART).replace(b"Date: Fri, 03 Jan 2025", b"Date: Fri, 32 Jan 2025"),
        {**_READ, "date": None},
    )
    yield (
        "iso-date",
        (_HEAD + _PART).replace(b"Date: Fri, 03 Jan 2025 12:10:56 +0300", b"Date: 2025-01-03T12:10:56+03:00"),
        {**_READ, "date": "2025-01-03T12:10:56+03:00"},
    )
    yield (
        "russian-date",
        (_HEAD + _PART).replace(b"Fri, 03 Jan", "Пт, 03 янв".encode()),
        {**_READ, "date": "2025-01-03T12:10:56+03:00"},
    )


def _sizes() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    long = "X-Long: " + "a" * 9_000 + "\r\n"
    yield (
        "long-header",
        long.encode() + _HEAD + _PART,
        {**_READ, "attachments": ["header-x-long.txt"], "warnings": ["header cut"]},
    )
    nested = _PART
    for level in range(40):
        nested = build.multipart("mixed", f"level{level}", nested)
    yield (
        "too-deep",
        _HEAD + nested,
        {"from_email": OLEG.email, "subject": _SUBJECT, "warnings": ["nested deeper"]},
    )
    yield (
        "too-many",
        _HEAD
        + build.multipart("mixed", "m", *(build.text_part(f"кусок {n}", how="8bit") for n in range(240))),
        {"from_email": OLEG.email, "subject": _SUBJECT, "warnings": ["more than 200"]},
    )
    deep = "<div>" * 1_200 + _TEXT + "</div>" * 1_200
    yield (
        "deep-html",
        _HEAD + build.text_part(deep, "html"),
        {**_READ, "html": None, "attachments": ["body.html"], "warnings": ["1000 levels"]},
    )
