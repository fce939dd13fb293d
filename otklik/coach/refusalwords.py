"""Clauses of a sentence by the letters of its words, and the lists of `data/refusal.toml` that tell what they say."""

from functools import cache
from itertools import pairwise

from otklik.coach.phrases import tables
from otklik.coach.reading import Sentence, Word

LONGEST = 300  # words of a sentence that somebody wrote; what is longer is no talk and costs too much time
_BORDERS = frozenset(",;:—–()…")
_YOUNGER = frozenset({"младше", "моложе", "старше", "ниже", "тяжелее", "легче"})  # «младше не посадим»
_THEREFORE = (["а", "потому"], ["и", "потому"])
_EVENTS = (
    "ния",
    "тия",
    "латы",
    "верки",
    "сдачи",
    "приемки",
    "подписи",
)  # «до погашения», «до оплаты»: a term as well
_QUALITIES = ("ого", "его", "ой", "ей", "ых", "их")
_MORE = frozenset({"больше", "более", "свыше", "дольше", "чаще"})
_SO_MUCH = (
    "полов",
    "одно",
    "двух",
    "трех",
    "четыр",
    "пяти",
    "десят",
    "треть",
    "месяц",
    "недел",
    "часа",
    "раза",
    "года",
)
_CASES = frozenset({("в", "случае"), ("при", "наличии"), ("при", "отсутствии"), ("при", "неоплате")})


def is_reported(sentence: Sentence, clause: tuple[Word, ...]) -> bool:
    """«Сообщаем, что оснований нет»: the clause after «что» is what the letter says."""
    opening = next((word.low for word in clause if word.is_word), "")
    before = (word for word in sentence.words if word.end <= clause[0].start)
    return opening == "что" and any(word.low.startswith(beginnings("reporting")) for word in before)


def is_subordinate(sentence: Sentence, clause: tuple[Word, ...]) -> bool:
    if is_reported(sentence, clause):
        return False
    opening = [word.low for word in clause if word.is_word][:2]
    if opening in _THEREFORE:
        return False
    if any(word.low.startswith("котор") for word in clause[:6]):  # «доступ к которому банк не контролирует»
        return True
    return not words("subordinate").isdisjoint(opening[:1]) or (
        opening[:1] in (["и"], ["а"], ["но"], ["в"], ["на"], ["из"], ["для"], ["то"])
        and not words("subordinate").isdisjoint(opening[1:])
    )


def is_condition(clause: tuple[Word, ...], refusing: Word) -> bool:
    """«Без чека», «после 25 числа», «до пятницы»: the rule `negative` speaks of those."""
    if next((word.low for word in clause if word.is_word), "") in _YOUNGER:
        return True
    for word, after in pairwise(clause):
        if (word.low, after.low) in _CASES or _is_limit(word, after):
            return True
        if word.low in words("conditions") and not (word.low == "после" and _is_event(after)):
            return True
        if word.low == "до" and (
            after.low in words("times") or ":" in after.text or after.low.endswith(_EVENTS)
        ):
            return True
        if word.low == "до" and after.low.endswith(_QUALITIES) and _is_event_named(clause, after):
            return True
        if after.low in words("times") and word.token.kind == "number":  # «до 5 декабря», but not «до 12 лет»
            return any(one.low == "до" for one in clause)
    return refusing.low == "не" and bool(clause) and clause[-1].low in words("conditions")


def _is_event_named(clause: tuple[Word, ...], quality: Word) -> bool:
    """«До полной оплаты», «до стопроцентного погашения»: the event after its quality."""
    after = next((one for one in clause if one.start >= quality.end and one.is_word), None)
    return after is not None and after.low.endswith(_EVENTS)


def _is_limit(word: Word, after: Word) -> bool:
    """«Больше половины», «более двух раз»: only so much is denied."""
    return word.low in _MORE and (after.token.kind == "number" or after.low.startswith(_SO_MUCH))


def _is_event(word: Word) -> bool:
    """«После подписи», «после оплаты»: a case, not a term as in «после 16:00», «после пятницы»."""
    return (
        word.is_word and word.low not in words("times") and not word.low.startswith(("срок", "этого", "того"))
    )


def clause_round(sentence: Sentence, start: int, end_of_it: int) -> tuple[Word, ...]:
    """The words between the marks round a place."""
    begin, end = 0, len(sentence.words)
    for number, word in enumerate(sentence.words):
        if word.text.strip() not in _BORDERS:
            continue
        if word.end <= start:
            begin = number + 1
        elif word.start >= end_of_it:
            end = number
            break
    return sentence.words[begin:end]


def begins(clause: tuple[Word, ...], name: str) -> bool:
    return any(word.low.startswith(beginnings(name)) for word in clause if word.is_word)


@cache
def beginnings(name: str) -> tuple[str, ...]:
    return tuple(tables("refusal")["words"][name])


@cache
def words(name: str) -> frozenset[str]:
    """A list of whole words of `data/refusal.toml`."""
    return frozenset(tables("refusal")["words"][name])
