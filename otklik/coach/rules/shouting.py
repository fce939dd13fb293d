"""CAPITALS for stress, «!!!», «???» (contract: `shouting`)."""

import re
from collections.abc import Iterator

from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.reply import Finding
from otklik.russian import morphology

CODE = "shouting"
REASON_CAPITALS = "Заглавные буквы клиент слышит как крик: обычные скажут то же спокойно."
REASON_MARKS = "Несколько знаков подряд звучат как окрик: хватит одного."
_MARKS = re.compile(r"[!?]*(?:!{2,}|\?{2,})[!?]*")


def find(reading: Reading) -> Iterator[Finding]:
    """A sentence with a run of capitals, a single stressed word, or repeated marks: one finding a sentence part."""
    for sentence in reading.judged_sentences:
        loud = [word for word in sentence.words if _is_loud(word)]
        marks = [word for word in sentence.words if word.judged and _MARKS.fullmatch(word.text)]
        if loud:
            yield _capitals(reading, sentence, loud)
        elif marks:
            place = (marks[0].start, marks[-1].end)
            yield finding(CODE, place, REASON_MARKS, suggestions=(marks[0].text[0],))


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
    said = reading.text[start:end]
    calm = re.sub(r"[!?]{2,}", lambda found: found[0][0], said.lower())
    at_start = start == sentence.start
    return finding(
        CODE, (start, end), REASON_CAPITALS, suggestions=(calm[:1].upper() + calm[1:] if at_start else calm,)
    )
