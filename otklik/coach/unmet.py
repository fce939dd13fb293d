"""Questions that wait for a figure, a time, a cause or a thing of which the reply holds not a trace.

Each sign is sure by itself: «сколько калорий?» without any number; «когда починят?» without a time, a deed or a «нет»;
«почему списали?» answered by advice alone; «где чемодан?» where neither the thing nor «он» is spoken of. A reply that
turns the client down leaves nothing open. Patterns: `data/unmet.toml`.
"""

import re
from collections.abc import Sequence
from functools import cache

from otklik.coach import fields
from otklik.coach.acts import refused
from otklik.coach.asking import Question, answers, beginnings, speaks_of_money
from otklik.coach.leaving import is_empty
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word

_THEY = frozenset({"он", "она", "оно", "они", "его", "ее", "их", "ему", "ей", "им", "него", "нее", "них"})


def is_unmet(reading: Reading, question: Question, asked: Sequence[Question]) -> bool:
    """Whether the reply holds no trace of what the question waits for."""
    told = [one for one in reading.judged_sentences if not fields.is_courtesy(one)]
    if not told or refused(reading):
        return False
    alone = len(asked) == 1
    if question.kind == "how" and _asks_how_many(question):
        return not any(map(_counts, told))
    if question.kind == "time":
        return not any(_times(one) for one in told) and (not alone or not any(map(_acts, told)))
    if question.kind == "price":
        return not (
            alone or speaks_of_money(reading) or any(_counts(one) or answers("price", one) for one in told)
        )
    if question.kind == "reason":
        return _is_unexplained(reading, question, alone=alone)
    return question.kind == "whereabouts" and not points_to_a_place(reading) and _is_lost(question, told)


def _tells_something(sentence: Sentence) -> bool:
    return not (is_empty(sentence) or fields.is_courtesy(sentence))


def _asks_how_many(question: Question) -> bool:
    words = [word.low for word in question.words]
    return "сколько" in words and _pattern("not_counted").search(" ".join(words)) is None


def _counts(sentence: Sentence) -> bool:
    """A figure, a numeral, or a word that stands for one: «нет», «хватит», «без ограничений»."""
    if any(word.token.kind == "number" or any(map(str.isdigit, word.low)) for word in sentence.words):
        return True
    return any(word.is_a("NUMR") for word in sentence.words) or _finds("counted", sentence)


def _times(sentence: Sentence) -> bool:
    return answers("time", sentence) or _finds("timed", sentence)


def _acts(sentence: Sentence) -> bool:
    """Somebody has done, does or will do something: an event, not a rule."""
    return any(_is_event(word) for word in sentence.words if word.judged)


def _is_event(word: Word) -> bool:
    if word.low in {"не", "нет", "нельзя"} or word.is_a("PRTS") or word.is_a("INFN"):
        return word.low not in {"пользоваться", "быть", "соблюдать"}
    if word.is_a("VERB", "1per"):
        return word.lemmas.isdisjoint(tables("fitting")["offering"])
    return any(word.is_a("VERB", kind) for kind in ("past", "futr", "impr"))


def _is_unexplained(reading: Reading, question: Question, *, alone: bool) -> bool:
    """No event, no lack, no word of a cause; to a question that stands alone: nothing but advice."""
    said = reading.judged_sentences
    if any(answers("reason", one) or _is_cause(one) for one in said):
        return False
    if alone:
        return all(_finds("advice", one) for one in said if _tells_something(one))
    return not any(question.touched(beginnings(one)) for one in said)


def _is_cause(sentence: Sentence) -> bool:
    words = [word for word in sentence.words if word.judged]
    return any(
        word.low in {"не", "нет", "без", "—", "–"}
        or word.is_a("VERB", "past")
        or word.is_a("PRTS")
        or word.is_a("ADJS")
        or word.is_a("COMP")
        or word.is_a("VERB", "futr", "3per")
        for word in words
    )


def _is_lost(question: Question, told: Sequence[Sentence]) -> bool:
    """«Где мой чемодан?» — «ваш рейс прибыл»: the thing has no word of the reply, nor has «он»."""
    if not question.has_noun:
        return False
    for sentence in told:
        if _finds("found", sentence):
            return False
        if question.touched(beginnings(sentence)) or any(word.low in _THEY for word in sentence.words):
            return False
        if any(fields.told(fields.lows(sentence.words), field) for field in question.fields):
            return False
        if not any(word.is_a("NOUN", "nomn") for word in sentence.words):  # «уже едет», «вчера отправили»
            return False
    return True


def points_to_a_place(reading: Reading) -> bool:
    """«В Новосибирске», «он спит в третьем вольере»: a place, and no other thing that is there."""
    for sentence in reading.judged_sentences:
        words = [word for word in sentence.words if word.is_word]
        at = next(
            (at for at, word in enumerate(words) if word.low in {"в", "во", "на", "у", "под", "за"}), None
        )
        if at is None or fields.is_courtesy(sentence):
            continue
        place = any(word.is_a("NOUN", "loct") or word.is_a("NOUN", "ablt") for word in words[at + 1 : at + 4])
        is_other = any(word.is_a("NOUN", "nomn") and not word.is_a("Geox") for word in words[:at])
        if place and (at == 0 or words[0].low in _THEY or not is_other) and not _finds("greeted", sentence):
            return True
    return False


def _finds(name: str, sentence: Sentence) -> bool:
    return _pattern(name).search(fields.lows(sentence.words)) is not None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(tables('unmet')[name])})")
