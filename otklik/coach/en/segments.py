"""A sentence cut where one thought ends: at «;», «:», a dash, «, but», «, so», «, and we …». Quoted words stay out."""

from collections.abc import Iterator
from dataclasses import dataclass

from otklik.coach.en.grammar import at, listed, low
from otklik.coach.reading import Sentence, Word

_MARKS = frozenset({";", ":", "—", "–", "(", ")", ".", "!", "?", "…"})


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one thought, and those of the sentence that stand before it."""

    words: tuple[Word, ...]
    before: tuple[Word, ...]


def segments(sentence: Sentence) -> Iterator[Segment]:
    """The judged parts of a sentence in order."""
    words = sentence.words
    begun = 0
    for here in range(len(words)):
        if _cuts(words, here):
            if here > begun:
                yield Segment(words[begun:here], words[:begun])
            begun = here + 1
    if begun < len(words):
        yield Segment(words[begun:], words[:begun])


def _cuts(words: tuple[Word, ...], here: int) -> bool:
    word = words[here]
    said = word.plain
    if said in _MARKS:
        return not (said in {":", "."} and _inside_a_number(words, here))
    if said == "-":
        return here > 0 and words[here - 1].end < word.start
    if said == "," and at(words, here + 1) in listed("en_grammar", "thought_joints"):
        return at(words, here + 1) not in {"and", "or"} or at(words, here + 2) in listed(
            "en_grammar", "thought_begins"
        )
    return (
        said in {"but", "and"}
        and low(word) == said
        and at(words, here + 1) in listed("en_grammar", "thought_begins")
        and _has_a_verb(words, here)
    )


def _inside_a_number(words: tuple[Word, ...], here: int) -> bool:
    """«8 p.m.», «no. 5»: the mark ends nothing when letters touch it on both sides or small ones follow."""
    after = words[here + 1] if here + 1 < len(words) else None
    return after is not None and after.text[0].islower()


def _has_a_verb(words: tuple[Word, ...], here: int) -> bool:
    return at(words, here + 1) not in {"the", "a", "our", "your", "my", "this", "that", "no"}
