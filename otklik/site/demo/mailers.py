"""Letters as the clients' mail programs really write them: headers, parts, quotes, charsets right and wrong."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Literal
from zoneinfo import ZoneInfo

from otklik.env import env
from otklik.russian import dates

ZONE = ZoneInfo(env().timezone)
_PLAIN = re.compile(r"[A-Za-z0-9 .:!?'/_-]*")
Program = Literal["yandex", "mailru", "outlook", "gmail", "iphone", "thunderbird", "plain"]
PROGRAMS: tuple[Program, ...] = ("yandex", "mailru", "outlook", "gmail", "iphone", "thunderbird", "plain")
_AGENTS = {
    "yandex": "Yamail [ http://yandex.ru ] 5.0", "mailru": "Mail.Ru Mailer 1.0",
    "outlook": "Microsoft Outlook 16.0", "iphone": "iPhone Mail (20G75)", "thunderbird": "Mozilla Thunderbird",
    "gmail": "", "plain": "The Bat! (v9.3.4) Professional",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quoted:
    """The message that a letter answers."""

    name: str
    address: str
    at: datetime
    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that goes along."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What a client sends: no line breaks in anything but `text`.

    message_id, chain: without <>; the last of `chain` is what it answers.
    broken: how it lies about its charset, one of BROKEN; '' = not at all.
    """

    program: Program
    name: str
    address: str
    to: str
    subject: str
    text: str
    at: datetime
    message_id: str
    cc: tuple[tuple[str, str], ...] = ()
    chain: tuple[str, ...] = ()
    quoted: Quoted | None = None
    papers: tuple[Paper, ...] = ()
    broken: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def write(mail: Mail) -> bytes:
    """The bytes as they reach the mail server."""
    return _headers(mail) + _body(mail)


def _headers(mail: Mail) -> bytes:
    lines = [
        f"From: {_mailbox(mail.name, mail.address)}",
        f"To: {mail.to}",
        *([f"Cc: {', '.join(_mailbox(*one) for one in mail.cc)}"] if mail.cc else []),
        f"Date: {format_datetime(mail.at.astimezone(ZONE))}",
        f"Message-ID: <{mail.message_id}>",
        *([f"In-Reply-To: <{mail.chain[-1]}>"] if mail.chain else []),
        *(["References: " + "\r\n ".join(f"<{one}>" for one in mail.chain)] if mail.chain else []),
        *([f"X-Mailer: {_AGENTS[mail.program]}"] if _AGENTS[mail.program] else []),
        *(f"{name}: {value}" for name, value in mail.headers),
        "MIME-Version: 1.0",
    ]
    head = "\r\n".join(lines).encode("ascii")
    return head + b"\r\nSubject: " + _subject(mail) + b"\r\n"


def _subject(mail: Mail) -> bytes:
    charset = _CHARSETS[mail.broken].real if mail.broken else "utf-8"
    if mail.broken == "голый cp1251":
        return mail.subject.encode(charset, "replace")
    return _words(mail.subject, charset if mail.broken else "utf-8").encode("ascii")


def _mailbox(name: str, address: str) -> str:
    return f"{_words(name, 'utf-8')} <{address}>" if name else address


def _words(text: str, charset: str) -> str:
    """Encoded words of RFC 2047; each holds whole characters."""
    if _PLAIN.fullmatch(text):
        return text
    pieces = [text[start : start + 12] for start in range(0, len(text), 12)]
    coded = (base64.b64encode(piece.encode(charset, "replace")).decode("ascii") for piece in pieces)
    return "\r\n ".join(f"=?{charset}?B?{one}?=" for one in coded)


def _body(mail: Mail) -> bytes:
    words = f"{mail.text}\n\n{_quote(mail)}" if mail.quoted else mail.text
    text = _broken_part(mail, words) if mail.broken else _text_parts(mail, words)
    if not mail.papers:
        return text
    return _multipart("mixed", mail.message_id, [text, *(_paper(one) for one in mail.papers)])


def _text_parts(mail: Mail, words: str) -> bytes:
    plain = _part("text/plain; charset=utf-8", words.encode())
    if mail.program not in {"yandex", "mailru", "outlook", "gmail"}:
        return plain
    page = _part("text/html; charset=utf-8", _page(mail).encode())
    if mail.program == "yandex":  # Yandex's own pages send HTML alone
        return page
    return _multipart("alternative", f"alt{mail.message_id}", [plain, page])


def _part(kind: str, content: bytes, more: str = "") -> bytes:
    coded = base64.encodebytes(content).replace(b"\n", b"\r\n")
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n{more}\r\n"
    return head.encode("ascii") + coded


def _multipart(kind: str, seed: str, parts: Sequence[bytes]) -> bytes:
    edge = hashlib.sha256(seed.encode()).hexdigest()[:24].encode()
    inner = b"".join(b"--" + edge + b"\r\n" + part + b"\r\n" for part in parts)
    head = b"Content-Type: multipart/" + kind.encode() + b'; boundary="' + edge + b'"\r\n\r\n'
    return head + inner + b"--" + edge + b"--\r\n"


def _paper(paper: Paper) -> bytes:
    named = _words(paper.name, "utf-8").replace("\r\n ", " ")
    return _part(
        f'{paper.type}; name="{named}"', paper.content,
        f'Content-Disposition: attachment; filename="{named}"\r\n',
    )  # fmt: skip


def _quote(mail: Mail) -> str:
    """The quote in plain text as this program writes it."""
    quoted = mail.quoted
    if quoted is None:
        return ""
    lines = "\n".join(f"> {line}".rstrip() for line in quoted.text.split("\n"))
    if mail.program == "outlook":
        return f"{_outlook_head(mail, quoted)}\n\n{quoted.text}"
    return f"{_HEADS[mail.program](quoted)}\n{lines}"


def _outlook_head(mail: Mail, quoted: Quoted) -> str:
    sent = f"{_weekday(quoted)}, {_day(quoted)} {dates.time(quoted.at, ZONE)}"
    return (
        "-----Исходное сообщение-----\n"
        f"От: {quoted.name} <{quoted.address}>\nОтправлено: {sent}\nКому: {mail.name} <{mail.address}>\n"
        f"Тема: {quoted.subject or mail.subject}"
    )


def _day(quoted: Quoted) -> str:
    local = quoted.at.astimezone(ZONE)
    return f"{local.day} {dates.MONTHS[local.month - 1]} {local.year} г."


def _weekday(quoted: Quoted) -> str:
    return dates.WEEKDAYS[quoted.at.astimezone(ZONE).weekday()]


def _shift(quoted: Quoted) -> str:
    """«+03:00»."""
    plain = f"{quoted.at.astimezone(ZONE):%z}"
    return f"{plain[:3]}:{plain[3:]}"


def _digits(quoted: Quoted) -> str:
    return f"{quoted.at.astimezone(ZONE):%d.%m.%Y}"


_HEADS: dict[str, Callable[[Quoted], str]] = {
    "yandex": lambda one: f"{_digits(one)}, {dates.time(one.at, ZONE)}, «{one.name}» <{one.address}>:",
    "mailru": lambda one: (
        f"{_weekday(one).capitalize()}, {_day(one)[:-3]}, {dates.time(one.at, ZONE)} {_shift(one)}"
        f" от {one.name} <{one.address}>:"
    ),
    "gmail": lambda one: (
        f"{dates.SHORT_WEEKDAYS[one.at.astimezone(ZONE).weekday()]}, {_day(one)}"
        f" в {dates.time(one.at, ZONE)}, {one.name} <{one.address}>:"
    ),
    "iphone": lambda one: (
        f"{_day(one)}, в {dates.time(one.at, ZONE)}, {one.name} <{one.address}> написал(а):"
    ),
    "thunderbird": lambda one: f"{_digits(one)} {dates.time(one.at, ZONE)}, {one.name} пишет:",
    "plain": lambda one: f"Вы писали {_day(one)}, {dates.time(one.at, ZONE)}:",
}


def _page(mail: Mail) -> str:
    """The HTML side of the letter."""
    said = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in mail.text.split("\n"))
    quoted = mail.quoted
    if quoted is None:
        return f"<html><body>{said}</body></html>"
    was = "<br>".join(html.escape(line) for line in quoted.text.split("\n"))
    head = html.escape(_HEADS.get(mail.program, _HEADS["gmail"])(quoted))
    if mail.program == "outlook":
        rows = html.escape(_outlook_head(mail, quoted)).split("\n")[1:]
        bold = "<br>".join(f"<b>{row.partition(':')[0]}:</b>{row.partition(':')[2]}" for row in rows)
        ruled = (
            f'<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">{bold}</p></div>'
        )
        return f'<html><body><div class="WordSection1">{said}{ruled}<p class="MsoNormal">{was}</p></div></body></html>'
    if mail.program == "gmail":
        return (
            f'<div dir="ltr">{said}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{head}<br>'
            f'</div><blockquote class="gmail_quote">{was}</blockquote></div>'
        )
    return f"<div>{said}</div><div><br></div><div>{head}</div><blockquote>{was}</blockquote>"


@dataclass(frozen=True, slots=True)
class Charset:
    """How a letter lies about itself: the real charset of its bytes, the one it names ('' = none)."""

    real: str
    named: str


_CHARSETS = {
    "koi8 как 1251": Charset("koi8_r", "windows-1251"),
    "1251 как koi8": Charset("cp1251", "koi8-r"),
    "голый cp1251": Charset("cp1251", ""),
    "utf8 как latin1": Charset("utf-8", "iso-8859-1"),
    "двойной utf8": Charset("utf-8", "utf-8"),
    "cp866": Charset("cp866", "ibm866"),
}
BROKEN = tuple(_CHARSETS)


def _broken_part(mail: Mail, words: str) -> bytes:
    lie = _CHARSETS[mail.broken]
    content = words.encode(lie.real, "replace")
    if mail.broken == "двойной utf8":  # read as Latin-1 somewhere on the way and written again
        content = content.decode("latin-1").encode()
    named = f"; charset={lie.named}" if lie.named else ""
    head = f"Content-Type: text/plain{named}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return head.encode("ascii") + content.replace(b"\n", b"\r\n") + b"\r\n"
