"""Where plain words go in: the comma before a clause, the comma after it, the capital of the first word."""

from collections.abc import Sequence
from dataclasses import dataclass

from otklik.coach.reading import Word
from otklik.russian import morphology

_MARKS = frozenset({",", ":", ";", "(", "—", "–", "-", "«", "\u00a0—", " —"})
_JOINS = frozenset(
    {"и", "а", "но", "или", "либо", "только", "даже", "лишь", "именно", "особенно", "что", "если", "да"}
)
_OPENS_CLAUSE = frozenset({"NPRO", "VERB", "INFN", "PRED", "ADVB", "PRTS", "PRCL", "COMP"})


@dataclass(frozen=True, slots=True)
class Turned:
    """A place of the reply and what may stand there; no suggestions where nothing fits surely."""

    start: int
    end: int
    suggestions: tuple[str, ...] = ()


def opens(words: Sequence[Word], place: int) -> bool:
    """Whether no word of the sentence stands before `words[place]`."""
    return not any(words[n].is_word or words[n].token.kind == "number" for n in range(place))


def clause(words: Sequence[Word], begin: int, end: int, said: str) -> Turned:
    """`said` in place of `words[begin:end]`, as a clause that wants a comma before it («…, если …»)."""
    first = words[begin]
    said = morphology.like(said, first.text)
    if opens(words, begin) or words[begin - 1].text.strip() in _MARKS or words[begin - 1].low in _JOINS:
        return Turned(first.start, words[end - 1].end, (said,))
    return Turned(words[begin - 1].end, words[end - 1].end, (", " + said,))


def closed_clause(words: Sequence[Word], begin: int, end: int, said: str) -> Turned:
    """The same, when the clause ends before `words[end]`: with a comma there, or nothing where its end isn't sure."""
    if end < len(words) and not is_mark(words[end]):
        if not opens_clause(words[end]):
            return Turned(words[begin].start, words[end - 1].end)
        said += ","
    return clause(words, begin, end, said)


def is_mark(word: Word) -> bool:
    """A mark that ends or divides: no comma is wanted before it."""
    return not word.is_word and word.text.strip()[:1] in ",.;:!?)—–…\n"


def opens_clause(word: Word) -> bool:
    """Whether a word surely begins what follows a clause at the head of a sentence."""
    if not word.is_word:
        return False
    part = morphology.parses(word.text)[0].tag.POS
    if part in _OPENS_CLAUSE or word.low in {"пожалуйста", "просим"}:
        return True
    return part in {"NOUN", "ADJF"} and not word.is_a("gent")
