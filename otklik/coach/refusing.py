"""Where a reply refuses, by the letters of its words alone: the rules `refusal` and `unexplained` and the check
before sending share it. What a refusal is and what only looks like one: `data/refusal.toml`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from weakref import WeakKeyDictionary

from otklik.coach.phrases import Match, phrases, tables
from otklik.coach.reading import Reading, Sentence, Word

_FIRST_PLURAL = re.compile(r"\w{3,30}(?:ем|им)(?:ся)?")
LONGEST = 300  # words of a sentence that somebody wrote; what is longer is no talk and costs too much time
_INFINITIVE = re.compile(r"\w{3,30}(?:ать|ять|еть|ить|уть|оть|ыть|сти|зти|йти|чь)(?:ся)?")
_REFLEXIVE = re.compile(r"(?:[еи]т|[ую]т|[ая]т)ся\Z")
_NEAR = 8  # words before a denied verb among which its service stands
_BORDERS = frozenset(",;:—–()…")


# two rules ask for the refusals of one reply; forgotten with the reading
_KNOWN: "WeakKeyDictionary[Reading, list[Refusal]]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Refusing words: their place, and the number of their sentence among `reading.sentences`."""

    start: int
    end: int
    sentence: int
    stock: bool  # «нет в наличии»: the words are their own reason


def refusals(reading: Reading) -> list[Refusal]:
    """All refusals of a reply in order, at most one a sentence. Budget: 1 000 characters ≤ 0.5 ms."""
    known = _KNOWN.get(reading)
    if known is None:
        found = (_in_sentence(reading, at, one) for at, one in enumerate(reading.sentences) if one.is_judged)
        known = _KNOWN[reading] = [one for one in found if one]
    return known


def _in_sentence(reading: Reading, at: int, sentence: Sentence) -> Refusal | None:
    if len(sentence.words) > LONGEST or sentence.is_question or _waits(sentence):
        return None
    no = _opening_no(sentence)
    for match in phrases("refusal").find_in(sentence):
        clause = _clause(sentence, match.words[0].start, match.words[-1].end)
        if _counts(reading, sentence, match, clause):
            start = no.start if no else match.words[0].start
            return Refusal(start, match.words[-1].end, at, bool(match.phrase.more.get("stock")))
    plain = _first_person(sentence) or _office(sentence)
    if plain:
        return Refusal((no or plain[0]).start, plain[-1].end, at, stock=False)
    if no and _is_bare_no(reading, sentence, no):
        return Refusal(no.start, sentence.words[-1].start, at, stock=False)
    return None


def _waits(sentence: Sentence) -> bool:
    """«Пока не пришлёте фото», «доброй половины ещё нет»: a term, not a refusal."""
    pairs = {(one.low, after.low) for one, after in pairwise(sentence.words)}
    return bool(
        pairs & {("пока", "не"), ("еще", "нет"), ("пока", "нет"), ("больше", "не"), ("никогда", "не")}
    )


def _first_person(sentence: Sentence) -> tuple[Word, Word] | None:
    """«Не вызываем», «не разрешаем»: what a firm doesn't do, whatever the verb."""
    for before, (denial, verb) in zip([None, *sentence.words], pairwise(sentence.words), strict=False):
        if before is not None and before.low.startswith("ни"):  # «никуда не переезжаем», «ничего не теряем»
            continue
        if denial.low != "не" or not denial.judged or not _FIRST_PLURAL.fullmatch(verb.low):
            continue
        clause = _clause(sentence, denial.start, verb.end)
        if (
            verb.low in words("harmless")
            or _is_subordinate(sentence, clause)
            or _is_condition(clause, denial)
        ):
            continue
        if not _begins(clause, "burden") and words("spares").isdisjoint(word.low for word in clause):
            return denial, verb
    return None


def _office(sentence: Sentence) -> tuple[Word, Word] | None:
    """«Не переоформляются», «возвращены не будут»: what a firm does for people is denied in the passive."""
    written = [word for word in sentence.words if word.is_word]
    for at, denial in enumerate(written[:-1]):
        if denial.low != "не" or not denial.judged:
            continue
        found = _denied(written, at)
        if found is None:
            continue
        clause = _clause(sentence, found[0].start, found[1].end)
        if _is_subordinate(sentence, clause) or _is_condition(clause, denial):
            continue
        gives_back = any(word.low.startswith(_beginnings("giving")) for word in found)
        is_ours = gives_back or not (_begins(clause, "burden") or _begins(clause, "soothing"))
        if is_ours and words("spares").isdisjoint(word.low for word in clause):
            return found
    return None


def _denied(written: list[Word], at: int) -> tuple[Word, Word] | None:
    """The first and the last of the words round the «не» at `at` that deny a deed of an office."""
    verb = written[at + 1]
    if _REFLEXIVE.search(verb.low) and _is_of_an_office(written, at):
        return written[at], verb
    if verb.low not in {"будет", "будут", "может", "могут"}:
        return None
    if at and _is_given(written[at - 1]):
        return written[at - 1], verb
    given = next((word for word in written[at + 2 : at + 5] if _is_given(word)), None)
    return (written[at], given) if given else None


def _is_of_an_office(written: list[Word], at: int) -> bool:
    """A firm's own verb, or any that nothing does by itself beside a service: «багаж не перевозится»."""
    low = written[at + 1].low
    if low.startswith(_beginnings("office")):
        return True
    near = tuple(written[max(0, at - _NEAR) : at])
    return not low.startswith(_beginnings("happens")) and (
        _begins(near, "services") or _begins(near, "wanted")
    )


def _is_given(word: Word) -> bool:
    low = word.low
    return low in words("given") or (low[-1:] in {"а", "о", "ы"} and low[:-1] in words("given"))


def _counts(reading: Reading, sentence: Sentence, match: Match, clause: tuple[Word, ...]) -> bool:
    """Whether the words refuse here: no condition, no comfort, and what the phrase needs beside it."""
    at = match.words[0].at - sentence.words[0].at
    if at and sentence.words[at - 1].low == "не":
        return False
    if _is_subordinate(sentence, clause) or _is_condition(
        tuple(one for one in clause if one not in match.words), match.words[0]
    ):
        return False
    if not words("spares").isdisjoint(word.low for word in clause):
        return False
    need = _NEEDS.get(match.phrase.more.get("needs", ""))
    return need is None or need(reading, match, clause)


def is_reported(sentence: Sentence, clause: tuple[Word, ...]) -> bool:
    """«Сообщаем, что оснований нет»: the clause after «что» is what the letter says."""
    opening = next((word.low for word in clause if word.is_word), "")
    before = (word for word in sentence.words if word.end <= clause[0].start)
    return opening == "что" and any(word.low.startswith(_beginnings("reporting")) for word in before)


def _is_subordinate(sentence: Sentence, clause: tuple[Word, ...]) -> bool:
    if is_reported(sentence, clause):
        return False
    opening = [word.low for word in clause if word.is_word][:2]
    return not words("subordinate").isdisjoint(opening[:1]) or (
        opening[:1] in (["и"], ["а"], ["но"], ["в"], ["на"], ["из"], ["для"], ["то"])
        and not words("subordinate").isdisjoint(opening[1:])
    )


def _is_condition(clause: tuple[Word, ...], refusing: Word) -> bool:
    """«Без чека», «после 25 числа», «до пятницы»: the rule `negative` speaks of those."""
    for word, after in pairwise(clause):
        if word.low in words("conditions") and not (word.low == "после" and _is_event(after)):
            return True
        if word.low == "до" and (after.low in words("times") or ":" in after.text):
            return True
        if after.low in words("times") and word.token.kind == "number":  # «до 5 декабря», but not «до 12 лет»
            return any(one.low == "до" for one in clause)
    return refusing.low == "не" and bool(clause) and clause[-1].low in words("conditions")


def _is_event(word: Word) -> bool:
    """«После подписи», «после оплаты»: a case, not a term as in «после 16:00», «после пятницы»."""
    return (
        word.is_word and word.low not in words("times") and not word.low.startswith(("срок", "этого", "того"))
    )


def _service(reading: Reading, match: Match, clause: tuple[Word, ...]) -> bool:
    gives_back = any(word.low.startswith(_beginnings("giving")) for word in clause)  # «вернуть комиссию»
    if (_begins(clause, "soothing") and not gives_back) or (
        match.words[0].low == "нельзя" and _begins(clause, "burden")
    ):
        return False
    if not _able(reading, match, clause):
        return False
    if match.words[-1].low in words("fails") and any(_INFINITIVE.fullmatch(word.low) for word in clause):
        return True
    return _begins(clause, "services") or _is_asked(reading, clause)


def _is_asked(reading: Reading, clause: tuple[Word, ...]) -> bool:
    """The client asks whether something may be done, and this is short or speaks of the same."""
    if not asks(reading):
        return False
    lows = [word.low for word in clause if word.is_word]
    client = reading.client
    known = {word.low[:5] for word in client.words if len(word.low) > 4} if client else set()
    return len(lows) <= 6 or any(low[:5] in known for low in lows if len(low) > 4)


def asks(reading: Reading) -> bool:
    """Whether the client asks for leave or for a service: «можно», «хочу», «принимаете»."""
    client = reading.client
    if client is None:
        return False
    return any(
        word.low in words("asks") or word.low.endswith(("ете", "ите", "йте"))
        for word in client.words
        if word.is_word
    )


def _able(_reading: Reading, match: Match, clause: tuple[Word, ...]) -> bool:
    """«Не могу найти», «не можем дозвониться» tell a fact."""
    after = [word.low for word in clause if word.start >= match.words[0].end][:4]
    return words("facts").isdisjoint(after)


def _other(reading: Reading, match: Match, clause: tuple[Word, ...]) -> bool:
    """«Касса не может принять», but not «ребёнок не может открыть»."""
    return _begins(clause, "firms") and _service(reading, match, clause)


def _asked(reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return _is_asked(reading, clause)


def _covers(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return _begins(clause, "covers")


def _absent(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return _begins(clause, "absent")


def _firm_does(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    """«Оплачивать такси авиакомпания не будет»."""
    deeds = any(_INFINITIVE.fullmatch(word.low) for word in clause)
    return deeds and _begins(clause, "firms") and not _begins(clause, "burden")


def _place(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return not words("places").isdisjoint(word.low for word in clause)


def _ours(_reading: Reading, match: Match, clause: tuple[Word, ...]) -> bool:
    gives_back = match.words[-1].low.startswith(_beginnings("giving"))
    return gives_back or not _begins(clause, "burden")


def _firm(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return _begins(clause, "firms") and not _begins(clause, "burden")


def _to_you(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return any(word.low == "вам" for word in clause)


def _calm(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    kept = tuple(word for word in clause if not word.low.startswith(("доплат", "возмещ")))
    return not _begins(kept, "soothing")


def _us(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return any(word.low == "мы" for word in clause)


def _thing(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return _begins(clause, "requests")


def _wanted(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    """«Рассрочки у нас нет», «такой услуги нет», but not «очереди нет», «у вас долгов нет»."""
    lows = {word.low for word in clause}
    if _begins(clause, "soothing") or ("у" in lows and lows & {"вас", "него", "нее", "них"}):
        return False
    if {"у", "нас"} <= lows:
        return not _begins(clause, "knowledge")
    return _begins(clause, "wanted")


_NEEDS: dict[str, Callable[[Reading, Match, tuple[Word, ...]], bool]] = {
    "service": _service,
    "other": _other,
    "absent": _absent,
    "covers": _covers,
    "asked": _asked,
    "firm does": _firm_does,
    "able": _able,
    "place": _place,
    "ours": _ours,
    "firm": _firm,
    "to you": _to_you,
    "calm": _calm,
    "us": _us,
    "thing": _thing,
    "wanted": _wanted,
}


def _opening_no(sentence: Sentence) -> Word | None:
    first = next((word for word in sentence.words if word.is_word), None)
    return first if first and first.judged and first.low == "нет" else None


def _is_bare_no(reading: Reading, sentence: Sentence, no: Word) -> bool:
    """«Нет.», «Нет, так не бывает» after a client who asked for something."""
    rest = [word for word in sentence.words if word.is_word and word.start > no.start]
    if not asks(reading) or _begins(tuple(rest), "soothing"):
        return False
    lows = {word.low for word in rest}
    return not lows or (len(lows) <= 4 and "не" in lows and words("spares").isdisjoint(lows))


def _clause(sentence: Sentence, start: int, end_of_it: int) -> tuple[Word, ...]:
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


def _begins(clause: tuple[Word, ...], name: str) -> bool:
    return any(word.low.startswith(_beginnings(name)) for word in clause if word.is_word)


@cache
def _beginnings(name: str) -> tuple[str, ...]:
    return tuple(tables("refusal")["words"][name])


@cache
def words(name: str) -> frozenset[str]:
    """A list of whole words of `data/refusal.toml`."""
    return frozenset(tables("refusal")["words"][name])


def sentences_round(reading: Reading, at: int, before: int, after: int) -> Iterator[Sentence]:
    """The neighbours of a sentence, itself left out."""
    for number in range(max(0, at - before), min(len(reading.sentences), at + after + 1)):
        if number != at:
            yield reading.sentences[number]
