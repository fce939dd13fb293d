"""Files that old programs put into the text itself: «begin 644 name … end»."""

import re

from otklik.mime._structure import uu_line

_BEGIN = re.compile(r"begin [0-7]{3,4} (\S.{0,200})")
_MAX_BLOCKS = 50


def extract(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text without its uuencoded blocks, and the files (name, content). A block without «end» stays text."""
    kept: list[str] = []
    files: list[tuple[str, bytes]] = []
    lines = text.split("\n")
    place = 0
    barren = False  # no «end» below: looking for one again and again would take the square of the length
    while place < len(lines):
        found = _BEGIN.fullmatch(lines[place].rstrip()) if lines[place].startswith("begin ") else None
        block = _block(lines, place + 1) if found and not barren and len(files) < _MAX_BLOCKS else None
        barren = barren or bool(found and block is None)
        if found is None or block is None:
            kept.append(lines[place])
            place += 1
            continue
        content, place = block
        files.append((found[1].strip(), content))
    return "\n".join(kept), files


def _block(lines: list[str], start: int) -> tuple[bytes, int] | None:
    """Content and the line after «end», or None when a line is no uuencoded one."""
    out: list[bytes] = []
    for place in range(start, len(lines)):
        line = lines[place].rstrip("\r")
        if line.strip() == "end":
            return b"".join(out), place + 1
        if line.strip() in {"", "`"}:
            continue
        if not line.isascii() or not " " <= line[0] <= "`":
            return None
        out.append(uu_line(line.encode("ascii")))
    return None
