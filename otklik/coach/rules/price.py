"""An offer that may cost money, and the reply tells neither how much nor that it is free (contract: `price`).

Two ways to see one: a thing that costs money is offered, or we offer to do anything else than to help with words,
to give back, or to do what the client asked for (`otklik/coach/extras.py`). A price near settles both. Lists:
`data/price.toml`.
"""

import re
from collections.abc import Iterator
from functools import cache

from otklik.coach import extras, sales, wares
from otklik.coach.asking import subjects
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.refusalwords import LONGEST
from otklik.coach.reply import Finding

CODE = "price"
REASON = "Клиент не поймёт, платно это или нет: назовите цену или скажите, что это бесплатно."
_REACH = 12  # words after the offering word among which the thing stands
BEFORE, AFTER = 2, 4  # sentences round the offer where its price may stand
_POINTING = frozenset({"его", "ее", "их", "это", "этот", "эту", "такой", "такую", "такое", "так", "туда"})
_ALL = frozenset({"все", "всем", "всех", "любой", "любую", "любая", "каждый", "каждую", "каждая", "ничего"})


def find(reading: Reading) -> Iterator[Finding]:
    """The sentence of each offer whose price stays unclear, one for a run of offers of the same thing."""
    settled_until = -1
    for at, sentence in enumerate(reading.sentences):
        if not sentence.is_judged or at <= settled_until:
            continue
        if not _is_offer(reading, sentence) or _is_settled(reading, at):
            continue
        settled_until = at + 1
        yield finding(CODE, (sentence.start, sentence.end), REASON)


def _is_offer(reading: Reading, sentence: Sentence) -> bool:
    """Something that may cost money; where the fault is ours, only what is better than what was bought."""
    if sales.records(sentence) or sales.moves(sentence) or _is_anew(sentence):
        return False
    if wares.holds_out(reading, sentence):
        return True
    if reading.reply.our_fault:
        return extras.raises(sentence) or sales.adds(reading, sentence)
    if sales.sells(reading, sentence):
        return True
    offer = _offer(sentence)
    return (offer is not None and _is_paid(sentence, offer)) or extras.offers(reading, sentence)


def _is_anew(sentence: Sentence) -> bool:
    """«Можем прийти ещё раз и закрепить»: what was done is done again."""
    return "еще раз" in _low(sentence.words)


def _offer(sentence: Sentence) -> Word | None:
    """The word where an offer begins, None when the sentence offers nothing."""
    if len(sentence.words) > LONGEST:
        return None
    words = [word for word in sentence.words if word.is_word]
    for at, word in enumerate(words):
        if not word.judged or (at and words[at - 1].low in {"не", "ли"}):
            continue
        if word.low == "можно" and "что" in {one.low for one in words[:at]}:  # «тем, что в нём можно …»
            continue
        after = words[at + 1 : at + 6]
        if (
            word.low in _list("offering")
            or _able(word, after)
            or _advises(word, after)
            or _is_there(words, at)
        ):
            return word
        if word.low in _list("wish") and any(_is_our_future(one) for one in words[at + 1 : at + 8]):
            return word
    return None


def _able(word: Word, after: list[Word]) -> bool:
    """«Можем поставить», «готовы прислать», «можете заказать»."""
    if word.low in {"можете", "сможете", "можно"}:
        return any(_is_one_of(one, "buying") for one in after[:3])
    return word.low in _list("able") and any(
        one.judged and one.is_a("INFN") and _is_one_of(one, "verbs") for one in after
    )


def _advises(word: Word, after: list[Word]) -> bool:
    """«Рекомендуем выезд мастера», «советую взять пакет», but not «рекомендуем обновить браузер»."""
    if word.low not in _list("advising"):
        return False
    verb = next((one for one in after if one.is_a("INFN")), None)
    return verb is None or ("не" not in {one.low for one in after[:2]} and _is_one_of(verb, "buying"))


def _is_there(words: list[Word], at: int) -> bool:
    """«Есть услуга …»: the thing stands right after."""
    return words[at].low == "есть" and any(one.low in _list("kinds") for one in words[at + 1 : at + 3])


def _is_our_future(word: Word) -> bool:
    return word.is_a("VERB", "futr", "1per") and _is_one_of(word, "verbs")


def _is_one_of(word: Word, name: str) -> bool:
    return not word.lemmas.isdisjoint(_list(name))


def _is_paid(sentence: Sentence, offer: Word) -> bool:
    """A thing that costs money is what is offered, and nothing free stands before it."""
    whole = _low(sentence.words)
    said = _low(tuple(word for word in sentence.words if word.start >= offer.start)[:_REACH])
    places = [found.start() for found in (_paid().search(said), _doubtful(said, whole)) if found]
    free = _free().search(said)
    if places:
        return free is None or min(places) < free.start()
    if offer.low in _list("ours") and _sells(sentence, offer):
        return free is None
    asks = sentence.is_question and free is None  # «Класс выше предложить можем?»: the thing stands first
    return asks and (_paid().search(whole) or _doubtful(whole, whole)) is not None


def _sells(sentence: Sentence, offer: Word) -> bool:
    """The verb itself means a service: «подключить», «организовать», «выделить»."""
    after = [word for word in sentence.words if word.start > offer.start and word.is_word][:6]
    pairs = zip(after, [*after[1:], None], strict=False)
    return any(
        word.judged and _is_one_of(word, "sells") and not (then and then.low in {"к", "ко"})
        for word, then in pairs
    )


def _doubtful(said: str, whole: str) -> re.Match[str] | None:
    for thing, beside in _doubts():
        found = thing.search(said)
        if found and beside.search(whole):
            return found
    return None


def _is_settled(reading: Reading, at: int) -> bool:
    """A price stands in the offer or after it, or before it where the same thing is spoken of."""
    if any(_has_price(reading, one) for one in reading.sentences[at : at + AFTER + 1]):
        return True
    offer = reading.sentences[at]
    if wares.holds_out(reading, offer):  # what is new to the talk has had no price so far
        return False
    before = (one for one in reading.sentences[max(0, at - BEFORE) : at] if _has_price(reading, one))
    return any(_is_of_the_same(one, offer) for one in before)


def _has_price(reading: Reading, sentence: Sentence) -> bool:
    low = reading.text[sentence.start : sentence.end].lower().replace("ё", "е")
    return _settled().search(low) is not None


def _is_of_the_same(told: Sentence, offer: Sentence) -> bool:
    """«Подъём на этаж 500 ₽. Можем поднять и шкаф»: a word in common, «его», «это», «все услуги»."""
    if any(word.low in _POINTING for word in offer.words) or any(word.low in _ALL for word in told.words):
        return True
    said = frozenset(one for word in offer.words for one in subjects(word))
    return not said or any(not said.isdisjoint(subjects(word)) for word in told.words)


def _low(words: tuple[Word, ...]) -> str:
    return " ".join(word.low.strip() for word in words)


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(tables("price")["words"][name])


@cache
def _paid() -> re.Pattern[str]:
    return _beginning(tables("price")["words"]["paid"])


@cache
def _free() -> re.Pattern[str]:
    return _beginning(tables("price")["words"]["free"])


@cache
def _doubts() -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    return [(_beginning([one["thing"]]), _beginning(one["beside"])) for one in tables("price")["doubtful"]]


def _beginning(ways: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ways))})")


@cache
def _settled() -> re.Pattern[str]:
    return re.compile("|".join(tables("price")["words"]["settled"]))
