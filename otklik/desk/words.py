"""Plain words of a letter as HTML: paragraphs and links, nothing else. Fast: it runs for each message of a thread."""

import re
from collections.abc import Mapping, Sequence
from html import escape  # Django's looks first whether a text is lazy: none is here

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from otklik.desk.placing import SAID

LONGEST = 20_000  # characters shown; the rest is in «как в письме» and in the file
_LINK = re.compile(r"https?://[^\s<>«»\"']{3,2000}")
_TAIL = ".,;:!?)]}…"
_TAG = re.compile(r"(<[^>]*>)")
_MANY_LINES = re.compile(r"\n{3,}")


def html(text: str, pictures: Mapping[str, str] | None = None) -> SafeString:
    """Escaped, links made, blank lines as paragraphs. Text past 20,000 characters is left out with «…».

    pictures: addresses by Content-ID of those that stand in the words (placing.py); others stay as «[name]».
    """
    text = _MANY_LINES.sub("\n\n", text.replace("\r\n", "\n").strip())
    if len(text) > LONGEST:
        text = text[:LONGEST] + "…"
    known = pictures or {}
    paragraphs = (_paragraph(part, known) for part in text.split("\n\n") if part.strip())
    return mark_safe("".join(paragraphs))  # noqa: S308 - every piece is escaped below


def _paragraph(text: str, pictures: Mapping[str, str]) -> str:
    return f"<p>{_pictured(text.strip(), pictures).replace(chr(10), '<br>')}</p>"


def _pictured(text: str, pictures: Mapping[str, str]) -> str:
    if "cid:" not in text:
        return _linked(text)
    pieces: list[str] = []
    end = 0
    for found in SAID.finditer(text):
        pieces.append(_linked(text[end : found.start()]))
        name = found[1] or _("картинка")
        url = escape(pictures.get(found[2] or found[3], ""))
        shown = f'<img src="{url}" alt="{escape(name)}" loading="lazy">'
        link = f'<a href="{url}" target="_blank" rel="noopener">{shown}</a>'
        pieces.append(link if url else escape(f"[{name}]"))
        end = found.end()
    return "".join([*pieces, _linked(text[end:])])


def _linked(text: str) -> str:
    if "://" not in text:
        return escape(text)
    pieces: list[str] = []
    end = 0
    for match in _LINK.finditer(text):
        url = match.group().rstrip(_TAIL)
        pieces.append(escape(text[end : match.start()]))
        safe = escape(url)
        pieces.append(f'<a href="{safe}" target="_blank" rel="noopener noreferrer nofollow">{safe}</a>')
        end = match.start() + len(url)
    return "".join([*pieces, escape(text[end:])])


def mentions(shown: SafeString, names: Sequence[str]) -> SafeString:
    """«@Анна Орлова» in bold, in HTML made by html(). names: of colleagues, longer ones first."""
    if "@" not in shown or not names:
        return shown
    called = "|".join(re.escape(escape(name)) for name in names)
    call = re.compile(rf"(?<![\w/])@(?:{called})(?!\w)")
    pieces = [
        piece
        if piece.startswith("<")
        else call.sub(lambda found: f'<b class="mention">{found[0]}</b>', piece)
        for piece in _TAG.split(shown)
    ]
    return mark_safe("".join(pieces))  # noqa: S308 - bold alone is added to what is escaped already


def first_line(text: str, limit: int = 120) -> str:
    """For a folded message: its beginning on one line."""
    line = " ".join(text[: limit * 3].split())
    return line if len(line) <= limit else f"{line[:limit].rstrip()}…"


def lines(text: str) -> int:
    return len([line for line in text.splitlines() if line.strip()])
