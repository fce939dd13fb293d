"""Things for sale held out to the client, whatever the words: «гляньте фейерверк», «у нас появился массаж».

Two parts make such an offer (rule `price`): a thing that costs money as a rule and of which nobody has spoken yet,
and a way to hold it out: «можем», «рады предложить», a future beside «ещё» or in a question, an invitation, the news
that we have it now. Lists: `data/wares.toml`.
"""

import re
from dataclasses import dataclass
from functools import cache

from otklik.coach import shelves
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word
from otklik.coach.refusalwords import LONGEST

_STEM = 5  # letters by which a thing spoken of before is known again
_WISH = r"(?<!\w)(?:если (?:\w+ )?(?:нужн|надо|хотите|захотите|пожелаете|понадоб)|по желанию|\w+[аяую]т и\b|\w+ит и\b)"
_ANEW = r"(?<!\w)(?:заново|снова|еще раз|ваш\w*|вместо)(?!\w)"
_BACK = 3  # words between a preposition and its noun
_DIRECT = frozenset({"присмотритесь", "присмотрите", "попробуйте", "закажите", "побалуйте", "порадуйте"})
_TAKING = frozenset({"взять", "пригласить", "позвать", "записать"})  # «взять на сопровождение»


@dataclass(frozen=True, slots=True)
class _Offer:
    """A sentence with its words, folded in `low`, and the places of its wares."""

    sentence: Sentence
    words: list[Word]
    low: str
    things: list[int]


def holds_out(reading: Reading, sentence: Sentence) -> bool:
    """Whether the sentence offers something that is for sale and new to the talk."""
    if len(sentence.words) > LONGEST:
        return False
    words = [word for word in sentence.words if word.is_word]
    low = " ".join(word.low for word in words)
    if "платн" in low and any(_sends_for_money(words, at) for at in range(len(words))):
        return True
    is_beside = not sentence.lows.isdisjoint(_beside())
    if is_beside and (_lends_a_hand(words, low) or _does_both(words)):
        return True
    if shelves.shows(reading, sentence, words, low):
        return True
    if sentence.lemmas.isdisjoint(_wares_and_named()):
        return False
    if _pattern("no_sale").search(low):
        return False
    things = _things(reading, words)
    offer = _Offer(sentence, words, low, things)
    return bool(things) and any(way(offer) for way in _WAYS)


def _sends_for_money(words: list[Word], at: int) -> bool:
    """«Отправим к вам платного мастера»."""
    word = words[at]
    if not (word.judged and word.low.startswith("платн") and word.is_a("ADJF")):
        return False
    before = words[max(0, at - 4) : at]
    return any(one.is_a("VERB", "futr", "1per") for one in before) and all(one.low != "не" for one in before)


def _lends_a_hand(words: list[Word], low: str) -> bool:
    """«Ещё наш дизайнер подправит макет, если нужно»."""
    hand = next((at for at, word in enumerate(words) if word.low.startswith(_beginnings("crafts"))), None)
    if hand is None or not words[hand].is_a("NOUN", "nomn") or {"не", "ли"} & {word.low for word in words}:
        return False
    is_beside = _set("more") & {word.low for word in words} or re.search(_WISH, low)
    if not is_beside or re.search(_ANEW, low):
        return False
    deeds = [one for one in words[hand + 1 : hand + 4] if one.judged and one.is_a("VERB", "futr", "3per")]
    return bool(deeds) and not any(one.low.startswith(_beginnings("their_talk")) for one in deeds)


def _does_both(words: list[Word]) -> bool:
    """«Мы и свадьбы снимаем, и крестины»: a trade that nobody asked for."""
    lows = [word.low for word in words]
    if "мы" not in lows or "и" not in lows:
        return False
    at = lows.index("мы") + 1
    at += at < len(lows) and lows[at] in _set("more")
    thing, deed = words[at + 1 : at + 2], words[at + 2 : at + 5]
    if lows[at : at + 1] != ["и"] or not thing or not thing[0].is_a("NOUN", "accs"):
        return False
    return any(one.is_a("VERB", "pres", "1per") and not one.lemmas.isdisjoint(_set("trades")) for one in deed)


def _things(reading: Reading, words: list[Word]) -> list[int]:
    """Places of the wares that neither the client nor the reply has named before, nor belong to another noun."""
    places = [at for at, word in enumerate(words) if _is_ware(word) or _is_named(words, at)]
    places = [at for at in places if not _is_part(words, at)]
    if not places:
        return []
    named = {one.low[:_STEM] for one in reading.words if one.is_word and one.start < words[0].start}
    if reading.client is not None:
        named |= {one.low[:_STEM] for one in reading.client.words if one.is_word}
    return [at for at in places if words[at].low[:_STEM] not in named]


def _is_ware(word: Word) -> bool:
    return word.judged and not word.lemmas.isdisjoint(_wares()) and word.is_a("NOUN")


def _is_named(words: list[Word], at: int) -> bool:
    """«Карту «Простор»», «дебетовую карту»: with a name of its own, or of a paid kind."""
    word = words[at]
    if not word.judged or word.lemmas.isdisjoint(_set("named")):
        return False
    if at + 1 < len(words) and not words[at + 1].judged:
        return True
    return at > 0 and words[at - 1].low.startswith(_beginnings("paid"))


def _is_part(words: list[Word], at: int) -> bool:
    """«Фото торта», «без чехла», «ваш коврик», «пробный массаж»: not the thing that is offered."""
    if not at:
        return False
    before = words[at - 1]
    if before.low in {"без", "вместо", "из", "с", "со", "от", "после", "при", "для", "под"}:
        return True
    if _beginning("given").match(before.low):
        return True
    return (
        before.is_a("NOUN")
        and words[at].is_a("NOUN", "gent")
        and not _is_ware(before)
        and before.low not in _amounts()
    )


def _can(offer: _Offer) -> bool:
    """«Можем добавить шары», «рады предложить карту», «советую взять чехол»."""
    words, things = offer.words, offer.things
    for at, word in enumerate(words):
        if not word.judged or word.low not in _set("able") or _is_denied(words, at):
            continue
        deed = next((one for one in words[at + 1 : at + 8] if one.is_a("INFN")), None)
        advises = word.low.startswith(("совет", "рекоменд", "посовет", "пореком"))
        if deed is None:
            bare = word.low.startswith(("предл", "совет", "рекоменд", "посовет", "пореком"))
            if bare and any(_is_object(words, one) for one in things if one > at):
                return True
            continue
        if advises and deed.lemmas.isdisjoint(_set("buy")):
            continue
        if (advises or not deed.low.startswith(_beginnings("talk"))) and any(
            _is_object(words, one) for one in things
        ):
            return True
    return False


def _shall(offer: _Offer) -> bool:
    """«Заодно сделаем нишу», «добавим открытку?», «может, и шторы вам повесить?»."""
    words, things = offer.words, offer.things
    is_more = any(word.low in _set("more") for word in words)
    if not (is_more or offer.sentence.is_question):
        return False
    for word in words:
        if word.judged and word.is_a("VERB", "futr", "1per"):
            is_talk = word.low.startswith(_beginnings("talk"))
            return not is_talk and any(_is_object(words, one) for one in things)
    return offer.sentence.is_question and _asks_to_take(words, things)


def _asks_to_take(words: list[Word], things: list[int]) -> bool:
    """«Нужны свёрла по бетону?», «дрова подвезти?»; «какой чехол положить?» is about what he has ordered."""
    lows = {word.low for word in words}
    if not lows.isdisjoint(_set("asking")):
        return False
    is_named = not lows.isdisjoint(_set("needing")) and any(words[one].is_a("NOUN", "nomn") for one in things)
    deed = next((word for word in words if word.is_a("INFN")), None)
    is_done = deed is not None and not deed.low.startswith(_beginnings("talk"))
    is_taken = is_done or not lows.isdisjoint(_set("needing"))
    return is_named or (is_taken and any(_is_object(words, one) for one in things))


def _bids(offer: _Offer) -> bool:
    """«Гляньте нашу коллекцию штор», «приходите на чистку», «присмотритесь к пропитке»."""
    words, things = offer.words, offer.things
    begun = next((at for at, word in enumerate(words) if word.judged and word.low in _set("bids")), None)
    if begun is None or (
        words[begun].low == "не" and [one.low for one in words[begun + 1 : begun + 2]] != ["забудьте"]
    ):
        return False
    if words[begun].low in _DIRECT and any(one > begun for one in things):
        return True
    if words[begun].low in _set("buying") and any(
        not words[one].lemmas.isdisjoint(_set("surely")) for one in things
    ):
        return True
    return _pattern("shop").search(offer.low) is not None


def _is_there(offer: _Offer) -> bool:
    """«У нас появился массаж», «есть ещё кавер-группа», «в пакете вас ждут …»."""
    words, things = offer.words, offer.things
    if (
        offer.sentence.is_question
        or "если" in offer.low.split()[:2]
        or {"нет", "не"} & {word.low for word in words}
    ):
        return False
    is_told = _pattern("there").search(offer.low) is not None or (
        "есть" in offer.low.split()
        and any(word.low in _set("bids") or word.low.startswith("подбер") for word in words)
    )
    return is_told and any(words[one].is_a("NOUN", "nomn") for one in things)


def _trades(offer: _Offer) -> bool:
    """«Мы ещё и чистим кондиционеры», «для школьников проводим экскурсии с чаепитием»."""
    words = offer.words
    if offer.sentence.is_question or "не" in {word.low for word in words}:
        return False
    deed = _trade(words)
    if deed is None:
        return False
    is_more = any(word.low in _set("more") for word in words[:deed])
    return is_more or (words[0].low == "для" and words[1].is_a("NOUN", "gent", "plur"))


def _trade(words: list[Word]) -> int | None:
    """The place of «делаем», «печём»: what we do for a living."""
    for at, word in enumerate(words):
        is_ours = word.judged and word.is_a("VERB", "pres", "1per", "plur")
        if is_ours and not word.lemmas.isdisjoint(_set("trades")):
            return at
    return None


_WAYS = (_can, _shall, _bids, _is_there, _trades)


def _is_object(words: list[Word], at: int) -> bool:
    """In the accusative, and governed by no preposition."""
    word = words[at]
    if not (word.is_a("NOUN", "accs") or words[max(0, at - 1)].low in _amounts()):
        return False
    for before in reversed(words[max(0, at - _BACK) : at]):
        if before.is_a("PREP"):
            return before.low == "на" and any(not one.lemmas.isdisjoint(_TAKING) for one in words)
        if not before.is_a("ADJF"):
            return True
    return True


def _is_denied(words: list[Word], at: int) -> bool:
    return at > 0 and words[at - 1].low in {"не", "ли", "чем"}


@cache
def _amounts() -> frozenset[str]:
    return frozenset(
        {
            "пару",
            "парочку",
            "коробку",
            "бутылку",
            "набор",
            "комплект",
            "коллекцию",
            "пачку",
            "упаковку",
            "немного",
        }
    )


@cache
def _wares() -> frozenset[str]:
    return frozenset(tables("wares")["wares"].replace("ё", "е").split())


@cache
def _beside() -> frozenset[str]:
    return _set("more") | {"и", "если", "желанию"}


@cache
def _wares_and_named() -> frozenset[str]:
    return _wares() | _set("named")


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(tables("wares")[name])


@cache
def _beginnings(name: str) -> tuple[str, ...]:
    return tuple(tables("wares")[name])


@cache
def _beginning(name: str) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(tables('wares')[name])})")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(tables("wares")[name])
