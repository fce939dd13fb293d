"""Clauses of a sentence: where one ends, which noun is the subject of a predicate, who is named as the doer.

No parser: a clause is what stands between two marks, a subject is a nominative that agrees with the predicate.
All looks are bounded by `REACH` words, so a text without a full stop stays linear.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from otklik.coach.phrases import tables
from otklik.coach.reading import Sentence, Word
from otklik.russian import morphology

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

REACH = 24
_KEPT = 20_000
_OFTEN = 0.2  # a reading rarer than this is not believed
_ENDS = frozenset(",;:()—–…!?.")
_JOINING = frozenset({"и", "или", "либо", "но", "а", "да", "что", "если", "когда", "чтобы", "как", "пока"})
_PERSONS = frozenset({"я", "ты", "мы", "вы"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a subject must agree with: number `sing`/`plur`, gender `masc`/`femn`/`neut` or None (present tense)."""

    number: str
    gender: str | None = None

    def agrees(self, parse: "Parse") -> bool:
        noun = agreement(parse)
        if noun.number != self.number:
            return False
        if self.number == "plur" or self.gender is None or noun.gender is None:
            return True
        return noun.gender == self.gender or "ms-f" in parse.tag


def agreement(parse: "Parse") -> Wanted:
    """Number and gender of a form; singular where the form has no number."""
    tag = parse.tag
    return Wanted(str(tag.number) if tag.number else "sing", str(tag.gender) if tag.gender else None)


@dataclass(frozen=True, slots=True)
class Subject:
    """The noun or pronoun at `at` of the clause's words."""

    at: int
    word: Word
    parse: "Parse"

    @property
    def lemma(self) -> str:
        return str(self.parse.normal_form).replace("ё", "е")

    @property
    def is_speaker_or_client(self) -> bool:
        return self.lemma in _PERSONS

    @property
    def is_alive(self) -> bool:
        if self.lemma in tables("passive")["things_before_people"].split():
            return False
        return self.is_speaker_or_client or "anim" in self.parse.tag


@dataclass(frozen=True, slots=True)
class Clause:
    """Words from one mark to the next. `before` and `after`: the neighbours' words in the same sentence."""

    words: tuple[Word, ...]
    before: tuple[Word, ...]
    after: tuple[Word, ...]
    opening: tuple[Word, ...]  # the first words of the sentence

    def around(self, at: int) -> range:
        return range(max(0, at - REACH), min(len(self.words), at + REACH))


def clauses(sentence: Sentence) -> list[Clause]:
    """The sentence cut at its marks; words of each clause in order, marks left out."""
    parts: list[list[Word]] = [[]]
    for word in sentence.words:
        if word.text.strip() in _ENDS:
            parts.append([])
        else:
            parts[-1].append(word)
    kept = [tuple(part) for part in parts if part]
    edged = [(), *kept, ()]
    opening = kept[0][:6] if kept else ()
    return [Clause(here, edged[at], edged[at + 2], opening) for at, here in enumerate(kept)]


def find_subject(
    words: Sequence[Word], first: int, last: int, wanted: Wanted, *, past_joints: bool = False
) -> Subject | None:
    """The nominative that agrees with the predicate `words[first:last + 1]`: before it, else after it.

    It is not looked for beyond «и» or another verb, unless `past_joints`.
    """
    begin = max(0, first - REACH)
    left = list(range(begin, first))
    for at in reversed(left):
        if not past_joints and (words[at].low in _JOINING or is_finite(words[at].text)):
            left = [other for other in left if other > at]
            break
    after = range(last + 1, min(len(words), last + REACH))
    return _first(words, left, wanted) or _first(words, _until_a_verb(words, after), wanted)


def _until_a_verb(words: Sequence[Word], places: range) -> Iterator[int]:
    for at in places:
        if is_finite(words[at].text) or words[at].low in _JOINING:
            return
        yield at


def _first(words: Sequence[Word], places: "Sequence[int] | Iterator[int]", wanted: Wanted) -> Subject | None:
    for at in places:
        word = words[at]
        if not word.is_word or _belongs_to_the_next(words, at, wanted):
            continue
        fitting = [parse for parse in nominatives(word.text) if wanted.agrees(parse)]
        if fitting and not _after_preposition(words, at) and not _hangs_on_a_noun(words, at):
            return Subject(at, word, _likelier_a_thing(fitting))
    return None


def _hangs_on_a_noun(words: Sequence[Word], at: int) -> bool:
    """«в рамках проверки»: right after a noun of another case, a form that may be a genitive is one."""
    if not at or not words[at - 1].is_word or "NOUN" not in morphology.parses(words[at - 1].text)[0].tag:
        return False
    return any("gent" in parse.tag and parse.score >= _OFTEN for parse in morphology.parses(words[at].text))


def _likelier_a_thing(parses: "list[Parse]") -> "Parse":
    """The first reading, or one of a thing that is about as likely as the person: «логи»."""
    thing = next((parse for parse in parses if "anim" not in parse.tag), parses[0])
    return thing if thing.score * 2 >= parses[0].score else parses[0]


def _belongs_to_the_next(words: Sequence[Word], at: int, wanted: Wanted) -> bool:
    """«больничный лист», «новые пациенты»: a word that may be a noun by itself is here an adjective."""
    if at + 1 >= len(words) or not words[at + 1].is_word or not is_adjective(words[at].text):
        return False
    following = morphology.parses(words[at + 1].text)
    return any({"NOUN", "nomn"} in parse.tag and wanted.agrees(parse) for parse in following)


def _after_preposition(words: Sequence[Word], at: int) -> bool:
    """«в этот день», «за март»: the noun belongs to a preposition, or to a number before it."""
    for back in range(at - 1, max(-1, at - 5), -1):
        word = words[back]
        if is_preposition(word.text):
            return True
        if word.token.kind == "number" and ":" not in word.text:  # «в 12:40 заявка закрыта»
            continue
        if not (word.is_word and is_adjective(word.text)):
            return False
    return False


@cache
def _times() -> frozenset[str]:
    return frozenset(tables("passive")["times"].split())


@lru_cache(_KEPT)
def nominatives(text: str) -> "tuple[Parse, ...]":
    """Readings of a word as a nominative noun or pronoun; none where the word is likelier something else."""
    parses = morphology.parses(text)
    low = text.lower()
    if low == "всё":
        return tuple(one for one in parses if {"neut", "nomn"} in one.tag)
    if low in {"все", "это"}:
        return tuple(one for one in parses if one.tag.POS == "NPRO" and "nomn" in one.tag)
    if parses[0].tag.POS in {"PREP", "CONJ", "PRCL", "ADVB", "INFN", "GRND", "INTJ", "COMP"}:
        return ()
    found = []
    for one in parses:
        if "nomn" not in one.tag or one.normal_form in _times():
            continue
        if one.tag.POS in {"NOUN", "NPRO"} or one.normal_form == "который":
            found.append(one)
    return tuple(found)


@lru_cache(_KEPT)
def is_preposition(text: str) -> bool:
    return bool(morphology.parses(text)[0].tag.POS == "PREP")


@lru_cache(_KEPT)
def is_adjective(text: str) -> bool:
    return any(parse.tag.POS in {"ADJF", "PRTF"} for parse in morphology.parses(text))


@lru_cache(_KEPT)
def is_finite(text: str) -> bool:
    """Likeliest a verb with a person or a past tense, or an imperative."""
    parse = morphology.parses(text)[0]
    return parse.tag.POS == "VERB" and parse.normal_form not in {"быть", "мочь"}


@lru_cache(_KEPT)
def instrumentals(text: str) -> "tuple[Parse, ...]":
    """Readings of a word as a noun or pronoun in the instrumental, the believable ones."""
    parses = morphology.parses(text)
    if parses[0].tag.POS not in {"NOUN", "NPRO"}:
        return ()
    return tuple(one for one in parses if one.tag.POS in {"NOUN", "NPRO"} and "ablt" in one.tag)


def named_doers(clause: Clause, first: int, last: int) -> Iterator[Subject]:
    """Nouns in the bare instrumental near the predicate: «курьером», «нами», but also «письмом»."""
    near = range(max(0, first - 8), min(len(clause.words), last + 9))
    for at in near:
        word = clause.words[at]
        if first <= at <= last or not word.is_word:
            continue
        found = instrumentals(word.text)
        if found and not _after_preposition(clause.words, at) and not _with_a_participle(clause.words, at):
            yield Subject(at, word, found[0])


def _with_a_participle(words: Sequence[Word], at: int) -> bool:
    """«забронированный вами номер»: the doer of another deed."""
    near = (*words[max(0, at - 1) : at], *words[at + 1 : at + 2])
    return any(word.is_a("PRTF") for word in near)
