"""CAPITALS for stress, «!!!», «???» (contract: `shouting`)."""

import re
from collections.abc import Iterator

from otklik.coach.en import open_places
from otklik.coach.en.grammar import at, listed, low
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.reply import Finding
from otklik.coach.rules.shouting import REASON_CAPITALS, REASON_MARKS

CODE = "shouting"
_FILE = "en_shouting"
_MARKS = re.compile(r"[!?]*(?:!{2,}|\?{2,})[!?]*|[!?]{3,}")
_LONG_RUN = 4  # so many words in capitals one after another are no abbreviations
_NO_LY = frozenset({"italy", "july", "ply", "poly"})
Words = tuple[Word, ...]


def find(reading: Reading) -> Iterator[Finding]:
    """Each run of capitals with a stressed word in it, and repeated marks that stand apart from them."""
    left_open = open_places.find(reading)
    for sentence in reading.judged_sentences:
        words = sentence.words
        past = -1
        for begin, end in _runs(words):
            if any(start <= words[begin].start < close for start, close in left_open):
                continue
            if _is_loud(words, begin, end):
                past = end + (end < len(words) and words[end].text[0] in "!?")
                yield _capitals(reading, sentence, words[begin:past])
        marks = [word for word in words[max(past, 0) :] if word.judged and _MARKS.fullmatch(word.text)]
        if marks:
            yield finding(
                CODE, (marks[0].start, marks[-1].end), REASON_MARKS, suggestions=(marks[0].text[0],)
            )


def _runs(words: Words) -> Iterator[tuple[int, int]]:
    """Half-open places of neighbouring words in capitals; «I» and «A» inside a run belong to it."""
    here = 0
    while here < len(words):
        if not _is_capital(words[here]):
            here += 1
            continue
        begin = here
        while here < len(words) and (
            _is_capital(words[here]) or (words[here].text in {"I", "A"} and here > begin)
        ):
            here += 1
        while words[here - 1].text in {"I", "A"}:
            here -= 1
        if begin and words[begin - 1].text in {"I", "A"} and here - begin > 1:
            begin -= 1
        yield begin, here


def _is_capital(word: Word) -> bool:
    text = word.text
    if not word.judged or not word.is_word or len(text) < 2 or not text.isupper():
        return False
    return re.sub(r"['’\u2010\u2011-]", "", text).isalpha()


def _is_loud(words: Words, begin: int, end: int) -> bool:
    known = sum(_is_stressed(word) for word in words[begin:end])
    if end - begin == 1:
        return bool(known) and not _is_named(words, begin)
    if known and end - begin == 2 and any(low(word) in listed(_FILE, "names") for word in words[begin:end]):
        return known == 2 and not _is_named(words, begin)
    return known * 2 >= end - begin or end - begin >= _LONG_RUN


def _is_stressed(word: Word) -> bool:
    said = low(word)
    if said in listed(_FILE, "stressed"):
        return True
    return len(said) > 4 and said.endswith("ly") and said not in _NO_LY


def _is_named(words: Words, place: int) -> bool:
    """«Press STOP», «the FREE plan»: the name of a button, a status, a tariff."""
    if at(words, place + 1) in listed(_FILE, "names_what"):
        return True
    before = [at(words, place - 1), at(words, place - 2)]
    if before[0] in {"the", "a", "to", "with", "in"} and before[1] in listed(_FILE, "named_by"):
        return at(words, place) in listed(_FILE, "names") or before[0] == "to"
    return before[0] in listed(_FILE, "named_by") and at(words, place) in listed(_FILE, "names")


def _capitals(reading: Reading, sentence: Sentence, loud: Words) -> Finding:
    start, end = loud[0].start, loud[-1].end
    said = list(reading.text[start:end])
    for word in loud:
        if word.is_word and word.text != "I":
            said[word.start - start : word.end - start] = _calm(word)
    calm = re.sub(r"[!?]{2,}", lambda found: found[0][0], "".join(said))
    if start == sentence.start:
        calm = calm[:1].upper() + calm[1:]
    known = all(_is_stressed(word) or not word.is_word or word.text in {"I", "A"} for word in loud)
    return finding(CODE, (start, end), REASON_CAPITALS, suggestions=(calm,) if known else ())


def _calm(word: Word) -> str:
    """The word in small letters; days and months keep their capital."""
    return word.text.capitalize() if low(word) in listed("en_shouting", "capitalised") else word.text.lower()
