"""HTML of a body → lines with what its tags know about quotes (gmail_quote, cite, Outlook's header block…)."""

import html as entities
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from otklik.mime._lines import Line, Mark

SIZE_LIMIT = 2 * 1024 * 1024
LEVEL_LIMIT = 1_000
REPLY_ATTRIBUTE = "data-otklik-reply"

_SILENT = {"head", "style", "script", "title", "template", "noscript", "object", "iframe", "svg", "-comment"}
_BLOCKS = {
    "p", "div", "table", "tr", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
    "pre", "center", "address", "article", "section", "header", "footer", "hr", "form", "fieldset", "body", "main",
    "caption", "thead", "tbody", "tfoot", "figure", "aside", "nav", "details", "summary", "o:p",
}  # fmt: skip
_SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "table"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)[^<>]*>")
_LINES_LIMIT = 200_000  # what follows goes on in the last line
_TAG_LIMIT = 200_000
_LONG = 20_000
_CROWDED_FROM = 50_000
_ATTRIBUTE_LIMIT = 5_000
_LONG_TAG = re.compile(r"""<[a-zA-Z](?:[^>"'=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|["'=])*+""")
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_ANY_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_FLAT = {"br", "img", "hr", "input", "meta", "link", "col", "area", "base", "embed", "source", "track", "wbr",
         "p", "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot", "param"}  # fmt: skip
_OUTLOOK_LINE = re.compile(
    r"border:\s*none;\s*border-top:\s*solid\s+#(?:e1e1e1|b5c4df|b5c4de)", re.IGNORECASE
)


def too_big(source: str) -> str:
    """Why a source must not reach the parser, whose time grows with the square of nesting; empty when it may."""
    if len(source) > SIZE_LIMIT:
        return "html cut at 2 MB"
    if len(source) > _CROWDED_FROM and _is_crowded(source):
        return "html tag with over 5000 attributes"
    tags = source.count("<")
    if tags > _TAG_LIMIT:
        return "html with over 200000 tags"
    if tags <= LEVEL_LIMIT:
        return ""
    depth = 0
    for found in _TAG.finditer(source):
        if found[2].lower() not in _FLAT:
            depth = max(depth + (-1 if found[1] else 1), 0)
            if depth > LEVEL_LIMIT:
                return "html nested deeper than 1000 levels"
    return ""


def _is_crowded(source: str) -> bool:
    """A tag whose attributes the parser would compare with each other one by one."""
    for found in _LONG_TAG.finditer(source):
        if found.end() - found.start() > _LONG:
            bare = _VALUE.sub(" ", found[0])
            if len(re.findall(r"[\s/]+", bare)) > _ATTRIBUTE_LIMIT:
                return True
    return False


def crude_text(source: str) -> str:
    """Words of HTML without a parser, in linear time: tags out, entities read."""
    source = source[:SIZE_LIMIT]
    for name in ("script", "style"):
        source = _without(source, name)
    source = re.sub(r"<(?:br|/p|/div|/tr|/li|/h[1-6])\b[^<>]*>", "\n", source, flags=re.IGNORECASE)
    return entities.unescape(_ANY_TAG.sub(" ", source)).replace("\xa0", " ")


def _without(source: str, name: str) -> str:
    lower = source.lower()
    if len(lower) != len(source) or f"<{name}" not in lower:
        return source
    out, place = [], 0
    while True:
        start = lower.find(f"<{name}", place)
        end = lower.find(f"</{name}", start) if start >= 0 else -1
        if end < 0:
            out.append(source[place:])
            return "".join(out)
        out.append(source[place:start])
        place = end


def words_roughly(source: str) -> int:
    """About how many visible characters an HTML body has; fast, for comparing it with a plain part."""
    begin = source.lower().find("<body")
    body = source[max(begin, 0) : SIZE_LIMIT]
    if "<style" in body or "<STYLE" in body:
        body = _without(body, "style")
    return sum(map(len, _ANY_TAG.sub(" ", body).replace("&nbsp;", " ").split()))


def lines(source: str) -> list[Line]:
    """The visible lines of HTML that `too_big` let through."""
    tree = LexborHTMLParser(source)
    writer = _Writer()
    root = tree.body or tree.root
    if root is not None:
        _walk(root, writer)
    writer.flush(last=True)
    return writer.lines


@dataclass(slots=True)
class _Frame:
    """What to undo when an element ends."""

    node: LexborNode
    block: bool
    spaced: bool
    depth: int
    weak: bool
    mark: Mark
    pre: bool


class _Writer:
    """Collects words into lines as the walk goes."""

    def __init__(self) -> None:
        """Begin with no line."""
        self.lines: list[Line] = []
        self.depth = 0
        self.weak = False  # in a blockquote that may be a mere indent
        self.mark: Mark = ""
        self.pre = False
        self._words: list[str] = []
        self._blank_wanted = False

    def add(self, text: str) -> None:
        """Words of a text node."""
        if self.pre:
            for number, piece in enumerate(text.replace("\r", "").split("\n")):
                if number:
                    self.flush(hard=True)
                self._words.append(piece)
            return
        self._words.append(_SPACE.sub(" ", text))

    def flush(self, *, hard: bool = False, last: bool = False) -> None:
        """End the line; `hard` (br) makes an empty line when no words stand in it."""
        if len(self.lines) >= _LINES_LIMIT and not last:
            self._words.append(" ")
            return
        words = "".join(self._words)
        self._words.clear()
        hard = hard or "\xa0" in words  # <p>&nbsp;</p> is how Outlook writes an empty line
        words = words.replace("\xa0", " ")
        stripped = words.rstrip() if self.pre else words.strip()
        if not stripped and (not hard or self._is_gap()):
            return
        if self._blank_wanted and stripped and self.lines and self.lines[-1].words:
            depth = min(self.depth, self.lines[-1].depth)
            self.lines.append(Line("> " * depth if depth else "", "", depth))
        self._blank_wanted = False
        prefix = "> " * self.depth
        self.lines.append(
            Line((prefix + stripped).rstrip(), stripped.strip(), self.depth, self.mark, self.weak)
        )

    def _is_gap(self) -> bool:
        """Whether three empty lines already stand at the end: more of them say no more."""
        return len(self.lines) > 2 and not any(line.words for line in self.lines[-3:])

    def space(self) -> None:
        """A paragraph's edge: an empty line before the next words."""
        self._blank_wanted = True


def _walk(root: LexborNode, out: _Writer) -> None:
    """All nodes in order without recursion; an element's end is seen when the walk climbs."""
    stack: list[_Frame] = []
    node: LexborNode | None = root
    while node is not None:
        tag = node.tag
        inner: LexborNode | None = None
        if tag == "-text":
            out.add(node.text_content or "")
        elif tag == "br":
            out.flush(hard=True)
        elif tag == "img":
            _picture(node, out)
        elif tag not in _SILENT and tag is not None:
            inner = _enter(node, tag, out, stack)
        node = inner if inner is not None else _onward(node, out, stack)


def _enter(node: LexborNode, tag: str, out: _Writer, stack: list[_Frame]) -> LexborNode | None:
    block = tag in _BLOCKS
    first = node.child
    attributes = node.attributes if (block or tag in {"span", "font", "td"}) else {}
    if attributes and _hidden(attributes) and not _is_reply_edge(attributes):
        return None
    if block:
        out.flush()
    if tag in {"td", "th"}:
        out.add(" ")
    spaced = tag in _SPACED and "MsoNormal" not in (attributes.get("class") or "")
    if spaced:
        out.space()
    if tag == "li":
        out.add("- ")
    mark = _mark(tag, attributes) if attributes else ""
    if mark == "cut":
        out.flush()
        out.lines.append(Line("", "", out.depth, "cut"))
        mark = ""
    if first is None:
        return None
    stack.append(_Frame(node, block, spaced, out.depth, out.weak, out.mark, out.pre))
    out.mark = mark or out.mark
    out.pre = out.pre or tag == "pre"
    if tag == "blockquote":
        out.weak = (out.weak or not out.depth) and _is_weak(attributes)
        out.depth += 1
    return first


def _onward(node: LexborNode, out: _Writer, stack: list[_Frame]) -> LexborNode | None:
    """The next sibling, or that of the nearest ancestor; closes what is climbed out of."""
    while stack:
        following = node.next
        if following is not None:
            return following
        frame = stack.pop()
        _leave(frame, out)
        node = frame.node
    return None


def _leave(frame: _Frame, out: _Writer) -> None:
    if frame.block:
        out.flush()
    if frame.spaced:
        out.space()
    out.depth, out.weak, out.mark, out.pre = frame.depth, frame.weak, frame.mark, frame.pre


def _picture(node: LexborNode, out: _Writer) -> None:
    """An emoji sent as a picture is a word; other pictures are not."""
    alt = node.attributes.get("alt") or ""
    if 0 < len(alt) <= 8 and not alt.isascii() and not any(char.isalpha() for char in alt):
        out.add(alt)


def _is_weak(attributes: dict[str, str | None]) -> bool:
    """Whether a blockquote may be an indent: nothing on it says «cite»."""
    if (attributes.get("type") or "").lower() == "cite" or attributes.get("cite") or attributes.get("class"):
        return False
    style = (attributes.get("style") or "").lower()
    return "border-left" not in style and "border-color" not in style


def _is_reply_edge(attributes: dict[str, str | None]) -> bool:
    return REPLY_ATTRIBUTE in attributes or f"x_{REPLY_ATTRIBUTE}" in attributes


def _hidden(attributes: dict[str, str | None]) -> bool:
    style = attributes.get("style")
    return bool(style) and "display:none" in (style or "").replace(" ", "").lower()


def _mark(tag: str, attributes: dict[str, str | None]) -> Mark:
    """What a class, id or style says; OWA puts x_ before the names of others."""
    if _is_reply_edge(attributes):
        return "cut"
    names = f" {attributes.get('class') or ''} {attributes.get('id') or ''} ".replace(" x_", " ")
    if " gmail_attr " in names or " moz-cite-prefix " in names:
        return "attribution"
    if " divRplyFwdMsg " in names or " OLK_SRC_BODY_SECTION " in names or " yahoo_quoted " in names:
        return "cut"
    if " gmail_signature " in names or " moz-signature " in names:
        return "signature"
    style = attributes.get("style") or ""
    if tag == "div" and "border-top" in style and _OUTLOOK_LINE.search(style):
        return "cut"
    return ""
