"""Plain words of ours as simple HTML: paragraphs, links, pictures of the letter. Pure; escapes everything."""

import re
from html import escape

from otklik.mime import REPLY_ATTRIBUTE

_LINK = re.compile(r"https?://[^\s<>\"«»]+[^\s<>\"«».,:;!?)\]]")
_PICTURE = re.compile(r"(?:!\[[^\]]{0,200}\]\(cid:([^)\s]{1,100})\)|\[cid:([^\]\s]{1,100})\])")
_BLANK = re.compile(r"\n[ \t]*\n+")
_STYLE = "font-family:system-ui,'Segoe UI',Roboto,sans-serif;font-size:16px;line-height:1.5;color:#1c1f23"
_QUIET = "font-size:14px;color:#5b636e"


def page(words: str, signature: str, place: str, marker: str, quote: str) -> str:
    """The whole letter: words, signature, the line about the request's page, below the marker what is answered.

    The attribute on the outer block tells our own reader where a client's answer ends (mime.REPLY_ATTRIBUTE).
    """
    parts = [paragraphs(words)]
    if signature:
        parts.append(f'<p style="{_QUIET}">{_lines(signature)}</p>')
    if place:
        parts.append(f'<p style="{_QUIET}">{_lines(place)}</p>')
    if quote:
        parts.append(f'<p style="{_QUIET}">{escape(marker)}</p>')
        parts.append(
            f'<div class="gmail_quote"><blockquote type="cite">{paragraphs(quote)}</blockquote></div>'
        )
    whole = f'<div {REPLY_ATTRIBUTE}="1" style="{_STYLE}">{"".join(parts)}</div>'
    return f'<!doctype html><html lang="ru"><body>{whole}</body></html>'


def paragraphs(words: str) -> str:
    return "".join(f"<p>{_lines(part)}</p>" for part in _BLANK.split(words.strip()) if part.strip())


def pictures(words: str) -> set[str]:
    """Content-IDs of the pictures that stand in the text."""
    return {first or second for first, second in _PICTURE.findall(words)}


def without_pictures(words: str) -> str:
    """The text as a reader without HTML gets it."""
    return _PICTURE.sub("[картинка]", words)


def _lines(words: str) -> str:
    return "<br>\n".join(_line(line) for line in words.split("\n"))


def _line(line: str) -> str:
    """One line: what is a link or a picture becomes one, all else is escaped."""
    out: list[str] = []
    end = 0
    for found in sorted([*_LINK.finditer(line), *_PICTURE.finditer(line)], key=lambda one: one.start()):
        if found.start() < end:
            continue
        out.append(escape(line[end : found.start()]))
        whole = escape(found[0])
        cid = "" if found.re is _LINK else escape(found[1] or found[2])
        out.append(
            f'<img src="cid:{cid}" alt="" style="max-width:100%">'
            if cid
            else f'<a href="{whole}">{whole}</a>'
        )
        end = found.end()
    out.append(escape(line[end:]))
    return "".join(out)
