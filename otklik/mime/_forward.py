"""Header blocks of other letters inside a body («От: … Дата: … Тема: …») and the forwards they begin."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from otklik.mime import _addresses, _signs
from otklik.mime._lines import Line
from otklik.mime.letter import Forwarded

_BLOCK_LINES = 14
_LOOK_AHEAD = 6
_FORWARD_SUBJECT = (
    "fwd:",
    "fw:",
    "пересл",
    "пер:",
    "wg:",
    "tr:",
    "rv:",
    "i:",
    "enc:",
    "вс:",
    "переадр",
    "[fwd",
)
_REPLY_SUBJECT = ("re:", "re[", "ответ:", "отв:", "на:", "aw:", "sv:", "rép", "re :")


@dataclass(slots=True)
class Block:
    """A header block [start, end) and its values by kind («from», «subject»…)."""

    start: int
    end: int
    values: dict[str, str] = field(default_factory=dict)


def block_at(lines: Sequence[Line], start: int) -> Block | None:
    """Three kinds of fields with a sender and an address or a time among them, or None."""
    if _signs.is_rule(lines[start].words):
        start = _next_words(lines, start + 1)
        if start < 0 or not _signs.field(lines[start].words):
            return None
    block = _read_block(lines, start)
    if len(block.values) < 3 or "from" not in block.values:
        return None
    evidence = _signs.Evidence(" ".join((block.values["from"], block.values.get("to", ""))))
    if not evidence.address and not _signs.Evidence(block.values.get("date", "")).time:
        return None
    return block


def _next_words(lines: Sequence[Line], start: int) -> int:
    """The next line with words, a few lines ahead at most; -1 when there is none."""
    for place in range(start, min(start + _LOOK_AHEAD, len(lines))):
        if lines[place].words:
            return place
    return -1


def _read_block(lines: Sequence[Line], start: int) -> Block:
    """Fields from `start` on: a folded value goes on in the next line, one blank line may stand between fields."""
    block = Block(start, start)
    last = ""
    for place in range(start, min(start + _BLOCK_LINES, len(lines))):
        words = lines[place].words
        kind = _signs.field(words)
        if kind:
            block.values.setdefault(kind, _signs.field_value(words))
            block.end, last = place + 1, kind
        elif not words:
            last = ""
            coming = _next_words(lines, place + 1)
            kind = _signs.field(lines[coming].words) if coming >= 0 else ""
            if not kind or kind in block.values:
                break
        elif last and (not block.values[last] or last in {"to", "other", "subject", "from"}):
            block.values[last] = f"{block.values[last]} {words}".strip()
            block.end = place + 1
        else:
            break
    return block


def is_forward_subject(subject: str) -> bool:
    """«Fwd:», «FW:», «Пересл.:» at the front."""
    return subject.strip().lower().startswith(_FORWARD_SUBJECT)


def _is_reply_subject(subject: str) -> bool:
    return subject.strip().lower().startswith(_REPLY_SUBJECT)


def after_separator(
    lines: Sequence[Line], number: int, subject: str, *, is_forward: bool
) -> tuple[Forwarded | None, int]:
    """The forward that a separator begins and the line after its header.

    «Исходное сообщение» begins one only under a subject that says so.
    """
    start = _next_words(lines, number + 1)
    if start < 0:
        return None, number + 1
    block = _read_block(lines, start)
    if not is_forward and not is_forward_subject(subject):
        return None, max(block.end, number + 1)
    if "from" in block.values and (len(block.values) > 1 or is_forward):
        return _from_block(lines, block), block.end
    return _from_attribution(lines, start, block), max(block.end, number + 1)


def in_quote(lines: Sequence[Line], number: int, subject: str) -> Forwarded | None:
    """A forward whose separator or header block is quoted itself (old Apple Mail)."""
    words = lines[number].words or (lines[number + 1].words if number + 1 < len(lines) else "")
    if _signs.separator(words) == "forward":
        return after_separator(lines, number, subject, is_forward=True)[0]
    if is_forward_subject(subject) and _signs.field(words):
        block = block_at(lines, number)
        return _from_block(lines, block) if block is not None else None
    return None


def _from_attribution(lines: Sequence[Line], start: int, block: Block) -> Forwarded | None:
    """Yandex: «03.01.2025, 12:34, "Имя" <a@b>:» in place of the fields, perhaps after Кому and Тема."""
    place = _next_words(lines, block.end) if block.values else start
    if place < 0:
        return None
    for end in range(place, min(place + 3, len(lines))):
        words = " ".join(line.words for line in lines[place : end + 1])
        if _signs.ends_attribution(words) and _signs.Evidence(words).sure:
            found = _addresses.author(words[words.find(",") + 1 :].rstrip(": "))
            name = _addresses.unquoted(found.name.split(",")[-1])
            return _made(lines, end + 1, found.email, name, block.values.get("subject", ""))
    return None


def after_block(lines: Sequence[Line], start: int, block: Block, subject: str) -> Forwarded | None:
    """Outlook's block is a forward under «FW:», or when nothing stands above it and the subject is no answer."""
    alone = not any(line.words for line in lines[:start])
    if is_forward_subject(subject) or (alone and not _is_reply_subject(subject)):
        return _from_block(lines, block)
    return None


def after_cut(lines: Sequence[Line], number: int, subject: str) -> Forwarded | None:
    """The forward after a boundary that the DOM marked (Outlook on the web uses it for both)."""
    if not is_forward_subject(subject):
        return None
    start = _next_words(lines, number + 1)
    if start < 0:
        return None
    block = block_at(lines, start)
    return _from_block(lines, block) if block else None


def _from_block(lines: Sequence[Line], block: Block) -> Forwarded:
    value = block.values.get("from", "")
    found = _addresses.author(value.replace("[", "<").replace("]", ">"))
    has_address = "@" in found.email
    name = found.name if has_address else _addresses.unquoted(value)
    return _made(lines, block.end, found.email if has_address else "", name, block.values.get("subject", ""))


def _made(lines: Sequence[Line], start: int, email: str, name: str, subject: str) -> Forwarded:
    rest: list[Line] = []
    first = _next_words(lines, start)
    quoted = first >= 0 and lines[first].depth > 0
    for line in lines[start:]:
        if quoted and line.words and not line.depth:
            break  # under a quoted letter our own person writes again
        if not line.depth and line.words[:1] in "-—=" and _signs.separator(line.words) == "end":
            break
        rest.append(line)
    depths = [line.depth for line in rest if line.words]
    level = min(depths, default=0)
    text = "\n".join(_raised(line, level) for line in rest)
    return Forwarded(email, name.strip(), subject, text.strip("\n \r\t"))


def _raised(line: Line, level: int) -> str:
    """The line with `level` of its quote marks taken off."""
    if not level or not line.depth:
        return line.shown.rstrip("\r")
    deeper = line.depth - level
    return ("> " * deeper + line.words) if deeper > 0 else line.words
