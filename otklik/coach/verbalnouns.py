"""Nouns made of verbs and the verbs they are made of: «замена» → «заменить», «менять» (`data/verbal_nouns.toml`)."""

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

    def verb(self, aspect: str) -> "Parse | None":
        """The infinitive of an aspect, `perf` or `impf`; None where the verb isn't to be offered."""
        said = self.perfective if aspect == "perf" else self.imperfective
        if not said or "mute" in self.flags:
            return None
        return morphology.first(said, "INFN", aspect)


@cache
def deeds() -> dict[str, Deed]:
    """All of the list, by the noun's dictionary form with «е» for «ё»."""
    return {noun: _deed(noun, line) for noun, line in tables("verbal_nouns")["nouns"].items()}


def _deed(noun: str, line: str) -> Deed:
    verbs, _, flags = line.partition("/")
    perfective, imperfective = (verb.replace("-", "") for verb in verbs.split())
    return Deed(noun, perfective, imperfective, frozenset(flags.split()))


@cache
def is_made_of_verb(noun: str) -> bool:
    """Whether a noun (dictionary form) is in the list, or ends like a verbal noun and its verb is in the dictionary."""
    if noun in deeds():
        return True
    endings = (
        ("ание", "ать"),
        ("яние", "ять"),
        ("ение", "ить"),
        ("ение", "еть"),
        ("ировка", "ировать"),
        ("овка", "овать"),
    )
    return any(
        noun.endswith(ending) and len(noun) > len(ending) + 2 and _is_verb(noun[: -len(ending)] + verb)
        for ending, verb in endings
    )


def _is_verb(word: str) -> bool:
    return morphology.is_known(word) and morphology.is_a(word, "INFN")
