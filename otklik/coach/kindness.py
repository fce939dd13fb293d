"""What shows that a reply means well: an apology, a gift, a fault of ours named, a deed for the client to come.

A lone sentence with the sound of a scolding is no scolding there: those who scold do it more than once, and they
neither apologise nor give. Asked only where a list of tone speaks, so a clean reply pays nothing for it.
"""

from functools import cache

from otklik.coach.phrases import phrases, tables
from otklik.coach.reading import Reading, Sentence

_LISTS = ("free", "ours")


def is_kind(reading: Reading, but: Sentence) -> bool:
    """Whether a sentence other than `but` means well, or `but` itself apologises."""
    return _apologises(but) or any(_is_kind(one) for one in reading.judged_sentences if one is not but)


def _is_kind(sentence: Sentence) -> bool:
    if any(next(phrases("kindness", key).find_in(sentence), None) for key in _LISTS):
        return True
    return _apologises(sentence) or _helps(sentence)


def _apologises(sentence: Sentence) -> bool:
    sorry = next(phrases("kindness", "sorry").find_in(sentence), None)
    return sorry is not None and next(phrases("kindness", "taken_back").find_in(sentence), None) is None


def _helps(sentence: Sentence) -> bool:
    """«Привезу завтра», «заменим»; «тогда и проверим» sets a condition."""
    if sentence.is_question or not _words("denials").isdisjoint(sentence.lows):
        return False
    return any(
        word.judged and not word.lemmas.isdisjoint(_words("helps")) and word.is_a("VERB", "futr", "1per")
        for word in sentence.words
    )


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(tables("kindness")["words"][name])
