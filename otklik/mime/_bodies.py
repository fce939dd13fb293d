"""Which parts are the letter's words and which are its files."""

import html as entities
import re
from dataclasses import dataclass, field

from otklik.mime import _charsets, _headers, _html, _lines, _tnef, _uuencode
from otklik.mime._lines import Line
from otklik.mime._strings import Names, valid
from otklik.mime._structure import Part, Tree
from otklik.mime.letter import Attachment

_PLAIN_LIMIT = 4 * 1024 * 1024  # characters of plain text shown; the rest stays a file
_LINES_LIMIT = 200_000
_LOOKS_HTML = re.compile(r"\s{0,50}<(?:!doctype html|html|head|body|div|p|table)\b", re.IGNORECASE)
_SHOWN = {"text/plain", "text/html", "text/enriched", "text/richtext", "application/xhtml+xml"}


@dataclass(slots=True)
class Segment:
    """One stretch of words: plain, HTML or both ways of saying the same."""

    plain: str | None = None
    html: str | None = None
    flowed: bool = False
    delete_space: bool = False


@dataclass(slots=True)
class Bodies:
    """All that the parts gave. `calendar`: bytes of the first text/calendar."""

    segments: list[Segment] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    calendar: bytes = b""
    charset: str = ""
    repaired: bool = False
    number: int = 0


def collect(tree: Tree) -> Bodies:
    """Walk the tree in order. Whatever isn't shown as words is kept as a file."""
    bodies = Bodies()
    _visit(tree, tree.root, bodies, bodies.segments, in_alternative=False)
    for name, raw in tree.root.headers.cut:
        tree.warn(f"header cut at 8 KB: {name.title()}")
        add_file(bodies, f"header-{name}.txt", "text/plain", raw)
    return bodies


def _visit(tree: Tree, part: Part, bodies: Bodies, into: list[Segment], *, in_alternative: bool) -> None:
    bodies.number += 1
    if part.children:
        _container(tree, part, bodies, into)
        return
    if part.kind == "text/calendar":
        bodies.calendar = bodies.calendar or tree.octets(part)
    if part.kind == "text/x-amp-html" and in_alternative:
        return  # the third copy of the same words, made for one mail service
    if _is_body(part, bodies, into, root=part is tree.root):
        into.append(_segment(tree, part, bodies))
        return
    _file(tree, part, bodies)


def _container(tree: Tree, part: Part, bodies: Bodies, into: list[Segment]) -> None:
    if part.kind == "multipart/alternative":
        ways: list[Segment] = []
        for child in part.children:
            _visit(tree, child, bodies, ways, in_alternative=True)
        into.extend(_best_ways(ways))
    else:
        inner: list[Segment] = []
        for child in part.children:
            _visit(tree, child, bodies, inner, in_alternative=False)
        into.extend(_same_twice(inner))
    for start, end in part.stray:
        stray = tree.raw[start:end].strip()
        if len(stray) > 2 and not _is_ordinary_preamble(stray):
            tree.warn("words outside the parts kept as a file")
            add_file(bodies, "outside-parts.txt", "text/plain", stray)


def _is_ordinary_preamble(stray: bytes) -> bool:
    """«This is a multi-part message in MIME format.» and its like say nothing."""
    text = stray[:400].lower()
    return len(stray) < 400 and (b"mime" in text or b"multi-part" in text or b"multipart" in text)


def _best_ways(ways: list[Segment]) -> list[Segment]:
    """The ways of an alternative: all plain ones are the same words as all HTML ones."""
    plain = [way for way in ways if way.html is None]
    rich = [way for way in ways if way.html is not None]
    if not plain or not rich:
        return ways[-1:] if len(plain) > 1 else ways
    first = plain[0]
    first.html = "\n".join(way.html or "" for way in rich)
    return [first]


def _same_twice(segments: list[Segment]) -> list[Segment]:
    """Programs that put plain and HTML of one letter side by side without saying «alternative»."""
    if len(segments) != 2:
        return segments
    first, second = segments
    if first.plain is None or first.html is not None or second.html is None or second.plain is not None:
        return segments
    words = set(first.plain.split()[:400])
    rendered = set(_html.crude_text(second.html).split())
    if len(words) > 2 and len(words & rendered) * 10 >= len(words) * 8:
        first.html = second.html
        return [first]
    return segments


def _is_body(part: Part, bodies: Bodies, into: list[Segment], *, root: bool) -> bool:
    if part.kind not in _SHOWN and not (
        root and part.kind.startswith("text/") and part.kind != "text/calendar"
    ):
        return False
    disposition, parameters = part.disposition
    named = bool(parameters.get("filename") or part.parameters.get("name"))
    if root:
        return not (named and disposition == "attachment")
    if disposition == "attachment":
        return False
    return not named or (not into and not bodies.segments and disposition != "inline" and bodies.number <= 3)


def _segment(tree: Tree, part: Part, bodies: Bodies) -> Segment:
    octets = tree.octets(part)
    declared = part.parameters.get("charset", "")
    if part.kind in {"text/html", "application/xhtml+xml"} and not declared:
        declared = _meta_charset(octets)
    decoded = _charsets.decode(octets, declared, bodies.charset)
    bodies.repaired = bodies.repaired or decoded.repaired
    bodies.charset = bodies.charset or decoded.charset
    if decoded.lossy:
        tree.warn(f"bytes that are not {decoded.charset} shown as �")
    text = valid(decoded.text.replace("\r\n", "\n").replace("\r", "\n")).removeprefix("\ufeff")
    if part.kind in {"text/enriched", "text/richtext"}:
        return Segment(plain=_html.crude_text(text).strip())
    if part.kind != "text/plain" and part.kind in _SHOWN:
        return Segment(html=text)
    text = _without_uuencode(text, octets, bodies)
    if _LOOKS_HTML.match(text) and "</" in text:
        return Segment(html=text)
    flowed = part.parameters.get("format", "").lower() == "flowed"
    return Segment(text, None, flowed, part.parameters.get("delsp", "").lower() == "yes")


def _meta_charset(octets: bytes) -> str:
    found = re.search(
        rb"<meta[^<>]{0,200}charset\s{0,3}=\s{0,3}[\"']?([A-Za-z0-9_-]{2,40})", octets[:4096], re.IGNORECASE
    )
    return found[1].decode("ascii") if found else ""


def _without_uuencode(text: str, octets: bytes, bodies: Bodies) -> str:
    if b"\nend" not in octets or b"begin " not in octets:
        return text
    rest, found = _uuencode.extract(text)
    for name, content in found:
        add_file(bodies, name, "application/octet-stream", content)
    return rest


def _file(tree: Tree, part: Part, bodies: Bodies) -> None:
    disposition, parameters = part.disposition
    content = tree.octets(part)
    wanted = parameters.get("filename") or part.parameters.get("name") or ""
    kind = part.kind
    if kind in {"application/ms-tnef", "application/vnd.ms-tnef"} or wanted.lower() == "winmail.dat":
        unpacked = _tnef.unpack(content)
        if unpacked is not None:
            _add_unpacked(bodies, unpacked)
            return
        tree.warn("winmail.dat could not be unpacked: kept as it is")
    if kind in {"message/rfc822", "message/global", "message/news"} and not wanted:
        wanted = _nested_name(content)
    content_id = part.headers.plain("content-id").strip("<> ")
    inline = disposition == "inline" or (bool(content_id) and disposition != "attachment")
    add_file(bodies, wanted, kind, content, content_id=content_id, inline=inline)


def _add_unpacked(bodies: Bodies, unpacked: _tnef.Unpacked) -> None:
    for name, data in unpacked.files:
        add_file(bodies, name, _tnef.kind_of(name), data)
    if not bodies.segments and (unpacked.plain or unpacked.html):
        bodies.segments.append(Segment(plain=unpacked.plain or None, html=unpacked.html or None))


def _nested_name(content: bytes) -> str:
    headers, _ = _headers.parse(content[:65536].lstrip(b"\r\n").split(b"\n\n")[0].split(b"\r\n\r\n")[0])
    subject = headers.text("subject").strip()[:100]
    return f"{subject.replace('/', '-')}.eml" if subject else ""


def add_file(
    bodies: Bodies, name: str, kind: str, content: bytes, *, content_id: str = "", inline: bool = False
) -> None:
    """Keep a file under a safe name that no other has."""
    given = bodies.names.give(name, kind, bodies.number)
    bodies.files.append(
        Attachment(given, len(content), valid(kind)[:120], valid(content_id)[:250], inline, content)
    )


def as_lines(tree: Tree, bodies: Bodies) -> list[Line]:
    """The whole body as lines: HTML where there is no plain text or the plain text is a stub of it."""
    out: list[Line] = []
    for segment in bodies.segments:
        if out and out[-1].words:
            out.append(Line("", ""))
        if segment.plain is not None and not _is_stub(segment):
            text = _shown_plain(tree, bodies, segment.plain)
            out.extend(
                _lines.from_plain(_lines.unflow(text, segment.delete_space) if segment.flowed else text)
            )
        elif segment.html is not None:
            out.extend(_html_lines(tree, bodies, segment))
    return out


def _shown_plain(tree: Tree, bodies: Bodies, text: str) -> str:
    """The text up to 4 MB and 200,000 lines; a longer one is kept whole as a file besides."""
    shown = _clipped(text)
    if len(shown) < len(text.rstrip()):
        tree.warn("text cut at 4 MB or 200000 lines: the whole is kept as a file")
        add_file(bodies, "body.txt", "text/plain", text.encode("utf_8"))
    return shown


def _clipped(text: str) -> str:
    shown = text[:_PLAIN_LIMIT]
    if shown.count("\n") > _LINES_LIMIT:
        shown = "\n".join(shown.split("\n", _LINES_LIMIT)[:_LINES_LIMIT])
    return shown


def _is_stub(segment: Segment) -> bool:
    """A plain part under a third of the HTML («Ваша программа не показывает HTML»)."""
    if segment.html is None or segment.plain is None:
        return False
    own = sum(map(len, segment.plain.split()))
    return own * 3 < _html.words_roughly(segment.html)


def _html_lines(tree: Tree, bodies: Bodies, segment: Segment) -> list[Line]:
    source = segment.html or ""
    fault = _html.too_big(source)
    if not fault:
        return _html.lines(source)
    tree.warn(f"{fault}: kept as a file")
    add_file(bodies, "body.html", "text/html", source.encode("utf_8"))
    segment.html = None
    return _lines.from_plain(_clipped(_html.crude_text(source)))


def html_of(tree: Tree, bodies: Bodies) -> str | None:
    """The HTML as it came; with plain stretches beside it, those are added escaped so that no word is lost."""
    for segment in bodies.segments:
        if segment.html is not None and segment.plain is not None and _html.too_big(segment.html):
            _html_lines(tree, bodies, segment)
    if not any(segment.html is not None for segment in bodies.segments):
        return None
    pieces = [
        segment.html
        if segment.html is not None
        else f'<div style="white-space:pre-wrap">{entities.escape(segment.plain or "")}</div>'
        for segment in bodies.segments
        if segment.html is not None or (segment.plain or "").strip()
    ]
    return "\n".join(pieces)
