"""No figure or name where the client needs one: «в ближайшее время», «специалисты» (contract: `vague`)."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from otklik.coach import tone
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word
from otklik.coach.reply import Finding

CODE = "vague"
_NO_NUMBERS = frozenset({"несколько", "нескольких", "нескольким", "много", "многих", "мало", "немного"})
_NEAR = 7  # words round the vague ones in which an exact time makes them exact


def find(reading: Reading) -> Iterator[Finding]:
    """Vague words of time, doer, number, price and papers; none where an exact one stands beside them."""
    for sentence, hits in tone.said(reading, CODE):
        kept = [hit for hit in hits if not _is_exact(reading, sentence, hit)]
        yield from tone.joined(CODE, kept)


def _is_exact(reading: Reading, sentence: Sentence, hit: tone.Hit) -> bool:
    if hit.kind == "price":
        return any(_names_a_sum(one) for one in _around(reading, sentence))
    if hit.kind == "papers":
        return not reading.lemmas.isdisjoint(_listed("papers"))
    if hit.kind == "coming":
        return hit.match.words[-1].is_a("VERB", "pres")
    first = hit.match.words[0].at - sentence.words[0].at
    past = first + len(hit.match.words)
    after, before = sentence.words[past : past + _NEAR], sentence.words[max(0, first - 4) : first]
    if hit.kind == "who":
        return _has_name((*before, *hit.match.words, *after[:4]))
    if after and after[0].token.kind == "number":
        return True
    if hit.kind == "time":
        return _has_time(after) or _has_time(before) or any(map(_is_number, after[:3]))
    return any(map(_is_number, after[:4]))


def _is_number(word: Word) -> bool:
    return word.token.kind == "number" or (word.is_a("NUMR") and word.low not in _NO_NUMBERS)


def _around(reading: Reading, sentence: Sentence) -> tuple[Sentence, ...]:
    """The sentence and the two beside it: «Это недорого. Всего 300 рублей.»"""
    at = reading.sentences.index(sentence)
    return reading.sentences[max(0, at - 1) : at + 2]


def _names_a_sum(sentence: Sentence) -> bool:
    words = sentence.words
    if not any(word.text in {"₽", "%", "$", "€"} for word in words) and not sentence.has(*_listed("money")):
        return False
    return any(word.token.kind == "number" or word.is_a("NUMR") for word in words)


def _has_time(words: tuple[Word, ...]) -> bool:
    """«до 18:00», «через два часа», «27 ноября», «к пятнице», «завтра»."""
    for before, word in zip((None, *words), words, strict=False):
        if word.low in {"сегодня", "завтра", "послезавтра"}:
            return True
        if before is None or before.low not in _listed("terms"):
            continue
        named = _listed("days") | _listed("months")
        if word.token.kind == "number" or word.is_a("NUMR") or not word.lemmas.isdisjoint(named):
            return True
    return any(
        before.token.kind == "number" and not word.lemmas.isdisjoint(_listed("months"))
        for before, word in pairwise(words)
    )


def _has_name(words: tuple[Word, ...]) -> bool:
    return any(
        word.text[:1].isupper() and (word.is_a("Name") or word.is_a("Surn") or word.is_a("Patr"))
        for word in words
    )


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(tables(CODE)["exact"][name])
