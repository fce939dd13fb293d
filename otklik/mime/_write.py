"""Outgoing → bytes. The same value gives the same bytes: boundaries come from the Message-ID, nothing from a clock.

A line break or another control character in anything that becomes a header raises ValueError: a client's name or
subject can't add a header of its own.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from email.utils import format_datetime
from urllib.parse import quote

from otklik.mime._strings import safe_name, valid
from otklik.mime.outgoing import Mailbox, Outgoing, OutgoingFile

_CHAIN = 20
_LINE = 76
_HARD_LINE = 998
_WORD_OCTETS = 42  # of UTF-8 in one encoded word: with its frame it stays under 75 characters
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,70}")
_KIND = re.compile(r"[a-z]{1,20}/[a-z0-9][a-z0-9.+-]{0,80}")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_CONTENT_ID = re.compile(r"[!-;=?-~]{1,200}")
_OURS = {
    "from", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
    "mime-version", "content-type", "content-transfer-encoding", "content-disposition",
}  # fmt: skip


def write(letter: Outgoing) -> bytes:
    """The letter as it goes over SMTP: CRLF, lines of at most 998 bytes, ASCII only.

    Raises ValueError for a control character in a header, a malformed address or id, a naive date, no recipient.
    """
    lines = [*_headers(letter), "MIME-Version: 1.0"]
    head = "\r\n".join(lines).encode("ascii")
    if any(len(line) > _HARD_LINE for line in head.split(b"\r\n")):
        raise ValueError("a header has a word of more than 998 bytes")
    return head + b"\r\n" + _body(letter)


def _headers(letter: Outgoing) -> Iterable[str]:
    if letter.date.tzinfo is None:
        raise ValueError("date has no zone")
    if not letter.to and not letter.cc:
        raise ValueError("no recipient")
    yield f"Date: {format_datetime(letter.date)}"
    yield _addresses("From", (letter.sender,))
    for name, boxes in (("To", letter.to), ("Cc", letter.cc), ("Reply-To", letter.reply_to)):
        if boxes:
            yield _addresses(name, boxes)
    yield _text("Subject", letter.subject)
    yield f"Message-ID: {_id(letter.message_id)}"
    if letter.in_reply_to:
        yield f"In-Reply-To: {_id(letter.in_reply_to)}"
    chain = letter.references
    if chain:
        kept = chain if len(chain) <= _CHAIN else (*chain[:1], *chain[1 - _CHAIN :])
        yield "References: " + "\r\n ".join(_id(one) for one in kept)
    for name, value in letter.headers:
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS:
            raise ValueError(f"header {name!r} can't be added")
        yield _text(name, value)


def _checked(value: str, what: str) -> str:
    if _CONTROL.search(value):
        raise ValueError(f"{what} has a line break or another control character")
    return valid(value)


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError(f"not a message id: {value[:80]!r}")
    return value


def _text(name: str, value: str) -> str:
    """A header with free text: folded at spaces, words outside ASCII encoded."""
    value = " ".join(_checked(value, name).split())
    plain = value.isascii() and "=?" not in value and all(len(word) < 900 for word in value.split())
    words = value.split() if plain else _encoded(value)
    return _folded(f"{name}:", words)


def _encoded(value: str) -> list[str]:
    """RFC 2047 words of UTF-8 in base64; no character is cut in two."""
    words: list[str] = []
    piece = b""
    for char in value:
        octets = char.encode("utf_8")
        if len(piece) + len(octets) > _WORD_OCTETS:
            words.append(_word(piece))
            piece = b""
        piece += octets
    if piece:
        words.append(_word(piece))
    return words


def _word(octets: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(octets).decode('ascii')}?="


def _folded(start: str, words: Iterable[str]) -> str:
    lines = [start]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > _LINE and lines[-1].strip() and lines[-1] != start:
            lines.append("")
        lines[-1] += " " + word
    return "\r\n".join(lines)


def _addresses(name: str, boxes: tuple[Mailbox, ...]) -> str:
    words: list[str] = []
    for number, box in enumerate(boxes):
        comma = "," if number + 1 < len(boxes) else ""
        address = _address(box.email)
        if box.name:
            words.extend(_phrase(box.name))
            address = f"<{address}>"
        words.append(address + comma)
    return _folded(f"{name}:", words)


def _phrase(name: str) -> list[str]:
    name = " ".join(_checked(name, "name").split())
    if not name.isascii() or "=?" in name or len(name) > 200:
        return _encoded(name)
    if _ATOM.fullmatch(name):
        return name.split()
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return [f'"{escaped}"']


def _address(email: str) -> str:
    """The address for the wire: the domain in ACE form."""
    local, at, domain = _checked(email, "address").rpartition("@")
    if (
        not at
        or not local
        or not domain
        or not local.isascii()
        or any(char in email for char in ' <>,;:"()[]\\')
    ):
        raise ValueError(f"not an address: {email[:80]!r}")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as fault:
        raise ValueError(f"not a domain: {domain[:80]!r}") from fault


def _body(letter: Outgoing) -> bytes:
    """The nesting that mail programs expect: mixed(alternative(text, related(html, pictures)), files)."""
    inline = [file for file in letter.files if file.content_id and letter.html is not None]
    apart = [file for file in letter.files if file not in inline]
    seed = hashlib.sha256(letter.message_id.encode("ascii")).hexdigest()[:24]
    body = _text_part(letter.text, "plain")
    if letter.html is not None:
        rich = _text_part(letter.html, "html")
        if inline:
            rich = _multipart(
                "related", seed + "r", [rich, *(_file_part(file, inline=True) for file in inline)]
            )
        body = _multipart("alternative", seed + "a", [body, rich])
    if apart:
        body = _multipart("mixed", seed + "m", [body, *(_file_part(file, inline=False) for file in apart)])
    return body


def _multipart(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    """Parts between boundaries. «=_» stands in no base64 and, see _text_part, in no plain part."""
    mark = f"=_{boundary}".encode("ascii")
    head = f'Content-Type: multipart/{kind}; boundary="{mark.decode("ascii")}"\r\n\r\n'.encode("ascii")
    pieces = b"".join(b"--" + mark + b"\r\n" + part for part in parts)
    return head + pieces + b"--" + mark + b"--\r\n"


def _text_part(text: str, kind: str) -> bytes:
    text = valid(text).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    octets = text.encode("utf_8")
    short = all(len(line) < _HARD_LINE for line in octets.split(b"\r\n"))
    if octets.isascii() and short and b"=_" not in octets:
        body, encoding = octets if octets.endswith(b"\r\n") else octets + b"\r\n", "7bit"
    else:
        body, encoding = _base64(octets), "base64"
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode("ascii") + body


def _base64(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")


def _file_part(file: OutgoingFile, *, inline: bool) -> bytes:
    name = safe_name(_checked(file.name, "file name")) or "file"
    kind = file.type.lower() if _KIND.fullmatch(file.type.lower()) else "application/octet-stream"
    if kind.startswith(("message/", "multipart/")):
        kind = "application/octet-stream"  # these may not travel in base64 (RFC 2046 §5.2.1)
    head = [f"Content-Type: {kind};", *_named(name, "name")]
    head.append("Content-Transfer-Encoding: base64")
    if file.content_id:
        if not _CONTENT_ID.fullmatch(file.content_id):
            raise ValueError(f"not a content id: {file.content_id[:80]!r}")
        head.append(f"Content-ID: <{file.content_id}>")
    head.extend([f"Content-Disposition: {'inline' if inline else 'attachment'};", *_named(name, "filename")])
    return "\r\n".join(head).encode("ascii") + b"\r\n\r\n" + _base64(file.content)


def _named(name: str, parameter: str) -> list[str]:
    """A file name as RFC 2231 has it, in pieces when long; plain ASCII names stay readable."""
    if name.isascii() and '"' not in name and "\\" not in name and len(name) < 60:
        return [f' {parameter}="{name}"']
    pieces: list[str] = []
    piece = ""
    for char in name:
        coded = quote(char, safe="")
        if len(piece) + len(coded) > 55:
            pieces.append(piece)
            piece = ""
        piece += coded
    pieces.append(piece)
    if len(pieces) == 1:
        return [f" {parameter}*=utf-8''{piece}"]
    pieces[0] = f"utf-8''{pieces[0]}"
    coded_pieces = [f" {parameter}*{number}*={one}" for number, one in enumerate(pieces)]
    return [f"{one};" for one in coded_pieces[:-1]] + coded_pieces[-1:]
