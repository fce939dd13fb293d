"""CAPITALS for stress, «!!!», «???» (contract: `shouting`)."""

import re
from collections.abc import Iterator

from otklik.coach import placeholders
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.reply import Finding
from otklik.russian import morphology

CODE = "shouting"
REASON_CAPITALS = "Заглавные буквы клиент слышит как крик: обычные скажут то же спокойно."
REASON_MARKS = "Несколько знаков подряд звучат как окрик: хватит одного."
_ONE_LETTER = frozenset("АВИКОСУЯ")  # in a run of capitals these are words like the others
_MARKS = re.compile(r"[!?]*(?:!{2,}|\?{2,})[!?]*|[!?]{3,}")


def find(reading: Reading) -> Iterator[Finding]:
    """A run of capitals or single stressed words, and repeated marks that stand apart from them."""
    for sentence in reading.judged_sentences:
        loud = [word for word in sentence.words if _is_loud(word)]
        if len(loud) == 1 and _is_named(sentence, loud[0]):
            loud = []
        loud = _outside_open_places(reading, loud) if loud else []
        past = sentence.start
        if loud:
            capitals = _capitals(reading, sentence, loud)
            past = capitals.end
            yield capitals
        marks = [word for word in sentence.words if word.judged and _MARKS.fullmatch(word.text)]
        apart = [word for word in marks if word.start >= past]
        if apart:
            yield finding(
                CODE, (apart[0].start, apart[-1].end), REASON_MARKS, suggestions=(apart[0].text[0],)
            )


def _outside_open_places(reading: Reading, loud: list[Word]) -> list[Word]:
    """«[ВСТАВИТЬ ИМЯ]» was left open, nobody shouts there."""
    places = list(placeholders.find(reading.text))
    return [word for word in loud if not any(start <= word.start < end for start, end in places)]


def _is_named(sentence: Sentence, word: Word) -> bool:
    """«Тариф ЛЁГКИЙ», «кнопка СТОП»: the word before tells that it is a name."""
    before = sentence.words[word.at - sentence.words[0].at - 1] if word.at > sentence.words[0].at else None
    return before is not None and not before.lemmas.isdisjoint(tables("shouting")["named_by"])


def _is_loud(word: Word) -> bool:
    """A Russian word in capitals that is no abbreviation: the dictionary knows it as an ordinary word."""
    if not word.judged or not word.is_word or not word.text.isupper() or not word.text.isalpha():
        return False
    if word.low in tables("shouting")["abbreviations"]:
        return False
    if (
        len(word.text) < 3
    ):  # one letter is a word at the start of a sentence; a run of capitals covers it anyway
        return word.low in tables("shouting")["short_words"]
    if not re.search("[АЕЁИОУЫЭЮЯ]", word.text) or not morphology.is_known(word.text):
        return False
    return not word.is_a("Abbr")


def _capitals(reading: Reading, sentence: Sentence, loud: list[Word]) -> Finding:
    start, end = loud[0].start, loud[-1].end
    after = [word for word in sentence.words if word.start >= end]
    if after and after[0].text[0] in "!?":
        end = after[0].end
    said = list(reading.text[start:end])
    for word in sentence.words:
        if not start <= word.start < end or (word not in loud and word.text not in _ONE_LETTER):
            continue
        said[word.start - start : word.end - start] = _calm(word)
    calm = re.sub(r"[!?]{2,}", lambda found: found[0][0], "".join(said))
    at_start = start == sentence.start
    return finding(
        CODE, (start, end), REASON_CAPITALS, suggestions=(calm[:1].upper() + calm[1:] if at_start else calm,)
    )


def _calm(word: Word) -> str:
    """The word in small letters, names of people and places with their capital."""
    likeliest = morphology.parses(word.text)[0].tag
    is_name = any(grammeme in likeliest for grammeme in ("Name", "Surn", "Patr", "Geox"))
    return word.text.capitalize() if is_name else word.text.lower()
