"""Goods and works that are new to the talk: «можем сделать твёрдый переплёт», «подберём к ней шапочку».

One part of the rule `price`. Lists: `data/sales.toml`.
"""

import re
from itertools import pairwise

from otklik.coach.reading import Word
from otklik.coach.said import ABLE, OURS, THEY, YOURS, Said, found, futures, infinitives, listed, pattern

BESIDE_HEADS = frozenset(
    {
        "возьмите",
        "добавьте",
        "захватите",
        "докупите",
        "рекомендуем",
        "рекомендую",
        "советуем",
        "советую",
        "предлагаем",
        "предлагаю",
        "есть",
    }
)


_CUT = re.compile(r"[,;:(—–]")


_DAYS = re.compile(
    r"(?<!\w)(?:или|чтобы|\d{1,2}:\d\d|сегодня|завтра|послезавтра|раньше|позже|утром|вечером|днем|понедельник|вторник"
    r"|сред[уы]|четверг|пятниц|суббот|воскресен|накануне|на час|до конца|вместо|взамен)"
)


def adds_goods(said: Said) -> bool:
    """«Подберём к ней шапочку», «к ней рекомендуем катушку»: in one clause."""
    if _shows_new(said):
        return True
    cuts = [at for at, word in enumerate(said.all) if word.text in {",", ";", ":", "."}]
    edges = [0, *cuts, len(said.all)]
    return any(_adds_in(Said(said.reading, said.all[one:after])) for one, after in pairwise(edges))


def _shows_new(said: Said) -> bool:
    """«Подберём и оправу, у нас новые модели»."""
    is_new = (
        re.search(
            r"(?<!\w)нов(?:ая|ые|ую) (?:коллекци|модел|поступлени|лини)|в наш(?:ем|их) (?:магазин|салон|отдел)",
            said.low,
        )
        is not None
    )
    return is_new and any(
        "подобрать" in deed.lemmas and _is_thing(said.after(deed)) for deed in futures(said)
    )


def _adds_in(said: Said) -> bool:
    to_it = pattern("beside").search(said.low)
    offered = [*infinitives(said, OURS | YOURS), *futures(said)]
    offered += [word for word in said.words if word.low in BESIDE_HEADS]
    for deed in offered:
        if not deed.judged or (deed.low != "есть" and deed.lemmas.isdisjoint(listed("matching"))):
            continue
        if (to_it or _is_to_thing(said, deed)) and _is_thing(said.after(deed)):
            return True
    return False


def _is_to_thing(said: Said, deed: Word) -> bool:
    """«А к платью подберём …», «добавить к чаю …»: the thing opens the clause or follows the deed."""
    if deed.low in BESIDE_HEADS:
        return False
    thing = pattern("beside_thing")
    return (
        thing.match(re.sub("^(?:а|и|еще|также) ", "", said.low)) is not None
        or thing.match(said.after(deed)) is not None
    )


def _is_thing(after: str) -> bool:
    return bool(after) and not found("given", after)


def makes_new(said: Said) -> bool:
    """«Можем сделать твёрдый переплёт»: the thing is new to the talk and no paper, talk or making good."""
    if found("own", said.low) or chooses(said):
        return False
    is_beside = said.is_wish or found("cues", said.low) or _is_fronted(said)
    heads = OURS | (ABLE if found("hands", said.low) or THEY & {word.low for word in said.words} else set())
    deeds = list(infinitives(said, frozenset(heads)))
    if said.is_wish or found("cues", said.low):
        deeds += futures(said)
    for deed in deeds:
        if deed.lemmas.isdisjoint(listed("making")):
            continue
        if (is_beside or deed.lemmas.isdisjoint(listed("making_beside"))) and _is_new_thing(said, deed):
            return True
    return False


def _is_fronted(said: Said) -> bool:
    """«Подкладку можем заменить», «обновить и электрику»: a thing is put beside what was spoken of."""
    modal = next((at for at, word in enumerate(said.words) if word.low in OURS), 0)
    is_first = any(_is_object(said.words, place) for place in range(modal))
    return is_first or re.search(r"(?<!\w)и(?!\w)", said.low) is not None


def chooses(said: Said) -> bool:
    """A day, a way, a term."""
    return _DAYS.search(said.low) is not None


def _is_new_thing(said: Said, deed: Word) -> bool:
    """Its object is a thing that neither the client nor the reply has named before."""
    thing = _object(said, deed)
    if thing is None:
        return False
    at = said.words.index(thing)
    if found("office", thing.low) or found("given", thing.low) or pattern("known").search(said.near(deed)):
        return False
    if said.words[at - 1].is_a("ADJF") and found("office", said.words[at - 1].low):
        return False
    named = {word.low[:5] for word in said.reading.words if word.is_word and word.start < said.words[0].start}
    client = said.reading.client
    if client is not None:
        named |= {word.low[:5] for word in client.words if word.is_word}
    return thing.low[:5] not in named


def _object(said: Said, deed: Word) -> Word | None:
    """The first noun after the deed that may be its object, else one before: «диван тоже возьмём»."""
    at = said.words.index(deed)
    following = range(at + 1, min(len(said.words), at + 6))
    ends = (place for place in following if _ends_the_object(said, deed, said.words[place]))
    places = (*range(at + 1, next(ends, following.stop)), *range(at - 1, -1, -1))
    return next((said.words[place] for place in places if _is_object(said.words, place)), None)


def _ends_the_object(said: Said, deed: Word, word: Word) -> bool:
    return word.is_a("INFN") or _CUT.search(said.reading.text[deed.end : word.start]) is not None


def _is_object(words: list[Word], place: int) -> bool:
    word = words[place]
    is_thing = word.is_a("NOUN", "accs", "inan") and not word.is_a("PREP") and len(word.low) > 2
    return is_thing and not _is_governed(words, place)


def _is_governed(words: list[Word], place: int) -> bool:
    """«В ложу», «на высокий стол», «с крыши», «лист ожидания»: it belongs to a preposition or to a noun."""
    if place and words[place - 1].is_a("NOUN") and words[place].is_a("NOUN", "gent"):
        return True
    for before in reversed(words[max(0, place - 3) : place]):
        if before.is_a("PREP"):
            return True
        if not before.is_a("ADJF"):
            return False
    return False
