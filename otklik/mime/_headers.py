"""A header block as lines and values: tolerant of broken folding, raw 8-bit and lying encoded words."""

import binascii
import re
from dataclasses import dataclass, field
from functools import lru_cache

from otklik.mime import _charsets
from otklik.mime._strings import valid

HEADER_LIMIT = 8 * 1024
_BLOCK_LIMIT = 256 * 1024
_COUNT_LIMIT = 1_000
_NAME = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
_WORD = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?([^?]*)\?=")
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)
_UNDER = re.compile(r"\r?\n[ \t]*|[\t\r\n]")


@dataclass(slots=True)
class Headers:
    """The headers of one part in order, values raw. `cut`: names cut at 8 KB with their whole raw value."""

    pairs: list[tuple[str, bytes]] = field(default_factory=list)
    cut: list[tuple[str, bytes]] = field(default_factory=list)
    crowded: bool = False

    def raw(self, name: str) -> bytes:
        """The first value of that lower-case name, unfolded but not decoded; empty when missing."""
        for key, value in self.pairs:
            if key == name:
                return value
        return b""

    def all_raw(self, name: str) -> list[bytes]:
        """Every value of that name, topmost first."""
        return [value for key, value in self.pairs if key == name]

    def text(self, name: str, hint: str = "") -> str:
        """The first value of that name as people read it: unfolded, words decoded, never an exception."""
        return decode_words(unfold(self.raw(name), hint), hint)

    def plain(self, name: str) -> str:
        """The first value as it stands (ids, codes, types): unfolded, words not decoded."""
        return unfold(self.raw(name)).strip()

    def has(self, name: str) -> bool:
        """Whether a header of that name stands there, even an empty one."""
        return any(key == name for key, _ in self.pairs)


def parse(block: bytes) -> tuple[Headers, int]:
    """Headers of a block and how many of its bytes they take; what follows is body without a blank line."""
    headers = Headers()
    name, used = "", 0
    value: list[bytes] = []
    pending: list[bytes] = []  # lines that are no header: a broken fold when one still follows, else the body
    for line in block[:_BLOCK_LIMIT].splitlines(keepends=True):
        found = _NAME.match(line)
        if found:
            if len(headers.pairs) >= _COUNT_LIMIT:
                headers.crowded = True
                break
            _keep(headers, name, value + pending)
            name, value, pending = found[1].decode("ascii").lower(), [line[found.end() :]], []
        elif not name:
            return headers, 0
        elif line[:1] in b" \t" and not pending:
            value.append(line)
        else:
            pending.append(line)
        used += len(line)
    headers.crowded = headers.crowded or len(block) > _BLOCK_LIMIT
    _keep(headers, name, value)
    return headers, used - sum(map(len, pending))


def _keep(headers: Headers, name: str, lines: list[bytes]) -> None:
    if not name:
        return
    value = b"".join(lines).strip(b" \t\r\n")
    if len(value) > HEADER_LIMIT:
        headers.cut.append((name, value))
        value = value[:HEADER_LIMIT]
    headers.pairs.append((name, value))


def unfold(raw: bytes, hint: str = "") -> str:
    """The value as one line of text; raw 8-bit is decoded by what it looks like."""
    text = raw.decode("ascii") if raw.isascii() else _charsets.decode(raw, "", hint).text
    return _UNDER.sub(" ", text) if "\n" in text or "\t" in text or "\r" in text else text


def needs_repair(raw: bytes) -> bool:
    """Whether a header holds raw 8-bit bytes, which no standard before RFC 6532 allows."""
    return not raw.isascii()


def decode_words(text: str, hint: str = "") -> str:
    """Encoded words (RFC 2047) decoded; neighbours of one charset are joined first, as clients cut letters."""
    if "=?" not in text:
        return valid(text)
    out: list[str] = []
    octets, label, end = b"", "", 0
    for found in _WORD.finditer(text):
        between = text[end : found.start()]
        charset, piece = found[1].split("*")[0].lower(), _octets(found[2], found[3])
        if octets and (charset != label or between.strip()):
            out.append(_charsets.decode(octets, label, hint).text)
            octets = b""
        if between.strip() or not end:
            out.append(between)
        octets, label, end = octets + piece, charset, found.end()
    if octets:
        out.append(_charsets.decode(octets, label, hint).text)
    out.append(text[end:])
    return valid("".join(out))


def words_repaired(text: str) -> bool:
    """Whether some encoded word of the value names a wrong charset."""
    return any(
        _charsets.decode(_octets(found[2], found[3]), found[1]).repaired for found in _WORD.finditer(text)
    )


def _octets(encoding: str, word: str) -> bytes:
    data = word.encode("utf_8", "replace")
    if encoding in "bB":
        return from_base64(data)
    return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)


def from_base64(data: bytes | memoryview) -> bytes:
    """Base64 as it is met: rubbish between, padding missing or in the middle."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        letters = bytes(data).translate(None, _NOT_BASE64)
        whole = len(letters) // 4 * 4
        rest = letters[whole:]
        tail = rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""
        return binascii.a2b_base64(letters[:whole] + tail)


@lru_cache(maxsize=1024)
def _parameters(value: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    main, *rest = _split_quoted(value)
    pairs = []
    for piece in rest:
        key, equals, item = piece.partition("=")
        if equals:
            pairs.append((key.strip().lower(), item.strip()))
    return main.strip().lower(), tuple(pairs)


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """«type/sub; name=x» → the type and its parameters: quoted, RFC 2231 pieces, encoded words, unquoted spaces."""
    main, pairs = _parameters(value)
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for key, item in pairs:
        name, star, rest = key.partition("*")
        if not star:
            plain.setdefault(name, decode_words(_unquote(item)))
            continue
        number = rest.rstrip("*")
        if number and not (number.isascii() and number.isdigit() and len(number) < 4):
            continue
        coded = key.endswith("*")
        pieces.setdefault(name, []).append((int(number or 0), coded, _unquote(item)))
    for name, found in pieces.items():
        plain[name] = _joined(sorted(found)) or plain.get(name, "")
    return main, plain


def _split_quoted(value: str) -> list[str]:
    """Pieces between semicolons that stand outside quotes."""
    if '"' not in value:
        return value.split(";")
    pieces, start, quoted, skip = [], 0, False, False
    for place, char in enumerate(value):
        if skip:
            skip = False
        elif char == "\\" and quoted:
            skip = True
        elif char == '"':
            quoted = not quoted
        elif char == ";" and not quoted:
            pieces.append(value[start:place])
            start = place + 1
    pieces.append(value[start:])
    return pieces


def _unquote(item: str) -> str:
    if item[:1] == '"':
        item = item[1:-1] if len(item) > 1 and item[-1] == '"' else item[1:]
        return re.sub(r'\\(["\\])', r"\1", item)
    return item


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    """RFC 2231 pieces in order; an escape cut between two pieces is made whole first."""
    octets, charset, open_piece = b"", "", ""
    for place, (_, coded, item) in enumerate(pieces):
        text = item
        if coded and place == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        if coded:
            open_piece += text
        else:
            octets += _unescaped(open_piece) + text.encode("utf_8", "replace")
            open_piece = ""
    octets += _unescaped(open_piece)
    return decode_words(_charsets.decode(octets, charset or "utf-8").text)


def _unescaped(text: str) -> bytes:
    return re.sub(rb"%([0-9A-Fa-f]{2})", _byte, text.encode("utf_8", "replace"))


def _byte(found: re.Match[bytes]) -> bytes:
    return bytes((int(found[1], 16),))
