"""Small files that clients attach, made by code: screenshots, scans, logs."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import cache

from otklik.site.demo.mailers import Paper

Colour = tuple[int, int, int]
INK, PAPER, GREY, BLUE, RED, GREEN = (
    (40, 44, 52), (252, 252, 250), (196, 200, 206), (52, 104, 190), (200, 62, 48), (60, 150, 90)
)  # fmt: skip
_GLYPHS = {
    "0": "75557", "1": "26227", "2": "71747", "3": "71717", "4": "55711", "5": "74717", "6": "74757", "7": "71222",
    "8": "75757", "9": "75717", "E": "74747", "R": "75765", "O": "75557", "S": "74717", "L": "44447", "!": "22202",
    " ": "00000", ".": "00002", "-": "00700",
}  # fmt: skip


class Canvas:
    """Pixels to draw on."""

    def __init__(self, width: int, height: int, ground: Colour = PAPER) -> None:
        self.width, self.height = width, height
        self._rows = [bytearray(bytes(ground) * width) for _row in range(height)]

    def box(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        for row in self._rows[top : top + height]:
            row[left * 3 : (left + width) * 3] = bytes(colour) * width

    def lines(self, left: int, top: int, widths: list[int], colour: Colour = GREY) -> None:
        """Bars in place of words, as a page looks from afar."""
        for number, width in enumerate(widths):
            self.box(left, top + number * 12, width, 5, colour)

    def figure(self, left: int, top: int, text: str, colour: Colour) -> None:
        """Digits and a few letters, each dot 6 pixels."""
        for place, sign in enumerate(text):
            for row, bits in enumerate(_GLYPHS[sign]):
                for column in range(3):
                    if int(bits) & (4 >> column):
                        self.box(left + place * 24 + column * 6, top + row * 6, 6, 6, colour)

    def png(self) -> bytes:
        raw = b"".join(b"\0" + bytes(row) for row in self._rows)
        size = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        chunks = (_chunk(b"IHDR", size), _chunk(b"IDAT", zlib.compress(raw, 9)), _chunk(b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)

    def pixels(self) -> bytes:
        return b"".join(bytes(row) for row in self._rows)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _screen(code: str, seed: int) -> Canvas:
    """A window with a red word of a fault in it."""
    canvas = Canvas(480, 300, (238, 240, 243))
    canvas.box(0, 0, 480, 26, (222, 225, 230))
    for place, colour in enumerate((RED, (222, 170, 60), GREEN)):
        canvas.box(10 + place * 18, 8, 10, 10, colour)
    canvas.box(90, 6, 300, 14, PAPER)
    canvas.box(40, 56, 400, 200, PAPER)
    canvas.figure(64, 76, code, RED)
    canvas.lines(
        64, 132, [300 - seed * 13 % 90, 250 + seed * 7 % 80, 180 + seed * 29 % 120, 90 + seed * 17 % 60]
    )
    canvas.box(64, 208, 110, 28, BLUE)
    return canvas


def _table(seed: int) -> Canvas:
    """A list with columns, one row marked."""
    canvas = Canvas(520, 280)
    canvas.box(0, 0, 520, 22, BLUE)
    for row in range(11):
        top = 34 + row * 22
        canvas.box(10, top + 16, 500, 1, (224, 226, 230))
        if row == seed % 11:
            canvas.box(10, top - 4, 500, 20, (253, 233, 231))
        for column, width in enumerate((70, 170, 60, 60)):
            canvas.box(14 + column * 122, top + 2, width - (seed * 11 + row * 7 + column * 3) % 30, 6, GREY)
    return canvas


def _sheet(seed: int) -> Canvas:
    """A page of a document with a stamp."""
    canvas = Canvas(310, 438)
    canvas.box(40, 36, 150, 9, INK)
    canvas.lines(40, 66, [230 - (seed * 31 + row * 17) % 70 for row in range(9)])
    canvas.figure(176, 196, str(1000 + seed % 9000), INK)
    canvas.lines(40, 244, [230 - (seed * 13 + row * 29) % 90 for row in range(6)])
    for angle in range(3):
        canvas.box(196 + angle * 4, 344 + angle * 4, 74 - angle * 8, 2, BLUE)
        canvas.box(196 + angle * 4, 410 - angle * 4, 74 - angle * 8, 2, BLUE)
        canvas.box(196 + angle * 4, 344 + angle * 4, 2, 68 - angle * 8, BLUE)
        canvas.box(268 - angle * 4, 344 + angle * 4, 2, 68 - angle * 8, BLUE)
    return canvas


def _pdf(seed: int) -> bytes:
    """One page: a scan, as accountants send it."""
    sheet = _sheet(seed)
    image = zlib.compress(sheet.pixels(), 9)
    draw = b"q 595 0 0 842 0 0 cm /Scan Do Q"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /XObject << /Scan 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(draw), draw),
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8"
        b" /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream"
        % (sheet.width, sheet.height, len(image), image),
    ]
    made, places = b"%PDF-1.4\n", list[int]()
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(made))
    )


_LOG = """[error] 2417#2417: *88103 connect() failed (111: Connection refused) while connecting to upstream
[error] 2417#2417: *88104 upstream timed out (110: Connection timed out) while reading response header
[warn]  2417#2417: *88110 an upstream response is buffered to a temporary file
php-fpm: server reached pm.max_children setting (5), consider raising it
"""


def _log(seed: int) -> bytes:
    lines = [
        f"2026-{1 + seed % 12:02}-{1 + (seed + n) % 28:02} {8 + n % 12:02}:{n * 7 % 60:02} {line}"
        for n, line in enumerate(_LOG.strip().split("\n") * 6)
    ]
    return "\n".join(lines).encode() + b"\n"


def _csv(seed: int) -> bytes:
    rows = [
        f"{number};клиент{seed % 90 + number}@mailbox.example;{seed * number % 9000 + 300}"
        for number in range(1, 30)
    ]
    return ("№;почта;сумма\r\n" + "\r\n".join(rows) + "\r\n").encode("cp1251")


_MAKERS: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "png": ("image/png", lambda seed: _screen(("500", "502", "ERROR", "403", "404")[seed % 5], seed).png()),
    "pdf": ("application/pdf", _pdf),
    "log": ("text/plain", _log),
    "txt": ("text/plain", _log),
    "csv": ("text/csv", _csv),
}


@cache
def paper(name: str, seed: int) -> Paper:
    """A file of this name. seed: which of a dozen; a name with «таблиц» or «список» shows a table."""
    kind, make = _MAKERS[name.rpartition(".")[2]]
    if kind == "image/png" and any(word in name.lower() for word in ("таблиц", "список", "отчёт")):
        return Paper(name, kind, _table(seed % 12).png())
    return Paper(name, kind, make(seed % 12))
