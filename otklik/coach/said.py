"""One sentence as the ways of selling read it (`sales.py`, `goods.py`): its words in a row, its deeds, its lists.

Data: `data/sales.toml`.
"""

import re
from collections.abc import Iterator
from functools import cache, cached_property

from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Word

NEAR = 8  # words after a deed among which its thing stands


_MARKS = frozenset({",", ".", ":", ";"})
OURS = frozenset({"можем", "могу", "готовы", "готов", "готова", "сможем", "смогу", "предлагаем", "предлагаю"})


YOURS = frozenset({"можете", "сможете", "можно", "советую", "советуем", "рекомендую", "рекомендуем"})


ABLE = frozenset({"может", "могут", "готов", "готова", "готовы", "сможет", "смогут"})


THEY = frozenset({"они", "он", "она"})


class Said:
    """A sentence as the ways below read it."""

    def __init__(self, reading: Reading, words: tuple[Word, ...]) -> None:
        self.reading = reading
        self.all = words
        self.words = [word for word in words if word.is_word]
        self.low = " ".join(word.low for word in self.words)

    @cached_property
    def is_wish(self) -> bool:
        return found("wishes", self.low)

    @cached_property
    def is_instead(self) -> bool:
        return found("instead", self.low)

    def after(self, word: Word) -> str:
        """The words that follow, as one string."""
        return " ".join(one.low for one in self.words if one.start > word.start)

    def near(self, word: Word) -> str:
        at = self.words.index(word)
        return " ".join(one.low for one in self.words[max(0, at - 4) : at + 1 + NEAR])


def futures(said: Said) -> Iterator[Word]:
    """«Помоем», «организуем»: what we say we shall do."""
    for at, word in enumerate(said.words):
        if word.judged and word.is_a("VERB", "futr", "1per", "plur") and not _denied(said, at):
            yield word


def infinitives(said: Said, heads: frozenset[str]) -> Iterator[Word]:
    """The infinitives after «можем», «готовы», however far; before it where none follows («нарядить её можем»)."""
    before: list[Word] = []
    begun, met = False, False
    for at, word in enumerate(said.words):
        if word.judged and word.low in heads:
            mark = said.reading.text[word.end : word.end + 1]
            is_cut = word.low.startswith("готов") and mark in _MARKS  # «анализы готовы, …»
            begun, met = not (is_cut or _denied(said, at)), False
        elif word.low in {"чтобы", "что", "если", "как"}:
            begun = False
        elif word.judged and word.is_a("INFN"):
            if begun:
                yield word
            met, before = True, [*before, word]
    if begun and not met:
        yield from before


def _denied(said: Said, at: int) -> bool:
    return at > 0 and said.words[at - 1].low in {"не", "ли", "чем"}


@cache
def listed(name: str) -> frozenset[str]:
    return frozenset(tables("sales")[name])


@cache
def beginnings(name: str) -> tuple[str, ...]:
    return tuple(tables("sales")[name])


@cache
def pattern(name: str) -> re.Pattern[str]:
    return re.compile(tables("sales")[name])


def ways(name: str) -> str:
    return f"(?:{'|'.join(tables('sales')[name])})"


@cache
def _any_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){ways(name)}")


def found(name: str, low: str) -> bool:
    return _any_of(name).search(low) is not None
