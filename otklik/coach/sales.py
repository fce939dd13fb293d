"""Ways to sell besides «можем» with a deed: each of these asks for a price (rule `price`).

A service in the plain future («окна тоже помоем»), a better plan, a person sent to the client's door, what he could
do himself done for him, goods beside what he bought, errands, «есть платный приём», a yes to a paid service he asks
for. Lists: `data/sales.toml`.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word
from otklik.coach.refusing import LONGEST

_NEAR = 8  # words after a deed among which its thing stands
_OURS = frozenset(
    {"можем", "могу", "готовы", "готов", "готова", "сможем", "смогу", "предлагаем", "предлагаю"}
)
_YOURS = frozenset({"можете", "сможете", "можно", "советую", "советуем", "рекомендую", "рекомендуем"})
_ABLE = frozenset({"может", "могут", "готов", "готова", "готовы", "сможет", "смогут"})


class _Said:
    """A sentence as the ways below read it."""

    def __init__(self, reading: Reading, words: tuple[Word, ...]) -> None:
        self.reading = reading
        self.all = words
        self.words = [word for word in words if word.is_word]
        self.low = " ".join(word.low for word in self.words)
        self.is_wish = _found("wishes", self.low)
        self.is_instead = _found("instead", self.low)
        self.is_trouble = _found("trouble", self.low)

    def after(self, word: Word) -> str:
        """The words that follow, as one string."""
        return " ".join(one.low for one in self.words if one.start > word.start)

    def near(self, word: Word) -> str:
        at = self.words.index(word)
        return " ".join(one.low for one in self.words[max(0, at - 4) : at + 1 + _NEAR])


def sells(reading: Reading, sentence: Sentence) -> bool:
    """Whether the sentence offers a service or goods in one of these ways."""
    if len(sentence.words) > LONGEST:
        return False
    said = _Said(reading, sentence.words)
    if said.is_trouble:
        return False
    return any(way(said) for way in _WAYS)


def adds(reading: Reading, sentence: Sentence) -> bool:
    """Goods beside what was bought: they are sold also where the fault is ours."""
    return len(sentence.words) <= LONGEST and _adds_goods(_Said(reading, sentence.words))


def records(sentence: Sentence) -> bool:
    """«Можем добавить комментарий для курьера»: something is written down or taken care of."""
    words = [word for word in sentence.words if word.is_word][:LONGEST]
    lows = [word.low for word in words]
    if _found("burdens", " ".join(lows)):
        return True
    for at, word in enumerate(words):
        if not word.lemmas.isdisjoint(_list("recording")):
            after = re.sub(r"^к \w+ ", "", " ".join(lows[at + 1 : at + 5]))
            return _found("given", after) and not after.startswith(("вам втор", "втор", "еще од"))
    return False


def moves(sentence: Sentence) -> bool:
    """«Можем подвинуть доставку на вечер», «готовы заменить тренера»: what he has, on another day, with another man."""
    words = [word for word in sentence.words if word.is_word and word.judged]
    deed = next((word for word in words if word.is_a("INFN") or word.is_a("VERB", "futr", "1per")), None)
    if deed is None:
        return False
    after = " ".join(word.low for word in words if word.start > deed.start)
    if not deed.lemmas.isdisjoint(_list("moving")):
        return not _found("moved_up", after)
    is_change = not deed.lemmas.isdisjoint({"заменить", "сменить", "поменять", "перевести"})
    return is_change and re.match(rf"(?:вам |вас )?(?:{_ways('hands')}|разговор|звонок)", after) is not None


def _futures(said: _Said) -> Iterator[Word]:
    """«Помоем», «организуем»: what we say we shall do."""
    for at, word in enumerate(said.words):
        if word.judged and word.is_a("VERB", "futr", "1per", "plur") and not _denied(said, at):
            yield word


def _infinitives(said: _Said, heads: frozenset[str]) -> Iterator[Word]:
    """The infinitives after «можем», «готовы», however far."""
    begun = False
    for at, word in enumerate(said.words):
        if word.judged and word.low in heads:
            begun = not _denied(said, at)
        elif word.low in {"чтобы", "что", "если", "как"}:
            begun = False
        elif begun and word.judged and word.is_a("INFN"):
            yield word


def _denied(said: _Said, at: int) -> bool:
    return at > 0 and said.words[at - 1].low in {"не", "ли", "чем"}


def _serves(said: _Said) -> bool:
    """«Окна тоже помоем, если надо»; «с радостью организуем …»."""
    is_added = _found("cues", said.low)
    if not (is_added or said.is_wish) or _found("own", said.low):
        return False
    deeds = [deed for deed in _futures(said) if not deed.lemmas.isdisjoint(_list("services"))]
    sure = [deed for deed in deeds if said.is_wish or deed.lemmas.isdisjoint(_list("ordered"))]
    return any(not _found("given", said.after(deed)) for deed in sure)


def _can_serve(said: _Said) -> bool:
    """«Могу перекрасить», «мастер может отделать и откосы»."""
    beside = {"и", "также", "еще", "заодно", "тоже"} & {word.low for word in said.words}
    hands = beside and _found("hands", said.low)
    heads = frozenset({"могу", "смогу"}) | (_ABLE if hands else frozenset())
    deeds = (deed for deed in _infinitives(said, heads) if not deed.lemmas.isdisjoint(_list("services")))
    other = _list("ordered") | _list("wide")
    return any(deed.lemmas.isdisjoint(other) and not _found("given", said.after(deed)) for deed in deeds)


def _moves_up(said: _Said) -> bool:
    """«Могу переоформить вас на «Премиум»», «можете взять «Интернет-плюс»»."""
    offered = [*_infinitives(said, _OURS | _YOURS), *(_futures(said) if said.is_wish else ())]
    return any(_is_plan(said, deed) for deed in offered if not deed.lemmas.isdisjoint(_list("switches")))


def _is_plan(said: _Said, deed: Word) -> bool:
    at = said.words.index(deed)
    after = said.words[at + 1 : at + 1 + _NEAR]
    low = " ".join(word.low for word in after)
    if _found("plans", low) and not re.search(r"(?<!\w)(?:дешев|базов|прежн|стар(?:ый|ого)|бесплат)", low):
        return True
    # «на «Максимум»», «взять «Плюс»»: the name in quotes stands at once after the deed or after «на»
    for number, word in enumerate(after[:4]):
        before = after[number - 1].low if number else deed.low
        is_quoted = said.reading.text[word.start - 1 : word.start] in {"«", "“", '"', "„"}
        if is_quoted and (before == "на" or word is after[0]):
            return True
    return False


def _visits(said: _Said) -> bool:
    """«Мастер может выехать к вам домой»; not the visit for which the client waits already."""
    client = said.reading.client
    if client is not None and _pattern("expected").search(_lows(client)):
        return False
    if _pattern("moved").search(said.low) or not _found("hands", said.low):
        return False
    to_door = _pattern("to_client").search(said.low) is not None
    is_sold = _found("sold_hands", said.low)
    deeds = list(_infinitives(said, _ABLE))
    if said.is_wish or said.is_instead:
        deeds += [word for word in said.words if word.is_a("VERB", "futr", "3per")]
    for deed in deeds:
        goes = not deed.lemmas.isdisjoint(_list("visits"))
        works = is_sold and not deed.low.startswith(_beginnings("talk"))
        if (goes and (to_door or is_sold)) or (works and not goes):
            return True
    return False


def _does_for_him(said: _Said) -> bool:
    """«Если самим некогда, настроим за вас»."""
    if not said.is_instead or _found("papers", said.low):
        return False
    deeds = [*_infinitives(said, _OURS), *_futures(said)]
    is_offer = any(word.low in _OURS for word in said.words) or "если" in said.low
    return is_offer and any(not deed.low.startswith(_beginnings("talk")) for deed in deeds)


def _adds_goods(said: _Said) -> bool:
    """«Подберём к ней шапочку», «к ней рекомендуем катушку»: in one clause."""
    if _shows_new(said):
        return True
    cuts = [at for at, word in enumerate(said.all) if word.text in {",", ";", ":", "."}]
    edges = [0, *cuts, len(said.all)]
    return any(_adds_in(_Said(said.reading, said.all[one:after])) for one, after in pairwise(edges))


def _shows_new(said: _Said) -> bool:
    """«Подберём и оправу, у нас новые модели»."""
    is_new = re.search(r"(?<!\w)нов(?:ая|ые|ую) (?:коллекци|модел|поступлени|лини)", said.low) is not None
    return is_new and any(
        "подобрать" in deed.lemmas and _is_thing(said.after(deed)) for deed in _futures(said)
    )


def _adds_in(said: _Said) -> bool:
    to_it = _pattern("beside").search(said.low)
    offered = [*_infinitives(said, _OURS | _YOURS), *_futures(said)]
    offered += [word for word in said.words if word.low in _BESIDE_HEADS]
    for deed in offered:
        if not deed.judged or (deed.low != "есть" and deed.lemmas.isdisjoint(_list("matching"))):
            continue
        if (to_it or _is_to_thing(said, deed)) and _is_thing(said.after(deed)):
            return True
    return False


_BESIDE_HEADS = frozenset(
    {"возьмите", "рекомендуем", "рекомендую", "советуем", "советую", "предлагаем", "предлагаю", "есть"}
)


def _is_to_thing(said: _Said, deed: Word) -> bool:
    """«А к платью подберём …», «добавить к чаю …»: the thing opens the clause or follows the deed."""
    if deed.low in _BESIDE_HEADS:
        return False
    thing = _pattern("beside_thing")
    return (
        thing.match(re.sub("^(?:а|и|еще|также) ", "", said.low)) is not None
        or thing.match(said.after(deed)) is not None
    )


def _is_thing(after: str) -> bool:
    return bool(after) and not _found("given", after)


def _helps_with(said: _Said) -> bool:
    """«Поможем и с визой, и с отелем»."""
    heads = re.search(r"(?<!\w)(?:поможем|помогу|помочь|поможет)(?!\w)", said.low)
    if heads is None or _found("by_words", said.low):
        return False
    return re.search(rf"(?<!\w)(?:с|со) (?:\w+ )?{_ways('errands')}", said.low[heads.start() :]) is not None


def _bids(said: _Said) -> bool:
    """«Попробуйте наш тариф «Семья»»."""
    if _found("no_bids", said.low):
        return False
    for word in said.words:
        if word.judged and word.low in _list("bids"):
            at = said.words.index(word)
            if _found("wares", " ".join(one.low for one in said.words[at + 1 : at + 5])):
                return True
    return False


def _is_there(said: _Said) -> bool:
    """«Есть и платный приём», «можно за доплату»."""
    return (
        _pattern("there").search(said.low) is not None
        and _pattern("paid_there").search(said.low) is not None
        and {"не", "нет", "нельзя", "невозможно"}.isdisjoint(word.low for word in said.words)
    )


def _grants(said: _Said) -> bool:
    """«Можно подключить второй номер?» — «Да, подключим»."""
    client = said.reading.client
    if client is None:
        return False
    wish = _lows(client)
    if _pattern("waiting").search(wish) or not _pattern("wanting").search(wish):
        return False
    opening = said.words[0].low if said.words else ""
    asked = {lemma[:6] for word in client.words if word.is_word for lemma in word.lemmas}
    for deed in _futures(said):
        is_same = any(lemma[:6] in asked for lemma in deed.lemmas)
        is_service = not deed.lemmas.isdisjoint(_list("services"))
        is_more = deed.lemmas.isdisjoint(_list("ordered")) or _is_more(wish)
        if is_service and is_same and is_more and opening in _list("yes"):
            return True
    return False


def _is_more(wish: str) -> bool:
    """«Второй номер», «на этаж»: what is asked for is no part of the order."""
    return (
        re.search(r"(?<!\w)(?:втор(?:ой|ую|ое)|еще|дополнительн|на этаж|на \w+ этаж|отдельн|статическ)", wish)
        is not None
    )


def _adds_examination(said: _Said) -> bool:
    """«К анализу можем добавить консультацию терапевта»."""
    deeds = [*_infinitives(said, _OURS), *(_futures(said) if said.is_wish else ())]
    adding = (deed for deed in deeds if not deed.lemmas.isdisjoint({"добавить", "сделать", "провести"}))
    return any(re.match(rf"(?:\w+ )?{_ways('medical')}", said.after(deed)) for deed in adding)


def _sends(said: _Said) -> bool:
    """«Стропальщика тоже можем прислать»: a person in the accusative."""
    deeds = [*_infinitives(said, _OURS), *(_futures(said) if said.is_wish else ())]
    if all(deed.lemmas.isdisjoint(_list("sending")) for deed in deeds) or _pattern("moved").search(said.low):
        return False
    people = (
        word for word in said.words if word.is_a("NOUN", "anim", "accs") and not word.is_a("NOUN", "nomn")
    )
    return any(not _found("free_people", one.low) for one in people)


def _seats(said: _Said) -> bool:
    """«Можем предложить кресло у аварийного выхода»."""
    return (
        any(True for _ in _infinitives(said, _OURS))
        and _found("seats", said.low)
        and _found("better_seats", said.low)
    )


_WAYS = (
    _sends,
    _seats,
    _serves,
    _can_serve,
    _moves_up,
    _visits,
    _does_for_him,
    _adds_goods,
    _helps_with,
    _bids,
    _is_there,
    _grants,
    _adds_examination,
)


def _lows(reading: Reading) -> str:
    return " ".join(word.low for word in reading.words if word.is_word)


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(tables("sales")[name])


@cache
def _beginnings(name: str) -> tuple[str, ...]:
    return tuple(tables("sales")[name])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(tables("sales")[name])


def _ways(name: str) -> str:
    return f"(?:{'|'.join(tables('sales')[name])})"


@cache
def _any_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_ways(name)}")


def _found(name: str, low: str) -> bool:
    return _any_of(name).search(low) is not None
