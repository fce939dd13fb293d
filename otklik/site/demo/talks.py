"""The conversations of the example, as they stand in data/demo/talks: hand-written, one after another in plain text.

`=== subject` begins a talk, a line of `name: value; name: value` follows, `--- kind gap; option: value` begins a turn,
its words are all lines to the next mark. data/demo/README.md tells every kind and option.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

KINDS = ("клиент", "ответ", "заметка", "передать", "поставщику", "поставщик", "черновик")
INSIDE = ("заметка", "передать", "черновик")  # nobody outside hears of them
TURN_OPTIONS = {
    "кто", "файлы", "цитата", "работа", "ждём", "вернулось", "не ушло", "неясно", "как", "с", "копия", "уровень",
    "кому",
}  # fmt: skip
TALK_OPTIONS = {
    "ящик", "метки", "важность", "итог", "кто", "сейчас", "раз", "конец", "когда", "цель", "автор",
}  # fmt: skip
_GAP = re.compile(r"(\d+)(м|ч|д)\Z")
_SECONDS = {"м": 60, "ч": 3600, "д": 86400}


class BadTalk(ValueError):
    """A talk that cannot be read: names the file, the talk and the line."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said or done. gap_s: since the turn before, None = whatever is usual."""

    kind: str  # one of KINDS
    text: str
    gap_s: int | None = None
    options: dict[str, str] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        return self.kind not in {"клиент", "поставщик"}


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation from its first letter to its end; key: the file and the place in it."""

    key: str
    subject: str
    turns: tuple[Turn, ...]
    options: dict[str, str]

    @property
    def most(self) -> int:
        """How many requests may be made of it: one when it was written for somebody, else a few."""
        return int(self.options.get("раз", "1" if "кто" in self.options else "2"))

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(tag.strip().lower() for tag in self.options.get("метки", "").split(",") if tag.strip())


@cache
def all_talks() -> tuple[Talk, ...]:
    """Every talk, in the order of files and places. Raises BadTalk."""
    folder = files("otklik.site").joinpath("data/demo/talks")
    texts = sorted(
        (one.name, one.read_text("utf-8")) for one in folder.iterdir() if one.name.endswith(".txt")
    )
    return tuple(talk for name, text in texts for talk in read(name.removesuffix(".txt"), text))


def read(name: str, text: str) -> list[Talk]:
    """The talks of one file. Raises BadTalk."""
    parts = re.split(r"(?m)^=== *", text)[1:]
    return [_talk(f"{name}-{number}", part) for number, part in enumerate(parts, 1)]


def _talk(key: str, part: str) -> Talk:
    head, *bodies = re.split(r"(?m)^--- (?=[а-я])", part)
    subject, _line, options = head.partition("\n")
    if not bodies:
        raise BadTalk(f"{key}: «{subject}» has no turns")
    known = _options(key, options, TALK_OPTIONS)
    return Talk(key, subject.strip(), tuple(_turn(key, body) for body in bodies), known)


def _turn(key: str, body: str) -> Turn:
    head, _line, text = body.partition("\n")
    words, _semicolon, options = head.partition(";")
    kind, *gap = words.split()
    if kind not in KINDS or not text.strip() or len(gap) > 1:
        raise BadTalk(f"{key}: turn «{head}»")
    return Turn(kind, text.strip(), _gap(key, gap), _options(key, options, TURN_OPTIONS))


def _gap(key: str, words: list[str]) -> int | None:
    if not words:
        return None
    found = _GAP.match(words[0])
    if not found:
        raise BadTalk(f"{key}: gap «{words[0]}»")
    return int(found[1]) * _SECONDS[found[2]]


def _options(key: str, text: str, known: set[str]) -> dict[str, str]:
    pairs = [one.partition(":") for one in re.split(r"[;\n]", text) if one.strip()]
    options = {name.strip(): value.strip() for name, _colon, value in pairs}
    if unknown := set(options) - known:
        raise BadTalk(f"{key}: options {sorted(unknown)}")
    return options
