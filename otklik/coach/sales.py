"""Ways to sell besides «можем» with a deed: each of these asks for a price (rule `price`).

A service in the plain future («окна тоже помоем»), a better plan, a person sent to the client's door, what he could
do himself done for him, goods beside what he bought (`goods.py`), errands, «есть платный приём», a yes to a paid
service he asks for. Lists: `data/sales.toml`.
"""

import re
from functools import cache

from otklik.coach.goods import BESIDE_HEADS, adds_goods, chooses, makes_new
from otklik.coach.reading import Reading, Sentence, Word
from otklik.coach.refusalwords import LONGEST
from otklik.coach.said import (
    ABLE,
    NEAR,
    OURS,
    THEY,
    YOURS,
    Said,
    beginnings,
    found,
    futures,
    infinitives,
    listed,
    pattern,
    ways,
)

_ALWAYS = frozenset({"могу", "смогу", "предлагаем", "предлагаю"})
_MORE = frozenset({"также", "еще", "заодно", "тоже"})
_AVAILABLE = frozenset({"доступна", "доступен", "доступно", "доступны"})


def sells(reading: Reading, sentence: Sentence) -> bool:
    """Whether the sentence offers a service or goods in one of these ways."""
    if len(sentence.words) > LONGEST:
        return False
    if not any(_may_offer(word.low) for word in sentence.words):
        return False
    said = Said(reading, sentence.words)
    if found("trouble", said.low):
        return False
    return any(way(said) for way in _WAYS)


def _may_offer(low: str) -> bool:
    """A cheap look: without such a word nothing is offered."""
    return low.endswith(("ем", "им")) or low in _openers()


@cache
def _openers() -> frozenset[str]:
    return (
        OURS
        | YOURS
        | ABLE
        | BESIDE_HEADS
        | listed("bids")
        | {"если", "имеется", "помогу", "помочь", "плату", "доплату", *_AVAILABLE}
    )


def adds(reading: Reading, sentence: Sentence) -> bool:
    """Goods beside what was bought: they are sold also where the fault is ours."""
    return len(sentence.words) <= LONGEST and adds_goods(Said(reading, sentence.words))


def records(sentence: Sentence) -> bool:
    """«Можем добавить комментарий для курьера»: something is written down or taken care of."""
    words = [word for word in sentence.words if word.is_word][:LONGEST]
    lows = [word.low for word in words]
    if found("burdens", " ".join(lows)):
        return True
    for at, word in enumerate(words):
        if not word.lemmas.isdisjoint(listed("recording")):
            after = re.sub(r"^к \w+ ", "", " ".join(lows[at + 1 : at + 5]))
            return found("given", after) and not after.startswith(("вам втор", "втор", "еще од"))
    return False


def moves(sentence: Sentence) -> bool:
    """«Можем подвинуть доставку на вечер», «готовы заменить тренера»: what he has, on another day, with another man."""
    words = [word for word in sentence.words if word.is_word and word.judged]
    deed = next((word for word in words if word.is_a("INFN") or word.is_a("VERB", "futr", "1per")), None)
    if deed is None:
        return False
    after = " ".join(word.low for word in words if word.start > deed.start)
    if not deed.lemmas.isdisjoint(listed("moving")):
        return not found("moved_up", after)
    is_change = not deed.lemmas.isdisjoint({"заменить", "сменить", "поменять", "перевести"})
    return is_change and re.match(rf"(?:вам |вас )?(?:{ways('hands')}|разговор|звонок)", after) is not None


def _serves(said: Said) -> bool:
    """«Окна тоже помоем, если надо»; «с радостью организуем …»."""
    deeds = [deed for deed in futures(said) if not deed.lemmas.isdisjoint(listed("services"))]
    if not deeds or found("own", said.low):
        return False
    is_added = found("cues", said.low)
    if not (is_added or said.is_wish):
        return _volunteers(said, deeds)
    is_asked = said.is_wish and not chooses(said)
    sure = [deed for deed in deeds if is_asked or deed.lemmas.isdisjoint(listed("ordered"))]
    return any(not found("given", said.after(deed)) for deed in sure)


def _volunteers(said: Said, deeds: list[Word]) -> bool:
    """«Помоем машину к вашему прилёту»: without a day, a word of regret and without having been asked."""
    if chooses(said) or not pattern("for_you").search(said.low):
        return False
    whole = " ".join(word.low for word in said.reading.words)
    client = said.reading.client
    if pattern("sorry").search(whole) or (client is not None and "!" in client.text):
        return False
    named = {word.low[:5] for word in client.words if word.is_word} if client is not None else set()
    named |= {word.low[:5] for word in said.reading.words if word.start < said.words[0].start}
    other = listed("ordered") | listed("wide")
    return any(
        deed.lemmas.isdisjoint(other)
        and deed.low[:5] not in named
        and not found("given", " ".join(said.after(deed).split()[:4]))
        and not found("office", said.after(deed).partition(" ")[0])
        for deed in deeds
    )


def _can_serve(said: Said) -> bool:
    """«Могу перекрасить», «мастер может отделать и откосы»."""
    lows = {word.low for word in said.words}
    is_beside = not lows.isdisjoint({"и", "также", "еще", "заодно", "тоже"}) or pattern("carried").search(
        said.low
    )
    others = is_beside and (found("hands", said.low) or not THEY.isdisjoint(lows))
    heads = (
        _ALWAYS | (ABLE if others else frozenset()) | (OURS if not lows.isdisjoint(_MORE) else frozenset())
    )
    deeds = (deed for deed in infinitives(said, heads) if not deed.lemmas.isdisjoint(listed("services")))
    other = listed("wide") | (frozenset() if is_beside else listed("ordered"))
    return any(deed.lemmas.isdisjoint(other) and not found("given", said.after(deed)) for deed in deeds)


def _moves_up(said: Said) -> bool:
    """«Могу переоформить вас на «Премиум»», «можете взять «Интернет-плюс»»."""
    offered = [*infinitives(said, OURS | YOURS), *(futures(said) if said.is_wish else ())]
    return any(_is_plan(said, deed) for deed in offered if not deed.lemmas.isdisjoint(listed("switches")))


def _is_plan(said: Said, deed: Word) -> bool:
    at = said.words.index(deed)
    after = said.words[at + 1 : at + 1 + NEAR]
    low = " ".join(word.low for word in after)
    if found("plans", low) and not re.search(r"(?<!\w)(?:дешев|базов|прежн|стар(?:ый|ого)|бесплат)", low):
        return True
    # «на «Максимум»», «взять «Плюс»»: the name in quotes stands at once after the deed or after «на»
    for number, word in enumerate(after[:4]):
        before = after[number - 1].low if number else deed.low
        is_quoted = said.reading.text[word.start - 1 : word.start] in {"«", "“", '"', "„"}
        if is_quoted and (before == "на" or word is after[0]):
            return True
    return False


def _visits(said: Said) -> bool:
    """«Мастер может выехать к вам домой»; not the visit for which the client waits already."""
    client = said.reading.client
    if client is not None and pattern("expected").search(_lows(client)):
        return False
    if pattern("moved").search(said.low) or not found("hands", said.low):
        return False
    to_door = pattern("to_client").search(said.low) is not None
    is_sold = found("sold_hands", said.low)
    deeds = list(infinitives(said, ABLE))
    if said.is_wish or said.is_instead:
        deeds += [word for word in said.words if word.is_a("VERB", "futr", "3per")]
    for deed in deeds:
        goes = not deed.lemmas.isdisjoint(listed("visits"))
        works = is_sold and not deed.low.startswith(beginnings("talk"))
        if (goes and (to_door or is_sold)) or (works and not goes):
            return True
    return False


def _does_for_him(said: Said) -> bool:
    """«Если самим некогда, настроим за вас»."""
    if not said.is_instead or found("papers", said.low):
        return False
    heads = OURS | (ABLE if found("hands", said.low) else frozenset())
    deeds = [*infinitives(said, heads), *futures(said)]
    is_offer = any(word.low in heads for word in said.words) or "если" in said.low
    return is_offer and any(not deed.low.startswith(beginnings("talk")) for deed in deeds)


def _helps_with(said: Said) -> bool:
    """«Поможем и с визой, и с отелем»."""
    heads = re.search(r"(?<!\w)(?:поможем|помогу|помочь|поможет)(?!\w)", said.low)
    if heads is None or found("by_words", said.low):
        return False
    return re.search(rf"(?<!\w)(?:с|со) (?:\w+ )?{ways('errands')}", said.low[heads.start() :]) is not None


def _bids(said: Said) -> bool:
    """«Попробуйте наш тариф «Семья»»."""
    if found("no_bids", said.low):
        return False
    for word in said.words:
        if word.judged and word.low in listed("bids"):
            at = said.words.index(word)
            if found("wares", " ".join(one.low for one in said.words[at + 1 : at + 5])):
                return True
    return False


def _is_there(said: Said) -> bool:
    """«Есть и платный приём», «можно за доплату»."""
    if pattern("for_extra").search(said.low) and "не" not in {word.low for word in said.words}:
        return True
    return (
        pattern("there").search(said.low) is not None
        and pattern("paid_there").search(said.low) is not None
        and {"не", "нет", "нельзя", "невозможно"}.isdisjoint(word.low for word in said.words)
    )


def _grants(said: Said) -> bool:
    """«Можно подключить второй номер?» — «Да, подключим»."""
    client = said.reading.client
    if client is None:
        return False
    wish = _lows(client)
    if pattern("waiting").search(wish) or not pattern("wanting").search(wish):
        return False
    opening = said.words[0].low if said.words else ""
    asked = {lemma[:6] for word in client.words if word.is_word for lemma in word.lemmas}
    for deed in futures(said):
        is_same = any(lemma[:6] in asked for lemma in deed.lemmas)
        is_service = not deed.lemmas.isdisjoint(listed("services"))
        is_more = deed.lemmas.isdisjoint(listed("ordered")) or _is_more(wish)
        if is_service and is_same and is_more and opening in listed("yes"):
            return True
    return False


def _is_more(wish: str) -> bool:
    """«Второй номер», «на этаж»: what is asked for is no part of the order."""
    return (
        re.search(r"(?<!\w)(?:втор(?:ой|ую|ое)|еще|дополнительн|на этаж|на \w+ этаж|отдельн|статическ)", wish)
        is not None
    )


def _adds_examination(said: Said) -> bool:
    """«К анализу можем добавить консультацию терапевта»."""
    deeds = [*infinitives(said, OURS), *(futures(said) if said.is_wish else ())]
    adding = (deed for deed in deeds if not deed.lemmas.isdisjoint({"добавить", "сделать", "провести"}))
    return any(re.match(rf"(?:\w+ )?{ways('medical')}", said.after(deed)) for deed in adding)


def _sends(said: Said) -> bool:
    """«Стропальщика тоже можем прислать»: a person in the accusative."""
    deeds = [*infinitives(said, OURS), *(futures(said) if said.is_wish else ())]
    if all(deed.lemmas.isdisjoint(listed("sending")) for deed in deeds) or pattern("moved").search(said.low):
        return False
    people = (
        word for word in said.words if word.is_a("NOUN", "anim", "accs") and not word.is_a("NOUN", "nomn")
    )
    return any(not found("free_people", one.low) for one in people)


def _seats(said: Said) -> bool:
    """«Можем предложить кресло у аварийного выхода»."""
    return (
        any(True for _ in infinitives(said, OURS))
        and found("seats", said.low)
        and found("better_seats", said.low)
    )


_WAYS = (
    _sends,
    _seats,
    _serves,
    _can_serve,
    makes_new,
    _moves_up,
    _visits,
    _does_for_him,
    adds_goods,
    _helps_with,
    _bids,
    _is_there,
    _grants,
    _adds_examination,
)


def _lows(reading: Reading) -> str:
    return " ".join(word.low for word in reading.words if word.is_word)
