"""Lines of a body as the cutter sees them, from plain text: depth of quoting apart from the words."""

import re
from dataclasses import dataclass
from typing import Literal

Mark = Literal["", "attribution", "cut", "signature"]
_QUOTE = re.compile(r"[ \t]{0,3}((?:>[ \t]?)+)")
_INITIALS = re.compile(r"[ \t]{0,2}[A-ZА-ЯЁ]{1,3}(>+)[ \t]?")


@dataclass(slots=True)
class Line:
    """`shown` stands in the text as it is; `words` is it without quote marks. `mark`: what the DOM knew of it.

    weak: quoted by a tag that may as well be an indent.
    """

    shown: str
    words: str
    depth: int = 0
    mark: Mark = ""
    weak: bool = False


def from_plain(text: str) -> list[Line]:
    """Lines of a plain body. «ИП> так цитирует The Bat!» counts when two such lines stand together."""
    lines = [_line(raw) for raw in text.split("\n")]
    _read_initials(lines)
    return lines


def _line(raw: str) -> Line:
    if raw[:1] not in "> \t" or not raw.strip():
        return Line(raw, raw.strip())
    found = _QUOTE.match(raw)
    if not found:
        return Line(raw, raw.strip())
    return Line(raw, raw[found.end() :].strip(), found[1].count(">") or 1)


def _read_initials(lines: list[Line]) -> None:
    found = [
        _INITIALS.match(line.shown) if ">" in line.shown[:8] and not line.depth else None for line in lines
    ]
    marks: dict[str, int] = {}
    for match in found:
        if match:
            key = match[0].strip(" \t>")
            marks[key] = marks.get(key, 0) + 1
    for line, match in zip(lines, found, strict=True):
        if match and marks[match[0].strip(" \t>")] >= 2:
            line.depth = len(match[1])
            line.words = line.shown[match.end() :].strip()


def unflow(text: str, delete_space: bool) -> str:
    """RFC 3676: lines that end in a space go on in the next one of the same depth; «-- » stands alone."""
    out: list[str] = []
    open_depth = -1
    for raw in text.split("\n"):
        line = raw.rstrip("\r")
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:]
        words = words[1:] if words[:1] == " " else words
        flows = words.endswith(" ") and words != "-- "
        if open_depth == depth and words != "-- ":
            out[-1] += words[:-1] if flows and delete_space else words
        else:
            mark = ">" * depth + (" " if depth else "")
            out.append(mark + (words[:-1] if flows and delete_space else words))
        open_depth = depth if flows else -1
    return "\n".join(out)
