"""Encodings as they come: declared, mislabelled, undeclared, raw in headers, twice encoded."""

from collections.abc import Iterator
from typing import Any

from tests.mime.corpus import build
from tests.mime.corpus.words import MARINA, OLEG, Person

_RUSSIAN = "Добрый день!\n\nПосле обновления касса печатает чеки без названия товара.\nПодскажите, пожалуйста, что делать?\nМагазин стоит."
_SHORT = "Здравствуйте, когда привезут заказ?"
_SUBJECT = "Касса не печатает"
_HEAD = "From: {0}\r\nTo: support@firma-demo.example\r\nSubject: {1}\r\nDate: Fri, 03 Jan 2025 12:34:56 +0300\r\nMIME-Version: 1.0\r\n"


def letters() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    """Right labels, wrong labels, no labels, then the rest of the world."""
    for charset in ("utf-8", "koi8-r", "windows-1251", "iso-8859-5", "cp866"):
        yield f"declared-{charset}", _letter(charset, charset, charset), _reading(repaired=False)
        yield f"undeclared-{charset}", _letter(charset, "", charset), _reading(repaired=True)
        yield f"short-{charset}", _letter(charset, "", charset, _SHORT), _reading(_SHORT, repaired=True)
        yield f"raw-header-{charset}", _raw_header(charset), _reading(repaired=True)
    for real, label in (
        ("utf-8", "iso-8859-1"), ("utf-8", "us-ascii"), ("utf-8", "windows-1251"), ("utf-8", "koi8-r"), ("windows-1251", "koi8-r"),
        ("koi8-r", "windows-1251"), ("windows-1251", "iso-8859-1"), ("koi8-r", "iso-8859-1"), ("windows-1251", "utf-8"),
        ("koi8-r", "utf-8"), ("windows-1251", "x-unknown"), ("windows-1251", "us-ascii"), ("cp866", "windows-1251"), ("iso-8859-5", "koi8-r"),
    ):  # fmt: skip
        yield f"{real}-as-{label}", _letter(real, label, ""), _reading(repaired=True)
    twice = _RUSSIAN.encode("utf-8").decode("cp1252", "ignore")
    whole = "".join(_latin(octet) for octet in _RUSSIAN.encode("utf-8"))
    if twice:
        yield "utf8-twice", _letter("utf-8", "utf-8", "", whole), _reading(repaired=True)
    yield from _asian()
    yield from _western()


def _latin(octet: int) -> str:
    try:
        return bytes((octet,)).decode("cp1252")
    except UnicodeDecodeError:
        return chr(octet)


def _letter(real: str, label: str, header: str, text: str = _RUSSIAN) -> bytes:
    """`header`: charset of the encoded words, empty for UTF-8."""
    subject = build.word(_SUBJECT, header or "utf-8", "Q" if real == "koi8-r" else "B")
    top = _HEAD.format(build.box(MARINA, header or "utf-8"), subject)
    kind = f"Content-Type: text/plain; charset={label}\r\n" if label else "Content-Type: text/plain\r\n"
    octets = text.replace("\n", "\r\n").encode(real)
    return top.encode() + kind.encode() + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + octets + b"\r\n"


def _raw_header(charset: str) -> bytes:
    top = _HEAD.format(f'"{MARINA.name}" <{MARINA.email}>', _SUBJECT).encode(charset)
    octets = _RUSSIAN.replace("\n", "\r\n").encode(charset)
    return top + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + octets


def _reading(
    text: str = _RUSSIAN, who: Person = MARINA, subject: str = _SUBJECT, *, repaired: bool
) -> dict[str, Any]:  # Any: as above
    return build.fields_of(who, subject, text=text, reply_text=text, charset_repaired=repaired)


def _asian() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    chinese, japanese = (
        "您好！请问订单什么时候发货？镕基公司订购了三台设备。",
        "こんにちは。注文した商品はいつ届きますか。①番の部品です。",
    )
    for name, text, real, label in (
        ("gbk-as-gb2312", chinese, "gbk", "gb2312"),
        ("iso-2022-jp", japanese.replace("①", "1"), "iso2022_jp", "iso-2022-jp"),
        ("iso-2022-jp-ms", japanese, "iso2022_jp_2004", "iso-2022-jp"),
        ("shift-jis", japanese, "cp932", "shift_jis"),
        ("utf8-as-gb2312-word", chinese, "utf-8", "utf-8"),
    ):
        octets = text.encode(real, "replace")
        expected = octets.decode(real)
        octets = octets.replace(b"\x1b$(Q", b"\x1b$B") if name == "iso-2022-jp-ms" else octets
        top = _HEAD.format("Li <li@client.example>", "Order").encode()
        raw = top + f"Content-Type: text/plain; charset={label}\r\n\r\n".encode() + octets + b"\r\n"
        reading = build.fields_of(Person("Li", "li@client.example"), "Order", charset_repaired=False)
        yield name, raw, {**reading, "text": expected}


def _western() -> Iterator[tuple[str, bytes, dict[str, Any]]]:  # Any: values of JSON
    german = "Guten Tag,\n\nkönnen Sie mir bitte die Rechnung für März schicken? Wir müssen sie prüfen.\nSchöne Grüße aus Köln"
    french = "Bonjour,\n\nle dernier relevé n’est pas arrivé. Où en êtes-vous ? Ça fait déjà trois semaines…"
    for name, text, real, label, repaired in (
        ("german-latin1", german, "iso-8859-1", "iso-8859-1", False),
        ("french-cp1252-as-latin1", french, "cp1252", "iso-8859-1", False),
        ("german-utf8-as-latin1", german, "utf-8", "iso-8859-1", True),
        ("german-undeclared", german, "utf-8", "", True),
    ):
        top = _HEAD.format(
            f"{build.word('Jürgen Groß', 'iso-8859-1', 'Q')} <j.gross@client.example>", "Rechnung"
        ).encode()
        kind = f"Content-Type: text/plain; charset={label}\r\n\r\n" if label else "\r\n"
        reading = build.fields_of(
            Person("Jürgen Groß", "j.gross@client.example"), "Rechnung", text=text, charset_repaired=repaired
        )
        yield name, top + kind.encode() + text.replace("\n", "\r\n").encode(real), reading
    ukrainian = "Добрий день! Чи є у вас доставка до Ужгорода? Її ціна вища?"
    top = _HEAD.format(build.box(OLEG, "koi8-u"), build.word("Доставка", "koi8-u")).encode()
    raw = top + b"Content-Type: text/plain; charset=koi8-u\r\n\r\n" + ukrainian.encode("koi8-u")
    yield "ukrainian-koi8-u", raw, _reading(ukrainian, OLEG, "Доставка", repaired=False)
