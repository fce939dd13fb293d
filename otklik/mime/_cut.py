"""The Russian-first cutter: which lines the writer added now and which are somebody else's. Folds, never deletes.

A boundary needs a header line and evidence beside it; when unsure the line stays shown. One pass over the lines
for each question, every look ahead bounded: time grows with the length of the body and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from otklik.mime import _forward, _signatures, _signs
from otklik.mime._lines import Line
from otklik.mime.letter import Forwarded

_ATTRIBUTION_LINES = 4
_LOOKED_AT = 20_000  # lines; what follows stands on the side of the last one looked at
_CLOSE = 3  # blank lines that may stand between an attribution and its quote


@dataclass(frozen=True, slots=True)
class Cut:
    """reply and quoted together hold every word of the lines."""

    reply: str
    quoted: str
    forwarded: Forwarded | None


class _Looked(list[Line]):
    """Lines, and how many more times an attribution is looked for among them: no real letter holds that many."""

    tries = 2_000


@dataclass(slots=True)
class _Group:
    """A run of quoted lines [start, end) with the attribution above it, if one stands there."""

    start: int
    end: int
    attributed: bool


def cut(lines: Sequence[Line], subject: str) -> Cut:
    """Divide the lines of one body. `subject` tells a forward from an answer where the text alone can't."""
    head = _Looked(lines[:_LOOKED_AT])
    edge = _boundary(head, subject)
    folded = bytearray(len(head))
    folded[edge.start : edge.stop] = b"\x01" * (edge.stop - edge.start)
    chunks = [*_fold_groups(head, _groups(head, edge.start), edge.start, folded), (edge.stop, len(head))]
    unsigned = bytearray(folded)
    for start, end in chunks:
        keep = _signatures.trim(head, start, end)
        unsigned[keep:end] = b"\x01" * (end - keep)
    for choice in (unsigned, folded):
        choice.extend(choice[-1:] * (len(lines) - len(head)))
        reply = _joined(lines, choice, 0)
        if any(char.isalnum() or char > "\u2000" for char in reply):
            return Cut(reply, _joined(lines, choice, 1), edge.forwarded)
    return Cut(_whole(lines), "", edge.forwarded)


def _whole(lines: Sequence[Line]) -> str:
    return "\n".join(line.shown for line in lines).strip("\n \r\t")


def _joined(lines: Sequence[Line], folded: bytearray, wanted: int) -> str:
    """The lines of one side; where the other side stood between, a blank line."""
    out: list[str] = []
    last = -1
    for number, line in enumerate(lines):
        if folded[number] == wanted:
            gap = last >= 0 and number > last + 1
            last = number
            if gap and out[-1].strip():
                out.append("")
            if not gap or line.words:
                out.append(line.shown.rstrip("\r"))
    return "\n".join(out).strip("\n \r\t")


class _Edge(NamedTuple):
    """[start, stop) is somebody else's, both at the end when nothing is; `forwarded`: what a forward said."""

    start: int
    stop: int
    forwarded: Forwarded | None = None


def _boundary(lines: _Looked, subject: str) -> _Edge:
    """The first place from which everything is somebody else's; answers under a quoted letter stay outside."""
    passed_on: Forwarded | None = None
    for number, line in enumerate(lines):
        words = line.words
        if line.depth and not line.weak:
            if passed_on is None and (number == 0 or not lines[number - 1].depth):
                passed_on = _forward.in_quote(lines, number, subject)
            continue
        if line.mark == "cut" or _signs.REPLY_LINE in words:
            return _Edge(_before(lines, number), len(lines), _forward.after_cut(lines, number, subject))
        if words and (words[-1] == ":" or words[0] in "-—–_=*<~>8ЭT" or ":" in words[:26]):
            edge = _edge_at(lines, number, subject)
            if edge is not None:
                return edge
    return _Edge(len(lines), len(lines), passed_on)


def _edge_at(lines: _Looked, number: int, subject: str) -> _Edge | None:
    """The boundary at this line: a separator, a header block or an attribution that needs no quote marks."""
    words = lines[number].words
    kind = _signs.separator(words)
    if kind in {"forward", "original"}:
        forwarded, after = _forward.after_separator(lines, number, subject, is_forward=kind == "forward")
        if kind == "original" or forwarded is not None:
            return _Edge(_before(lines, number), _quote_end(lines, after), forwarded)
    block = _forward.block_at(lines, number) if _signs.field(words) or _signs.is_rule(words) else None
    if block is not None:
        start = _rule_above(lines, number)
        forwarded = _forward.after_block(lines, start, block, subject)
        return _Edge(start, _quote_end(lines, block.end), forwarded)
    if _signs.ends_attribution(words):
        top = _attribution(lines, number, sure=True)
        if top is not None and not _quote_follows(lines, number):
            return _Edge(_before(lines, top), len(lines))
    return None


def _quote_end(lines: Sequence[Line], start: int) -> int:
    """Where a letter that begins at `start` ends: after its quoted lines when it is quoted, else never."""
    for place in range(start, min(start + _CLOSE + 1, len(lines))):
        if lines[place].depth:
            return _run_end(lines, place, len(lines))
        if lines[place].words:
            break
    return len(lines)


def _before(lines: _Looked, number: int) -> int:
    """A boundary moved up over the attribution or rule that belongs to it."""
    place = number
    while place > 0 and number - place < _CLOSE and not lines[place - 1].words:
        place -= 1
    if place and _signs.is_rule(lines[place - 1].words):
        return place - 1
    if place and _signs.ends_attribution(lines[place - 1].words):
        start = _attribution(lines, place - 1, sure=False)
        if start is not None:
            return start
    return number


def _rule_above(lines: Sequence[Line], number: int) -> int:
    place = number
    while place > 0 and number - place < _CLOSE and not lines[place - 1].words:
        place -= 1
    above = lines[place - 1].words if place else ""
    return place - 1 if _signs.is_rule(above) or _signs.is_dashed(above) else number


def _attribution(lines: _Looked, last: int, *, sure: bool) -> int | None:
    """The first line of an attribution that ends at `last`: the shortest run of lines that says enough."""
    lines.tries -= 1
    if lines.tries < 0:
        return None
    depth = lines[last].depth
    words = ""
    enough: int | None = None
    for place in range(last, max(last - _ATTRIBUTION_LINES, -1), -1):
        line = lines[place]
        if not line.words or line.depth != depth:
            break
        words = f"{line.words} {words}"
        evidence = _signs.Evidence(words)
        if enough is not None:  # «address> wrote:» was enough, yet its date stands in the lines above
            if evidence.date and evidence.start:
                return place
        elif evidence.sure or (evidence.complete and not sure):
            above = lines[place - 1] if place else None
            if above is not None and above.depth == depth and _signs.is_weekday_alone(above.words):
                return place - 1
            if evidence.start or evidence.date:
                return place
            enough = place
    return enough


def _quote_follows(lines: Sequence[Line], number: int) -> bool:
    """Whether the next line with words, at most three blanks away, is quoted deeper."""
    for line in lines[number + 1 : number + 2 + _CLOSE]:
        if line.words:
            return line.depth > lines[number].depth
        if line.depth > lines[number].depth:
            return True
    return False


def _groups(lines: _Looked, end: int) -> list[_Group]:
    """Runs of quoted lines before `end`; blanks inside a run belong to it, neighbours join."""
    groups: list[_Group] = []
    place = 0
    while place < end:
        if not lines[place].depth:
            place += 1
            continue
        start, stop = place, _run_end(lines, place, end)
        place = stop
        floor = groups[-1].end if groups else 0
        above = _attribution_above(lines, start, floor)
        known = above is not None or _attributed_inside(lines, start, stop)
        if not known and all(line.weak for line in lines[start:stop] if line.depth):
            continue  # an indent made with a blockquote
        begin = above if above is not None else start
        if groups and not _has_words(lines, groups[-1].end, begin):
            groups[-1].end = stop
            groups[-1].attributed = groups[-1].attributed or known
        else:
            groups.append(_Group(begin, stop, known))
    return groups


def _run_end(lines: Sequence[Line], start: int, end: int) -> int:
    stop = place = start
    while place < end and (lines[place].depth or not lines[place].words):
        place += 1
        if lines[place - 1].depth:
            stop = place
    return stop


def _attribution_above(lines: _Looked, start: int, floor: int) -> int | None:
    place = start
    while place > floor and start - place <= _CLOSE and not lines[place - 1].words:
        place -= 1
    if place <= floor:
        return None
    last = place - 1
    if lines[last].mark == "attribution":
        while last > floor and lines[last - 1].mark == "attribution":
            last -= 1
        return last
    if not _signs.ends_attribution(lines[last].words):
        return None
    found = _attribution(lines, last, sure=False)
    return found if found is not None and found >= floor else None


def _attributed_inside(lines: _Looked, start: int, stop: int) -> bool:
    """Mail.ru quotes its own attribution: «>Пятница, 3 января 2025, 12:34 +03:00 от Имя <a@b>:»."""
    seen = 0
    for place in range(start, stop):
        words = lines[place].words
        if words:
            seen += 1
            if _signs.REPLY_LINE in words or _signs.separator(words):
                return True
            if _signs.ends_attribution(words) and _attribution(lines, place, sure=False) is not None:
                return True
            if seen >= _ATTRIBUTION_LINES:
                break
    return False


def _has_words(lines: Sequence[Line], start: int, end: int) -> bool:
    return any(line.words for line in lines[start:end])


def _fold_groups(
    lines: Sequence[Line], groups: list[_Group], boundary: int, folded: bytearray
) -> list[tuple[int, int]]:
    """Fold what is surely a quote; the shown chunks that may end in a signature. Answers between quotes all stay."""
    kept: list[tuple[int, int]] = []
    last = groups[-1] if groups else None
    if len(groups) > 1 and last is not None and last.attributed and _is_trailing(lines, last, boundary):
        folded[last.start : last.end] = b"\x01" * (last.end - last.start)
        kept, boundary, groups = [(last.end, boundary)], last.start, groups[:-1]
    if not groups:
        return [(0, boundary)]
    if len(groups) > 1:
        return kept
    group = groups[0]
    trailing = _is_trailing(lines, group, boundary)
    if not group.attributed and not (trailing and _has_words(lines, 0, group.start)):
        return [(group.end, boundary), *kept]
    folded[group.start : group.end] = b"\x01" * (group.end - group.start)
    return [(0, group.start), (group.end, boundary), *kept]


def _is_trailing(lines: Sequence[Line], group: _Group, boundary: int) -> bool:
    """Whether nothing but a signature stands between the group and the boundary."""
    return not _has_words(lines, group.end, _signatures.trim(lines, group.end, boundary))
