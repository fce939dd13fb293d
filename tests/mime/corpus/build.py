"""Letters as bytes and their expected reading, without the library under test: headers and parts laid by hand."""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from tests.mime.corpus.words import Person

US = Person("", "support@firma-demo.example")


@dataclass
class Base:
    """One base letter. `expected`: contract keys that are certain, any others are not compared."""

    name: str
    raw: bytes
    expected: dict[str, Any] = field(default_factory=dict)  # Any: values of JSON
    shape: str = ""

    def line(self) -> str:
        """The line of expected.jsonl."""
        body = {"letter": self.name, "shape": self.shape, **self.expected}
        return json.dumps(body, ensure_ascii=False, sort_keys=True)


def word(text: str, charset: str = "utf-8", how: str = "B") -> str:
    """One encoded word, or the text itself when it is ASCII."""
    if text.isascii():
        return text
    octets = text.encode(charset)
    if how == "B":
        return f"=?{charset}?B?{base64.b64encode(octets).decode()}?="
    coded = "".join(f"={octet:02X}" if octet != 32 else "_" for octet in octets)
    return f"=?{charset}?Q?{coded}?="


def words(text: str, charset: str = "utf-8", size: int = 30) -> str:
    """Several folded words, the octets cut without regard for characters, as many programs do."""
    octets = text.encode(charset)
    pieces = [octets[place : place + size] for place in range(0, len(octets), size)]
    return "\r\n ".join(f"=?{charset}?B?{base64.b64encode(piece).decode()}?=" for piece in pieces)


def box(who: Person, charset: str = "utf-8") -> str:
    """«Имя <адрес>» for a header."""
    if not who.name:
        return who.email
    name = word(who.name, charset) if not who.name.isascii() else f'"{who.name}"'
    return f"{name} <{who.email}>"


def head(who: Person, subject: str, number: int, extra: str = "") -> str:
    """The common headers; `extra` comes with its own line ends."""
    return (
        f"From: {box(who)}\r\nTo: {US.email}\r\nSubject: {words(subject) if not subject.isascii() else subject}\r\n"
        f"Date: Fri, 03 Jan 2025 12:{number % 60:02d}:56 +0300\r\nMessage-ID: <l{number}.demo@{who.email.split('@')[1]}>\r\n"
        f"{extra}MIME-Version: 1.0\r\n"
    )


def text_part(
    text: str, kind: str = "plain", charset: str = "utf-8", how: str = "base64", more: str = ""
) -> bytes:
    """A text part with its headers; `how` is the transfer encoding."""
    octets = text.replace("\n", "\r\n").encode(charset, "xmlcharrefreplace" if kind == "html" else "replace")
    if how == "base64":
        octets = base64.encodebytes(octets).replace(b"\n", b"\r\n")
    elif how == "quoted-printable":
        octets = b"\r\n".join(binascii.b2a_qp(line) for line in octets.split(b"\r\n")).replace(
            b"=\n", b"=\r\n"
        )
    top = f"Content-Type: text/{kind}; charset={charset}{more}\r\nContent-Transfer-Encoding: {how}\r\n\r\n"
    return top.encode() + octets + b"\r\n"


def multipart(kind: str, mark: str, *parts: bytes, more: str = "") -> bytes:
    """Parts between boundaries."""
    inner = b"".join(b"--" + mark.encode() + b"\r\n" + part for part in parts)
    top = f'Content-Type: multipart/{kind}; boundary="{mark}"{more}\r\n\r\n'.encode()
    return top + inner + b"--" + mark.encode() + b"--\r\n"


def file_part(
    name_headers: str, content: bytes, kind: str = "application/pdf", how: str = "attachment"
) -> bytes:
    """An attachment; `name_headers` is the tail of Content-Disposition after the word, as written."""
    top = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: {how}{name_headers}\r\n\r\n"
    return top.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n")


def quoted(text: str, mark: str = "> ") -> str:
    """Every line behind a mark."""
    return "\n".join((mark + line).rstrip() if line else mark.rstrip() for line in text.split("\n"))


def divs(text: str, tag: str = "div", blank: str = "<br>") -> str:
    """Lines of text as HTML blocks."""
    return "".join(f"<{tag}>{escape(line, quote=False) or blank}</{tag}>" for line in text.split("\n"))


def breaks(text: str) -> str:
    """Lines of text with <br> between."""
    return "<br>".join(escape(line, quote=False) for line in text.split("\n"))


def fields_of(who: Person, subject: str, **more: Any) -> dict[str, Any]:  # Any: values of JSON
    """The expected header fields, and what else the caller is certain of."""
    return {
        "from_email": who.email,
        "from_name": who.name,
        "to": [US.email],
        "subject": subject,
        "kind": "normal",
        **more,
    }


def numbered(
    bases: Iterator[tuple[str, bytes, dict[str, Any]]], shape: str
) -> Iterator[Base]:  # Any: as above
    """Give the letters of one shape their names."""
    for number, (name, raw, expected) in enumerate(bases, 1):
        yield Base(f"{shape}-{number:02d}-{name}", raw, expected, shape)
