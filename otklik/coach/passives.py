"""Verb groups that may be a passive: short participles and reflexives, with auxiliaries, subject and named doer.

Whether one hides who acts is told by `doers.py`; word lists: `data/passive.toml`.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from otklik.coach.clauses import (
    Clause,
    Subject,
    Wanted,
    agreement,
    find_subject,
    named_doers,
)
from otklik.coach.phrases import tables
from otklik.coach.reading import Word
from otklik.russian import morphology

Time = Literal["past", "future", "present", "other"]
_KEPT = 20_000
FUTURE = frozenset({"будет", "будут", "буду", "будем", "будете", "будешь"})
PAST = frozenset({"был", "была", "было", "были"})
_MODAL = frozenset({"мочь", "должный", "стать", "начать", "продолжать", "перестать"})
_DATIVES = frozenset({"вам", "нам", "ему", "ей", "им", "мне", "вас"})
_OURS = frozenset({"мы", "я"})


@dataclass(frozen=True, slots=True)
class Head:
    """The verb form itself: `base` is the infinitive without «-ся», «е» for «ё»."""

    kind: Literal["participle", "reflexive"]
    base: str
    lemma: str
    wanted: Wanted
    form: Literal["short", "present", "past", "infinitive"]


@dataclass(frozen=True, slots=True)
class Passive:
    """A verb group in the passive: `clause.words[first:last + 1]`, its subject and its named doer if any."""

    clause: Clause
    head: Head
    at: int
    first: int
    last: int
    time: Time
    subject: Subject | None
    doer: Subject | None

    @property
    def words(self) -> tuple[Word, ...]:
        return self.clause.words[self.first : self.last + 1]

    @property
    def place(self) -> tuple[int, int]:
        return self.words[0].start, self.words[-1].end

    @property
    def is_denied(self) -> bool:
        return any(word.low == "не" for word in self.words)

    @property
    def has_copula(self) -> bool:
        return any(word.low in PAST or word.low in FUTURE or word.low == "быть" for word in self.words)

    @property
    def doer_is_ours(self) -> bool:
        return self.doer is not None and self.doer.lemma in _OURS


@lru_cache(_KEPT)
def head_of(text: str) -> Head | None:
    """What passive verb form a word may be; None for nearly all words."""
    if len(text) < 3:
        return None
    low = text.lower()
    if low.endswith(("ся", "сь")):
        return _reflexive(low)
    return _participle(low) if low[-1] in "нтаоы" else None


def _participle(low: str) -> Head | None:
    parses = morphology.parses(low)
    short = next((one for one in parses if {"PRTS", "past", "pssv"} in one.tag), None)
    if short is None or low in words_of("never"):
        return None
    likelier = [one for one in parses[: parses.index(short)] if one.tag.POS not in {"ADJS", "PRTS"}]
    if likelier and low not in words_of("also_participles") and not _looks_made_of_a_verb(low):
        return None
    base = short.normal_form.replace("ё", "е")
    wanted = agreement(short)
    return Head("participle", base, base, wanted, "short")


_MADE_OF_A_VERB = re.compile("(?:рас|раз|пере|за|до|от|вы|под|при|об|про).{3,}(?:ен|ан|ян)[аоы]?")


def _looks_made_of_a_verb(low: str) -> bool:
    """«Растаможен»: a word the dictionary doesn't hold, with a verb's beginning and a participle's end."""
    return _MADE_OF_A_VERB.fullmatch(low.replace("ё", "е")) is not None and not morphology.is_known(low)


def _reflexive(low: str) -> Head | None:
    for parse in morphology.parses(low):
        tag = parse.tag
        if tag.POS not in {"VERB", "INFN"} or "impr" in tag:
            continue
        lemma = parse.normal_form.replace("ё", "е")
        if "impf" not in tag and lemma not in words_of("office"):  # «вывозится» is taken for «will get dirty»
            continue
        if tag.POS == "INFN":
            return Head("reflexive", lemma[:-2], lemma, Wanted("sing"), "infinitive")
        wanted = agreement(parse)
        if tag.tense == "past":
            return Head("reflexive", lemma[:-2], lemma, wanted, "past")
        if tag.person == "3per":
            return Head("reflexive", lemma[:-2], lemma, wanted, "present")
    return None


def read(clause: Clause, at: int, head: Head) -> Passive | None:
    """The verb group round its head, its subject and its doer; None where an infinitive has no auxiliary."""
    first, last, helpers = _group(clause, at)
    if head.form == "infinitive" and not helpers:
        return None
    wanted = head.wanted
    if head.form == "infinitive":
        wanted = _wanted_by(helpers)
    subject = find_subject(clause.words, first, last, wanted)
    doer = next((one for one in named_doers(clause, first, last) if _may_do(one)), None)
    return Passive(clause, head, at, first, last, _time(head, clause, at, helpers), subject, doer)


def _group(clause: Clause, at: int) -> tuple[int, int, list[Word]]:
    """First and last word of the group, and its auxiliaries («был», «может быть», «будет»)."""
    words = clause.words
    first, last, helpers = at, at, []
    back = at - 1
    while back >= max(0, at - 7):
        word = words[back]
        if _is_helper(word):
            helpers.append(word)
            first = back
        elif word.low == "не":
            first = back if first == back + 1 else first
        elif not (word.is_word and _may_stand_inside(word)):
            break
        back -= 1
    if back + 1 < first and words[first - 1].low == "не":
        first -= 1
    next_ = at + 2 if at + 1 < len(words) and words[at + 1].low == "не" else at + 1  # «начислен не был»
    if next_ < len(words) and words[next_].low in PAST | FUTURE and not helpers:
        last = next_
        helpers.append(words[last])
    return first, last, helpers


def _is_helper(word: Word) -> bool:
    low = word.low
    return (
        low in PAST or low in FUTURE or low == "быть" or (word.is_word and not word.lemmas.isdisjoint(_MODAL))
    )


@lru_cache(_KEPT)
def _is_adverb(text: str) -> bool:
    return morphology.parses(text)[0].tag.POS in {"ADVB", "PRCL"}


def _may_stand_inside(word: Word) -> bool:
    return word.low in words_of("adverbs") or word.low in _DATIVES or _is_adverb(word.text)


def _wanted_by(helpers: list[Word]) -> Wanted:
    for helper in helpers:
        for parse in morphology.parses(helper.text):
            if parse.tag.number and parse.tag.POS in {"VERB", "ADJS"}:
                return agreement(parse)
    return Wanted("sing")


def _time(head: Head, clause: Clause, at: int, helpers: list[Word]) -> Time:
    lows = {helper.low for helper in helpers}
    if lows - PAST - FUTURE:
        return "other"
    if not lows and head.kind == "participle":
        lows = {word.low for word in clause.words[max(0, at - 10) : at] if word.low in PAST | FUTURE}
    if lows & FUTURE:
        return "future"
    if head.form == "present":
        return "present"
    return "past"


def _may_do(one: Subject) -> bool:
    """A person, a firm or its part in the instrumental: not «письмом», not «третьим этапом»."""
    if one.lemma in words_of("manners"):
        return False
    return one.is_alive or one.lemma.split("-")[0] in words_of("firms") or one.lemma in _OURS


# -- word lists --------------------------------------------------------------------------------------------------


def data() -> dict[str, Any]:  # what TOML gives
    return tables("passive")


@cache
def words_of(key: str) -> frozenset[str]:
    """The words of one list, at the top or in a table of people and of rewriting."""
    tables_ = (data(), data()["people"], data()["rewrite"])
    return frozenset(next(table[key] for table in tables_ if key in table).split())
