"""Bytes of a letter → the tree of its parts, by offsets: nothing is copied, nothing recurses without a bound.

Own splitter instead of `email.parser`: that one keeps every line as a string (50 MB of letter took 700 MB) and
recurses on hostile nesting; here the limits of parts, depth and scanned bytes hold before any work is done.
"""

import binascii
import re
from dataclasses import dataclass, field

from otklik.mime import _headers
from otklik.mime._headers import Headers

PART_LIMIT = 200
DEPTH_LIMIT = 30
_HEADERS_LIMIT = 1024 * 1024
_SCAN_FACTOR = 8  # every level looks through its own part of the letter once
_MBOX = re.compile(rb"(?:>?From [^\n]{0,500}\n|[ \t]*\r?\n|\xef\xbb\xbf)")
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")
_KIND = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,120}")
_LOST_BOUNDARY = re.compile(
    rb"\s{0,200}--([^\r\n]{1,200}?)[ \t]*\r?\nContent-[A-Za-z-]{1,40}:", re.IGNORECASE
)
_ENCODINGS = {"", "7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode", "uuencode", "x-uue"}


@dataclass(slots=True)
class Part:
    """One part. `start`, `end`: its body in the letter's bytes; `kind`: «text/plain» in lower case."""

    headers: Headers
    kind: str
    parameters: dict[str, str]
    start: int
    end: int
    children: list["Part"] = field(default_factory=list)
    stray: list[tuple[int, int]] = field(
        default_factory=list
    )  # words before the first or after the last part

    @property
    def disposition(self) -> tuple[str, dict[str, str]]:
        """«attachment», «inline» or empty, and the parameters (filename)."""
        return _headers.parameters(_headers.unfold(self.headers.raw("content-disposition")))


class Tree:
    """A letter's parts within the limits; what lies past a limit stays one undivided part."""

    def __init__(self, raw: bytes) -> None:
        """Split `raw`; never raises."""
        if b"\n" not in raw[:65536] and b"\r" in raw[:65536]:
            raw = raw.replace(b"\r", b"\n")
        self.raw = raw
        self.warnings: list[str] = []
        self._count = 0
        self._budget = _SCAN_FACTOR * len(raw) + 65536
        self.root = self._part(self._beginning(), len(raw), "text/plain", 0)

    def _beginning(self) -> int:
        """Past blank lines, a byte order mark and the «From » line of an mbox."""
        start = 0
        for _ in range(20):
            found = _MBOX.match(self.raw, start)
            if not found:
                break
            start = found.end()
        return start

    def _part(self, start: int, end: int, default: str, depth: int) -> Part:
        self._count += 1
        headers, body = self._headers(start, end)
        kind, parameters = _headers.parameters(headers.plain("content-type"))
        if " " in kind:  # «text/plain charset=koi8-r»: the semicolon is lost
            kind, parameters = _headers.parameters(headers.plain("content-type").replace(" ", "; ", 1))
        if not _KIND.fullmatch(kind):
            if kind and kind != "text":
                self.warn(f"content type unreadable: {kind[:60]}")
            kind = default
        part = Part(headers, kind, parameters, body, end)
        if kind.startswith("multipart/") or (depth == 0 and not headers.has("content-type")):
            self._divide(part, depth)
        return part

    def _headers(self, start: int, end: int) -> tuple[Headers, int]:
        if start >= end:
            return Headers(), end
        if self.raw[start : start + 1] == b"\n":
            return Headers(), start + 1
        if self.raw[start : start + 2] == b"\r\n":
            return Headers(), start + 2
        found = _BLANK.search(self.raw, start, min(end, start + _HEADERS_LIMIT))
        close, body = (found.start(), found.end()) if found else (min(end, start + _HEADERS_LIMIT), end)
        headers, used = _headers.parse(self.raw[start:close] + b"\n")
        if headers.crowded:
            self.warn("headers cut: over 256 KB or 1000 of them, the rest is shown as the body")
        if used < close - start:
            self.warn("no blank line between headers and body")
            body = start + used
        return headers, body

    def _divide(self, part: Part, depth: int) -> None:
        declared = part.parameters.get("boundary", "").strip()
        if depth >= DEPTH_LIMIT:
            self.warn(f"nested deeper than {DEPTH_LIMIT}: kept as a file")
            return
        marks = self._marks(part, declared.encode("utf_8", "replace")) if declared else []
        if not marks:
            marks = self._guessed_marks(part)
        if not marks:
            if part.kind.startswith("multipart/"):
                self.warn("multipart without its boundary: shown as text")
                part.kind = "text/plain"
            return
        if not part.kind.startswith("multipart/"):
            part.kind = "multipart/mixed"
        self._spread(part, marks, depth)

    def _guessed_marks(self, part: Part) -> list[tuple[int, int, bool]]:
        found = _LOST_BOUNDARY.match(self.raw, part.start, part.end)
        if not found:
            return []
        self.warn("boundary missing or wrong: guessed")
        return self._marks(part, found[1])

    def _marks(self, part: Part, boundary: bytes) -> list[tuple[int, int, bool]]:
        """(start of the boundary line, first byte after it, whether it closes) for each one in the part."""
        if self._budget < part.end - part.start:
            self.warn("too much to scan: kept as a file")
            return []
        self._budget -= part.end - part.start
        needle = b"--" + boundary.rstrip()
        marks: list[tuple[int, int, bool]] = []
        place = self.raw.find(needle, part.start, part.end)
        tries = 0
        while place >= 0 and len(marks) <= PART_LIMIT + 2 and tries < 20_000:
            tries += 1
            after = place + len(needle)
            if place == part.start or self.raw[place - 1] in b"\r\n":
                mark = self._mark(place, after, part.end)
                if mark:
                    marks.append(mark)
                    if mark[2]:
                        break
            place = self.raw.find(needle, after, part.end)
        return marks

    def _mark(self, place: int, after: int, end: int) -> tuple[int, int, bool] | None:
        closes = self.raw[after : after + 2] == b"--"
        if closes:
            after += 2
        rest = self.raw[after : min(after + 200, end)]
        line = rest.split(b"\n", 1)[0]
        if line.strip() and not closes:
            return None
        start = place
        if start > 0 and self.raw[start - 1 : start] == b"\n":
            start -= 2 if self.raw[start - 2 : start - 1] == b"\r" else 1
        return start, min(after + len(line) + 1, end), closes

    def _spread(self, part: Part, marks: list[tuple[int, int, bool]], depth: int) -> None:
        default = "message/rfc822" if part.kind == "multipart/digest" else "text/plain"
        if marks[0][0] > part.start:
            part.stray.append((part.start, marks[0][0]))
        closed = False
        for number, (_, begin, closes) in enumerate(marks):
            if closes:
                closed = True
                part.stray.append((begin, part.end))
                break
            stop = marks[number + 1][0] if number + 1 < len(marks) else part.end
            if self._count >= PART_LIMIT:
                self.warn(f"more than {PART_LIMIT} parts: the rest kept as a file")
                rest = Part(Headers(), "application/octet-stream", {"name": "rest.txt"}, begin, part.end)
                part.children.append(rest)
                return
            part.children.append(self._part(begin, max(stop, begin), default, depth + 1))
        if not closed:
            self.warn("multipart not closed: the letter may be cut")

    def warn(self, word: str) -> None:
        """Remember what was odd, once."""
        if word not in self.warnings and len(self.warnings) < 50:
            self.warnings.append(word)

    def octets(self, part: Part) -> bytes:
        """The part's body with its transfer encoding undone."""
        encoding = part.headers.plain("content-transfer-encoding").lower().split(";")[0].strip(" \"'")
        view = memoryview(self.raw)[part.start : part.end]
        if encoding == "base64":
            return _base64(view)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(view)
        if encoding in {"x-uuencode", "uuencode", "x-uue"}:
            return _uu(bytes(view))
        if encoding not in _ENCODINGS:
            self.warn(f"transfer encoding unknown: {encoding[:40]}")
        return bytes(view)


def _base64(view: memoryview) -> bytes:
    """Base64 of a body: several pieces one after another, each with its padding, are all read."""
    data = _headers.from_base64(view)
    if len(view) < 200_000 and len(data) * 4 < len(view) * 2:
        pieces = re.findall(rb"[A-Za-z0-9+/\s]+={0,2}", bytes(view))
        if len(pieces) > 1:
            return b"".join(_headers.from_base64(piece) for piece in pieces[:1000])
    return data


def _uu(data: bytes) -> bytes:
    out = []
    for line in data.splitlines()[:2_000_000]:
        if line[:6] == b"begin " or line[:3] == b"end":
            continue
        out.append(uu_line(line))
    return b"".join(out)


def uu_line(line: bytes) -> bytes:
    """One uuencoded line; a wrong length is read as far as it goes."""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        size = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:size])
        except binascii.Error:
            return b""
