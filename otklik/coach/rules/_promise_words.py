"""What a word may be in a promise: a deed and its person, a doer; lists of `data/promise.toml`."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from otklik.coach.phrases import tables
from otklik.coach.reading import Word
from otklik.russian import morphology

Tense = Literal["future", "both", "present", "past", "will", "order", "you", "done", "infinitive"]
_OFTEN_A_NOUN = 0.7  # «почту», «смету»: the dictionary's own count of how often


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb's form. lemma: with «е» for «ё». person: 1, 2, 3 or 0; plural; transitive."""

    lemma: str
    tense: Tense
    person: int = 0
    plural: bool = False
    transitive: bool = False


@cache
def listed(name: str) -> frozenset[str]:
    """The words of one list."""
    words: str = tables("promise")[name]
    return frozenset(words.replace("ё", "е").split())


@lru_cache(20_000)
def deed(text: str) -> Deed | None:
    """The verb that a word is, None for what is rather no verb."""
    if not text[-1:].isalpha() or len(text) < 2:
        return None
    parses = morphology.parses(text)
    verbs = [one for one in parses if one.tag.POS in {"VERB", "PRTS", "INFN"}]
    if not verbs or (parses[0] not in verbs and parses[0].score > _OFTEN_A_NOUN):
        return None
    tense = _tense([str(one.tag) for one in verbs], verbs[0].normal_form)
    if not tense:
        return None
    wanted = {
        "future": "futr",
        "both": "futr",
        "present": "pres",
        "past": "past",
        "order": "impr",
        "you": "2per",
    }
    named = next((one for one in verbs if wanted.get(tense, "") in str(one.tag)), verbs[0])
    tag = named.tag
    person = {"1per": 1, "2per": 2, "3per": 3}.get(str(tag.person), 0)
    return Deed(
        named.normal_form.replace("ё", "е"),
        tense,
        person,
        "plur" in tag,
        any("tran" in one.tag for one in verbs),
    )


def _tense(tags: list[str], lemma: str) -> Tense | None:
    if lemma == "быть" and any("futr" in tag for tag in tags):
        return "will"
    if any("impr,excl" in tag for tag in tags):
        return "order"
    if any("2per" in tag for tag in tags):
        return "you"
    future = any("VERB" in tag and "futr" in tag for tag in tags)
    present = any("VERB" in tag and "pres" in tag for tag in tags)
    if future or present:
        return "both" if future and present else "future" if future else "present"
    if any("PRTS" in tag and "perf,past" in tag for tag in (tag.replace("tran,", "") for tag in tags)):
        return "done"
    if any("PRTS" in tag for tag in tags):
        return "done"
    if any("past" in tag for tag in tags):
        return "past"
    return "infinitive" if any("INFN" in tag for tag in tags) else None


@lru_cache(20_000)
def subject(text: str) -> tuple[bool, bool] | None:
    """(may be one, may be many) of a noun in the nominative; None for what is none."""
    if text.lower() in listed("nameless"):
        return True, False
    nominative = [
        one.tag
        for one in morphology.parses(text)
        if one.tag.POS == "NOUN" and "nomn" in one.tag and one.score > 0.05
    ]
    if not nominative:
        return None
    return any("sing" in tag for tag in nominative), any("plur" in tag for tag in nominative)


@lru_cache(20_000)
def is_living(text: str) -> bool:
    return any("anim" in one.tag for one in morphology.parses(text) if one.tag.POS == "NOUN")


@lru_cache(20_000)
def is_name(text: str) -> bool:
    """A first name, patronymic or family name in the nominative, written with a capital."""
    if not text[:1].isupper() or text.isupper() or not morphology.is_known(text):
        return False
    return any(
        "nomn" in one.tag
        and ("Name" in one.tag or "Patr" in one.tag or ("Surn" in one.tag and one.score > 0.3))
        for one in morphology.parses(text)
    )


def is_doer(word: Word, lemma: str) -> bool:
    """Whether this word names somebody of ours who can do such a thing: a trade, a group, a name."""
    if not word.judged or not word.is_word or subject(word.text) is None:
        return False
    for kind, deeds in (("people", ""), ("groups", ""), ("firms", "paying"), ("vehicles", "moving")):
        if not word.lemmas.isdisjoint(listed(kind)) and (not deeds or lemma in listed(deeds)):
            return True
    if word.low.partition("-")[0] in listed("people"):  # «врач-рентгенолог»
        return True
    return is_name(word.text) or word.low in listed("nameless")
