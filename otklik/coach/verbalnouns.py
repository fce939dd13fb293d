"""Nouns made of verbs and the verbs they are made of: «замена» → «заменить», «менять» (`data/verbal_nouns.toml`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from otklik.coach.phrases import tables
from otklik.russian import morphology

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse


@dataclass(frozen=True, slots=True)
class Deed:
    """A verbal noun with its verbs, "" where one isn't used, and what is known of them (the flags of the list)."""

    noun: str
    perfective: str
    imperfective: str
    flags: frozenset[str]
    alone: tuple[str, ...] = ()  # other verbs, where no object stands: «заплатить», «платить»

    def verb(self, aspect: str, *, alone: bool = False) -> "Parse | None":
        """The infinitive of an aspect, `perf` or `impf`; None where the verb isn't to be offered."""
        pair = self.alone if alone and self.alone else (self.perfective, self.imperfective)
        said = pair[0] if aspect == "perf" else pair[1]
        if not said or "mute" in self.flags:
            return None
        return morphology.first(said, "INFN", aspect)


@cache
def deeds() -> dict[str, Deed]:
    """All of the list, by the noun's dictionary form with «е» for «ё»."""
    return {noun: _deed(noun, line) for noun, line in tables("verbal_nouns")["nouns"].items()}


def _deed(noun: str, line: str) -> Deed:
    verbs, _, flags = line.partition("/")
    perfective, imperfective, *alone = (verb.replace("-", "") for verb in verbs.split())
    return Deed(noun, perfective, imperfective, frozenset(flags.split()), tuple(alone))


# the end of a noun's stem before «-ение» and the ends its verb may have there: «замещение», «заместить»
_CHANGES = {"щ": ("ст", "т"), "жд": ("д",), "ж": ("з", "д"), "ш": ("с",), "ч": ("т",)} | {
    f"{letter}л": (letter,) for letter in "вбпмф"
}


@cache
def is_made_of_verb(noun: str) -> bool:
    """Whether a noun (dictionary form) is in the list, or ends like a verbal noun and its verb is in the dictionary."""
    return noun in deeds() or any(_is_verb(verb) for verb in _verbs(noun))


def _verbs(noun: str) -> Iterator[str]:
    """What the verb of a noun may be."""
    endings = (
        ("ание", "ать"),
        ("яние", "ять"),
        ("ение", "ить"),
        ("ение", "еть"),
        ("овка", "овать"),
        ("ация", "ировать"),
        ("ация", "овать"),
    )
    for ending, verb in endings:
        stem = noun.removesuffix(ending)
        if stem != noun and len(stem) > 2:
            yield stem + verb
    stem = noun.removesuffix("ение")
    for end, ways in _CHANGES.items():
        if stem != noun and stem.endswith(end):
            yield from (f"{stem.removesuffix(end)}{way}ить" for way in ways)


def _is_verb(word: str) -> bool:
    return morphology.is_known(word) and morphology.is_a(word, "INFN")
