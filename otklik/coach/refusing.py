"""Where a reply refuses, by the letters of its words alone: the rules `refusal` and `unexplained` and the check
before sending share it. What a refusal is and what only looks like one: `data/refusal.toml`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from weakref import WeakKeyDictionary

from otklik.coach.phrases import Match, phrases
from otklik.coach.reading import Reading, Sentence, Word
from otklik.coach.refusalwords import (
    LONGEST,
    beginnings,
    begins,
    clause_round,
    is_condition,
    is_subordinate,
    words,
)
from otklik.coach.withholding import serves, withheld

_INFINITIVE = re.compile(r"\w{2,30}(?:ать|ять|еть|ить|уть|оть|ыть|сти|зти|йти|чь)(?:ся)?")
_TERMS = frozenset({("пока", "не"), ("еще", "нет"), ("пока", "нет"), ("никогда", "не")})
_SHORT = 4  # words of a clause that is told shortly
_CURT = 6  # words of an answer that only says «увы, нет»
_NOTHING = frozenset({"ничего", "никому", "никого", "никуда"})

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
        every = [one for one in found if one]
        known = _KNOWN[reading] = [one for one in every if not _is_only_no(reading, one, every)]
    return known


def _is_only_no(reading: Reading, one: Refusal, every: list[Refusal]) -> bool:
    """«Нет. Цвет балконов менять запрещено»: the next sentence refuses in its own words."""
    alone = [word.low for word in reading.sentences[one.sentence].words if word.is_word] == ["нет"]
    return alone and any(other.sentence == one.sentence + 1 for other in every)


def _in_sentence(reading: Reading, at: int, sentence: Sentence) -> Refusal | None:
    if len(sentence.words) > LONGEST or sentence.is_question or _waits(sentence):
        return None
    no = _opening_no(sentence)
    said = _phrase(reading, at, sentence)
    held = withheld(sentence)
    if held and (said is None or held[0].start < said.start):
        said = Refusal(held[0].start, held[-1].end, at, stock=False)
    if said:
        return replace(said, start=no.start) if no else said
    if no and _is_bare_no(reading, sentence, no):
        return Refusal(no.start, sentence.words[-1].start, at, stock=False)
    return _curt(reading, at, sentence)


def _curt(reading: Reading, at: int, sentence: Sentence) -> Refusal | None:
    """«Увы, нет», «к сожалению, никак», «исключено»: nothing but a no to somebody who asks."""
    said = [word for word in sentence.words if word.is_word]
    lows = {word.low for word in said}
    if not said or len(said) > _CURT or not all(word.judged for word in said) or not asks(reading):
        return None
    if lows & words("curt") and lows <= words("curt") | words("beside_curt"):
        return Refusal(said[0].start, said[-1].end, at, stock=False)
    return None


def _phrase(reading: Reading, at: int, sentence: Sentence) -> Refusal | None:
    """The first phrase of the list that refuses here."""
    for match in phrases("refusal").find_in(sentence):
        clause = clause_round(sentence, match.words[0].start, match.words[-1].end)
        if _counts(reading, sentence, match, clause):
            return Refusal(*match.place, at, bool(match.phrase.more.get("stock")))
    return None


def _waits(sentence: Sentence) -> bool:
    """«Пока не пришлёте фото», «доброй половины ещё нет»: a term, not a refusal; «больше не выпускают» is one."""
    written = sentence.words
    for at, (one, after) in enumerate(pairwise(written)):
        if (one.low, after.low) in _TERMS:
            return True
        if (one.low, after.low) == ("больше", "не"):
            return at + 2 == len(written) or not serves(written[at + 2].low)
    return False


def _counts(reading: Reading, sentence: Sentence, match: Match, clause: tuple[Word, ...]) -> bool:
    """Whether the words refuse here: no condition, no comfort, and what the phrase needs beside it."""
    at = match.words[0].at - sentence.words[0].at
    before = sentence.words[at - 1].low if at else ""
    if before == "не" or (before in _NOTHING and match.words[0].low == "не"):
        return False
    if is_subordinate(sentence, clause) or is_condition(
        tuple(one for one in clause if one not in match.words), match.words[0]
    ):
        return False
    if not words("spares").isdisjoint(word.low for word in clause):
        return False
    need = _NEEDS.get(match.phrase.more.get("needs", ""))
    return need is None or need(reading, match, clause)


def _service(reading: Reading, match: Match, clause: tuple[Word, ...]) -> bool:
    gives_back = any(word.low.startswith(beginnings("giving")) for word in clause)  # «вернуть комиссию»
    if (begins(clause, "soothing") and not gives_back) or (
        match.words[0].low == "нельзя" and begins(clause, "burden")
    ):
        return False
    if not _able(reading, match, clause):
        return False
    if match.words[-1].low in words("fails") and any(_INFINITIVE.fullmatch(word.low) for word in clause):
        return True
    return begins(clause, "services") or _is_asked(reading, clause)


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
        word.low in words("asks") or word.low.endswith(("ете", "ите", "йте", "ьте"))
        for word in client.words
        if word.is_word
    )


def _able(_reading: Reading, match: Match, clause: tuple[Word, ...]) -> bool:
    """«Не могу найти», «не можем дозвониться» tell a fact."""
    after = [word.low for word in clause if word.start >= match.words[0].end][:4]
    return words("facts").isdisjoint(after)


def _barred(reading: Reading, match: Match, clause: tuple[Word, ...]) -> bool:
    """«Пересдача исключена», but not «магазин исключён из выдачи»."""
    after = next((word.low for word in clause if word.start >= match.words[-1].end), "")
    return after != "из" and _service(reading, match, clause)


def _other(reading: Reading, match: Match, clause: tuple[Word, ...]) -> bool:
    """«Касса не может принять», but not «ребёнок не может открыть»."""
    return begins(clause, "firms") and _service(reading, match, clause)


def _asked(reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return _is_asked(reading, clause)


def _covers(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return begins(clause, "covers")


def _absent(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return begins(clause, "absent")


def _firm_does(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    """«Оплачивать такси авиакомпания не будет», «отсрочек не будет»."""
    deeds = any(_INFINITIVE.fullmatch(word.low) for word in clause)
    if not deeds and begins(clause, "wanted") and not begins(clause, "soothing"):
        return True
    return deeds and begins(clause, "firms") and not begins(clause, "burden")


def _place(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return not words("places").isdisjoint(word.low for word in clause)


def _ours(_reading: Reading, match: Match, clause: tuple[Word, ...]) -> bool:
    gives_back = match.words[-1].low.startswith(beginnings("giving"))
    return gives_back or not begins(clause, "burden")


def _firm(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return begins(clause, "firms") and not begins(clause, "burden")


def _to_you(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return any(word.low == "вам" for word in clause)


def _calm(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    kept = tuple(word for word in clause if not word.low.startswith(("доплат", "возмещ")))
    return not begins(kept, "soothing")


def _us(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return any(word.low == "мы" for word in clause)


def _thing(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return begins(clause, "requests")


def _wanted(reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    """«Рассрочки у нас нет», «такой услуги нет», but not «очереди нет», «у вас долгов нет»."""
    lows = {word.low for word in clause}
    if begins(clause, "soothing") or ("у" in lows and lows & {"вас", "него", "нее", "них"}):
        return False
    if {"у", "нас"} <= lows:
        return not begins(clause, "knowledge")
    return begins(clause, "wanted") or _is_of_the_question(reading, clause)


def _is_of_the_question(reading: Reading, clause: tuple[Word, ...]) -> bool:
    """«Вакансий сторожа нет» to one who asked about a vacancy."""
    client = reading.client
    if client is None or not asks(reading) or begins(clause, "knowledge"):
        return False
    asked = {
        word.low[:5]
        for one in client.sentences
        if one.is_question
        for word in one.words
        if word.is_word and len(word.low) > 4
    }
    return any(word.low[:5] in asked for word in clause if word.is_word and len(word.low) > 4)


def _sold_out(reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    """«Билеты распроданы» to one who asks for some; «срок закончился» tells of a term."""
    return begins(clause, "stocked") and (asks(reading) or len(clause) <= _SHORT)


def _entrance(reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    """«Запись на декабрь закрыта» to one who asks for it."""
    return asks(reading) and begins(clause, "entrances")


def _to_act(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    """«Обсуждать это не будем», but not «торопить вас не будем»."""
    deeds = [word for word in clause if _INFINITIVE.fullmatch(word.low) or word.low == "никак"]
    return bool(deeds) and not begins(tuple(deeds), "sparing_deeds") and not begins(clause, "burden")


def _worker_acts(reading: Reading, match: Match, clause: tuple[Word, ...]) -> bool:
    """«Бригада не успеет приехать», but not «корни не успеют зацепиться»."""
    ours = begins(clause, "firms") or begins(clause, "workers")
    return ours and _to_act(reading, match, clause)


def _firm_refuses(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return begins(clause, "firms")


def _money_back(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return begins(clause, "back")


def _responsibility(_reading: Reading, _match: Match, clause: tuple[Word, ...]) -> bool:
    return any(word.low.startswith("ответственност") for word in clause)


_NEEDS: dict[str, Callable[[Reading, Match, tuple[Word, ...]], bool]] = {
    "service": _service,
    "barred": _barred,
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
    "sold out": _sold_out,
    "entrance": _entrance,
    "to act": _to_act,
    "worker acts": _worker_acts,
    "money back": _money_back,
    "firm refuses": _firm_refuses,
    "responsibility": _responsibility,
}


def _opening_no(sentence: Sentence) -> Word | None:
    first = next((word for word in sentence.words if word.is_word), None)
    return first if first and first.judged and first.low == "нет" else None


def _is_bare_no(reading: Reading, sentence: Sentence, no: Word) -> bool:
    """«Нет.», «Нет, так не бывает» after a client who asked for something."""
    rest = [word for word in sentence.words if word.is_word and word.start > no.start]
    if not asks(reading) or begins(tuple(rest), "soothing"):
        return False
    lows = {word.low for word in rest}
    return not lows or (len(lows) <= 4 and "не" in lows and words("spares").isdisjoint(lows))
