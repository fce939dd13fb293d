"""A subject with its words turned into an object: «Ваша новая заявка» → «вашу новую заявку»."""

from typing import TYPE_CHECKING

from otklik.coach.clauses import Subject, is_adjective
from otklik.coach.passives import words_of
from otklik.coach.reading import Word
from otklik.russian import morphology

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

_OBJECTS = {
    "он": "его",
    "она": "её",
    "оно": "его",
    "они": "их",
    "вы": "вас",
    "ты": "тебя",
    "это": "это",
    "все": "всё",
}
_NAMES = ({"Name"}, {"Surn"}, {"Patr"}, {"Geox"}, {"Orgn"}, {"Trad"})


_MOST_ADJECTIVES = 6


def phrase_begins(words: tuple[Word, ...], subject: Subject) -> int | None:
    """Where the subject's words begin: its adjectives stand before it. None where something odd stands there."""
    begin = subject.at
    while begin and words[begin - 1].is_word and _is_its_adjective(words[begin - 1], subject):
        begin -= 1
        if subject.at - begin > _MOST_ADJECTIVES:
            return None
    if begin == 0:
        return begin
    if any(word.is_a("PRTF") for word in words[max(0, begin - 8) : begin]):  # «забронированный вами номер»
        return None
    before = words[begin - 1]
    if (before.low in words_of("unsafe_before") and not _as_soon_as(words, begin - 1)) or (
        before.token.kind == "number" and ":" not in before.text
    ):
        return None
    parse = morphology.parses(before.text)[0] if before.is_word else None
    if parse is not None and (
        parse.tag.POS in {"NUMR", "PREP", "ADJF", "PRTF"} or parse.normal_form == "много"
    ):
        return None
    return begin


def _as_soon_as(words: tuple[Word, ...], at: int) -> bool:
    return words[at].low == "только" and at > 0 and words[at - 1].low == "как"


def _is_its_adjective(word: Word, subject: Subject) -> bool:
    return is_adjective(word.text) and _adjective(word.text, subject.parse) is not None


def _adjective(text: str, noun: "Parse") -> "Parse | None":
    for parse in morphology.parses(text):
        tag = parse.tag
        if tag.POS not in {"ADJF", "PRTF"} or "nomn" not in tag or tag.number != noun.tag.number:
            continue
        if tag.number == "plur" or noun.tag.gender is None or tag.gender == noun.tag.gender:
            return parse
    return None


def accusative(words: tuple[Word, ...], begin: int, subject: Subject) -> str | None:
    """The subject's words as an object: «Ваша новая заявка» → «вашу новую заявку»."""
    if subject.word.text.lower() == "всё":
        return "всё"
    if subject.parse.tag.POS == "NPRO":
        return _OBJECTS.get(subject.lemma)
    made = []
    for at in range(begin, subject.at):
        parse = _adjective(words[at].text, subject.parse)
        changed = in_accusative(parse, alive=subject.is_alive) if parse else None
        if changed is None:
            return None
        made.append(_cased(changed, words[at], at == begin))
    noun = _noun_in_accusative(subject)
    if noun is None:
        return None
    return " ".join([*made, _cased(noun, subject.word, begin == subject.at)])


def _noun_in_accusative(subject: Subject) -> str | None:
    """Things keep their form, save women's gender in the singular: «отчёт», «отчёты», but «справку»."""
    tag = subject.parse.tag
    keeps = "Fixd" in tag or (not subject.is_alive and (tag.number == "plur" or tag.gender != "femn"))
    return subject.word.text if keeps else morphology.inflect(subject.parse, "accs", str(tag.number))


def in_accusative(parse: "Parse", *, alive: bool) -> str | None:
    tag = parse.tag
    life = "anim" if alive else "inan"
    if tag.number == "plur":
        return morphology.inflect(parse, "accs", "plur", life)
    if tag.gender == "masc":
        return morphology.inflect(parse, "accs", "masc", life)
    return morphology.inflect(parse, "accs", "sing", str(tag.gender))


def _cased(made: str, word: Word, opens: bool) -> str:
    """The capitals of the writer, save the capital of a sentence's first word."""
    if made == word.text and not (opens and word.text[1:].islower()):
        return made
    if len(word.text) > 1 and word.text.isupper():
        return made.upper()
    if not word.text[0].isupper():
        return made
    named = is_a_name(word.text)
    return made[:1].upper() + made[1:] if named or not opens else made[:1].lower() + made[1:]


def is_a_name(text: str) -> bool:
    """Whether the capital of a word is its own: «Анна», «Казань»."""
    return any(names in morphology.parses(text)[0].tag for names in _NAMES)
