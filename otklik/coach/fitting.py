"""Whether any clause of a reply may answer a question at all, by what the clause speaks of and what it tells.

A clause may answer when it names the question's own thing, or when it has no other thing for its subject and tells
what the kind of the question waits for (an hour, a sum, yes or no, a cause). «Сауна работает с восьми» has a subject
of its own and answers no «когда вернутся деньги?»; «приеду вечером» has none and may.
"""

import re
from collections.abc import Sequence
from functools import cache

from otklik.coach import fields, leaving
from otklik.coach.asking import Question, answers, beginnings, subjects
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word
from otklik.coach.reasons import says_why
from otklik.russian import morphology
from otklik.russian.dates import MONTHS

_LEAST = 4  # longer clauses without which a reply can't be said to speak of something else
_SHORT = 2  # words of a clause that may answer by itself: «без проблем»
_ABOUT = frozenset({"о", "об", "про"})  # «о новинках вы можете узнать»: it names its own matter
_JUDGED = frozenset({"leave", "time", "price", "how", "reason"})
_FIGURED = frozenset({"time", "price"})
_SINCE = re.compile(r"(?:с|в) (?:19|20)\d\d год")
_FREE = (
    "госпошлин",
    "пошлин",
    "недорог",
    "расцен",
    "доплат",
    "бесплат",
    "даром",
    "вход",
    "включ",
    "тысяч",
    "сто",
    "плат",
    "оплат",
    "цен",
)
_LATER = ("пока", "еще", "заплан", "перспектив", "очеред", "план")
_DENIED = frozenset({"не", "нет", "нельзя", "без", "ни"})


def is_passed_over(reading: Reading, question: Question, asked: Sequence[Question]) -> bool:
    """Whether no clause may answer the question, while the reply speaks of other things at length."""
    kind, own = _kind(question), _own(question)
    if question.kind not in _JUDGED or not (own or question.kind in _FIGURED):
        return False
    others = [one for one in asked if one is not question]
    clauses = [one for one in leaving.clauses(reading) if not _is_empty(one)]
    least = _LEAST if kind == "reason" or not others else _LEAST - 1
    if sum(sum(word.is_word for word in one.words) > _SHORT for one in clauses) < least:
        return False
    if not own:  # «…, и когда?»: any time in the reply may belong to it
        return not any(_tells(question, one) or _puts_off(one) for one in clauses)
    return not any(_fits(one, question, own, others) for one in clauses)


def _is_empty(clause: Sentence) -> bool:
    """Courtesy and process; «звоните на 33-12-12» is neither."""
    return leaving.is_empty(clause) and all(word.token.kind != "number" for word in clause.words)


def _own(question: Question) -> list[frozenset[str]]:
    """What the question is about, without words of time and order that anything may have."""
    idle = {lemma[:5] for lemma in _list("idle")} | {month[:5] for month in MONTHS}
    named = [group for group in question.about if group.isdisjoint(idle)]
    places = frozenset().union(*_places(question.words))
    return [group for group in named if group.isdisjoint(places)] or named


def _places(words: Sequence[Word]) -> list[frozenset[str]]:
    """«В вашем парке», «в номере»: where it is asked for, not what."""
    return [
        subjects(word)
        for at, word in enumerate(words)
        if word.is_a("NOUN", "loct")
        and any(one.low in {"в", "во", "на"} for one in words[max(0, at - 2) : at])
    ]


def _kind(question: Question) -> str:
    """«Сколько …?» waits for a number, «во сколько» for an hour, «как …?» for a way; of «какой» any words may be it."""
    lows = [word.low for word in question.words]
    if question.kind == "time":
        return (
            "hour"
            if any(low.startswith("скольк") for low in lows) and not set(lows) & _list("lasting")
            else "time"
        )
    if question.kind != "how":
        return question.kind
    if "сколько" in lows or any(not word.lemmas.isdisjoint(_list("measures")) for word in question.words):
        return "amount"
    return "way" if "как" in lows and any(word.is_a("INFN") for word in question.words) else "any"


def _fits(
    clause: Sentence, question: Question, own: list[frozenset[str]], others: Sequence[Question]
) -> bool:
    low = fields.lows(clause.words)
    shared = frozenset().union(*(group for one in others for group in one.about))
    known = beginnings(clause)
    touched = sum(not group.isdisjoint(known) for group in own if group.isdisjoint(shared))
    touches = touched > 0
    if _kind(question) == "way":
        return touched > 1 or any(_shows(word) for word in clause.words)
    if question.kind == "reason":
        return _explains(clause, question, touches=touches)
    if touches or any(fields.fits(low, field) for field in question.fields):
        return question.kind not in _FIGURED or _tells(question, clause) or _puts_off(clause)
    if _is_of(clause, others):
        return False
    if fields.opens_with_yes_or_no(low):
        return True
    return not _has_own_subject(clause) and _tells(question, clause)


def _puts_off(clause: Sentence) -> bool:
    """«Пока не знаем», «строим», «не будет»: an answer to «когда» and «сколько» as well."""
    return any(
        word.low in _DENIED or word.low.startswith(_LATER) or word.is_a("VERB", "1per")
        for word in clause.words
    )


def _is_of(clause: Sentence, others: Sequence[Question]) -> bool:
    return any(leaving.speaks_of(clause, one) for one in others)


def _tells(question: Question, clause: Sentence) -> bool:
    """Whether the clause holds what such a question waits for."""
    kind = _kind(question)
    if kind in {"amount", "hour"}:
        return any(_is_number(clause.words, at) for at in range(len(clause.words)))
    if kind == "any":
        return True
    return _grants(question, clause) if kind == "leave" else _has_figure(kind, clause)


def _has_figure(kind: str, clause: Sentence) -> bool:
    """A time or a sum; «работает с 2010 года», «в подарок» are none of those asked for."""
    if kind == "price" and all(
        not any(map(str.isdigit, word.low)) and not word.low.startswith(_FREE) for word in clause.words
    ):
        return False
    return answers(kind, clause) and _SINCE.search(fields.lows(clause.words)) is None


def _is_number(words: tuple[Word, ...], at: int) -> bool:
    """A figure by itself or with a unit: «40 каналов» counts something else."""
    word = words[at]
    if word.low in _list("hours"):
        return True
    if (word.token.kind != "number" and not word.is_a("NUMR")) or (at and words[at - 1].text == "*"):
        return False
    after = words[at + 1] if at + 1 < len(words) else None
    other = after is not None and after.is_a("NOUN", "gent") and after.lemmas.isdisjoint(_list("units"))
    return not other


def _shows(word: Word) -> bool:
    if word.low in {"можно", "нужно", "надо"} or word.is_a("INFN"):
        return True
    orders = word.is_a("VERB", "impr") or word.is_a("VERB", "1per")
    return orders and word.lemmas.isdisjoint(_list("offering"))


def grants(reading: Reading, question: Question) -> bool:
    """Whether some clause grants the question for leave by an order about its thing: «на урок приходите»."""
    return any(_invites(question, one) for one in leaving.clauses(reading) if not _is_empty(one))


def _invites(question: Question, clause: Sentence) -> bool:
    orders = any(
        word.is_a("VERB", "impr") and not word.lemmas.isdisjoint(_list("coming")) for word in clause.words
    )
    return orders and any(subjects(word) & frozenset().union(*question.about) for word in clause.words)


def _grants(question: Question, clause: Sentence) -> bool:
    """«Сделаем», «приходите», «без проблем»: a yes or a no in other words."""
    words = [word for word in clause.words if word.is_word]
    lows = {word.low for word in words}
    if words and words[0].low in _ABOUT:
        return False
    figures = any(word.token.kind == "number" for word in clause.words)
    if (
        len(words) <= _SHORT
        and not figures
        and not any(word.is_a("NOUN", "nomn") or word.is_a("INFN") for word in words)
    ):
        return True
    needs = _list("needing") if any(word.low in _list("needing") for word in question.words) else frozenset()
    if lows & (_list("answering") | needs):
        return True
    will = any(word.is_a("VERB", "futr") for word in question.words)
    things = any(len(word.low) > _SHORT and word.is_a("NOUN", "accs") for word in words)
    if any(_is_ours(word, will=will, things=things) for word in words) and "давайте" not in lows:
        return True
    invites = any(word.is_a("VERB", "impr") and not word.lemmas.isdisjoint(_list("coming")) for word in words)
    return invites and not things


def _is_ours(word: Word, *, will: bool, things: bool) -> bool:
    """«Вернём»: of what we shall do only a future tells; «стекло сортируем» tells of another thing."""
    ours = word.is_a("VERB", "1per") and word.lemmas.isdisjoint(_list("offering"))
    return ours and (word.is_a("VERB", "futr") or not (will or things))


def _explains(clause: Sentence, question: Question, *, touches: bool) -> bool:
    """A cause, an event, a lack; not the deed itself told once more («карта заблокирована», «доступ ограничен»)."""
    if says_why(clause) and not any(word.low == "согласно" for word in clause.words):
        return True
    spares = any(not word.lemmas.isdisjoint(tables("denials")["burdens"]) for word in clause.words)
    cut = any(not word.lemmas.isdisjoint(_list("cutting")) for word in question.words)
    for word in clause.words:
        if (word.low in _DENIED and not (touches or spares)) or word.low in _list("compared"):
            return True
        if word.is_a("PRTS") and not word.is_a("VERB", "pres"):
            echo = touches or (cut and not word.lemmas.isdisjoint(_list("cutting")))
            if not echo and word.lemmas.isdisjoint(_list("paperwork")):
                return True
        elif word.is_a("VERB", "past") and word.lemmas.isdisjoint((*_list("paperwork"), "быть", "стать")):
            return True
    return _is_fact(clause)


def _is_fact(clause: Sentence) -> bool:
    """«У банка учения», «на линии авария»: a state without a verb may be the cause."""
    if any(word.is_a("VERB") for word in clause.words):
        return False
    low = fields.lows(clause.words)
    return any(one in low for one in _list("causes")) or any(_is_quality(word) for word in clause.words)


def _is_quality(word: Word) -> bool:
    """«Полис недействителен», not «корректно»."""
    return word.is_word and "ADJS" in morphology.parses(word.text)[0].tag


def _has_own_subject(clause: Sentence) -> bool:
    """A thing in the nominative that tells of itself, and neither a person, a firm, a price, a day nor a paper."""
    words = [word for word in clause.words if word.is_word]
    if any(
        word.low in _list("answering") or word.is_a("VERB", "1per") or word.is_a("VERB", "impr")
        for word in words
    ):
        return False
    subject = next((word for at, word in enumerate(words) if _is_subject(words, at)), None)
    return subject is not None and subject.lemmas.isdisjoint(_list("anybody"))


def _is_subject(words: list[Word], at: int) -> bool:
    word = words[at]
    tag = morphology.parses(word.text)[0].tag
    if (
        "NOUN" not in tag
        or not word.is_a("NOUN", "nomn")
        or "anim" in tag
        or "Name" in tag
        or word.low in MONTHS
    ):
        return False
    return not at or not (words[at - 1].is_a("PREP") or words[at - 1].is_a("VERB", "past", "plur"))


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(tables("fitting")[name])
