"""Offers by their shape alone, whatever the thing is: «хотите удочки?», «экран тоже есть», «помыть машину к утру?».

One part of the rule `price`, beside `wares.py`. The thing is any noun that is new to the talk and is no paper, talk,
time or making good (`office` and `given` of `data/sales.toml`).
"""

import re
from functools import cache

from otklik.coach.goods import chooses
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word
from otklik.coach.said import Said, found, listed

_STEM = 5
# a cheap look: without one of these no statement has such a shape
_SIGNS = (
    "тоже",
    "также",
    "наш",
    "обновит",
    "перейд",
    "переход",
    "подключайт",
    "подпишит",
    "пересядьт",
    "переведит",
    "заказывайте",
    "заявк",
    "обращайтесь",
    "записывайтесь",
    "бронируйте",
)
_MOST = 16  # words of an offer: longer sentences tell
_ASKING = re.compile(
    r"(?<!\w)(?:как|как(?:ой|ая|ое|ие|ую|ого)|когда|где|куда|сколько|почему|зачем|кто|чей|вы|ли|что|был[аои]?|или)(?!\w)"
)
_WANTING = re.compile(r"^(?:а |и |может |может быть )?(?:хотите|желаете|не хотите(?: ли)?|не желаете)(?!\w)")
_TOO = re.compile(r"(?<!\w)(?:тоже|также) (?:есть|в наличии|имеется)$|(?<!\w)(?:тоже|также) есть(?!\w)")
_NEW = re.compile(
    r"(?<!\w)(?:наш\w* нов\w+|нов\w+ наш\w*|понравятся наши|понравится наш\w*) (?:\w+ )?"
    r"(?:коллекц|меню|линейк|поступлен|услуг|направлен|программ|тариф|дегустац|экскурс|каталог|десерт|сорт|блюд|вкус)"
)
_UP = re.compile(
    r"(?<!\w)(?:обновитесь|перейдите|переходите|подключайтесь|подпишитесь|переведитесь|пересядьте) (?:на|до)(?!\w)"
)
_DOWN = re.compile(
    r"(?<!\w)(?:дешев|бесплатн|прежн|стар(?:ый|ую)|вкладк|страниц|сайт|раздел|верси|кнопк|ссылк)"
)
_CREW = re.compile(r"(?<!\w)наш[иа]? (?:\w+ )?(?:ребят|девочк|мастер|бригад|команд|специалист)[а-я]*(?!\w)")
_WISH = re.compile(
    r"(?<!\w)если (?:\w+ )?(?:нужн|надо|хотите|захотите|пожелаете|понадоб|решите)|(?<!\w)по желанию(?!\w)"
)
_ORDERS = re.compile(
    r"(?<!\w)(?:заказывайте|оставляйте заявк\w+|оставьте заявк\w+|обращайтесь|записывайтесь|бронируйте)(?!\w)"
)


def shows(reading: Reading, sentence: Sentence, words: list[Word], low: str) -> bool:
    """Whether the sentence has the shape of an offer and names something new to the talk."""
    if len(words) > _MOST or not words:
        return False
    if sentence.is_question:
        return not found("trouble", low) and _asks(reading, words, low)
    if not any(one in low for one in _SIGNS) or found("trouble", low):
        return False
    if _moves_up(words, low) or (_NEW.search(low) and "не" not in low.split()):
        return True
    return _has_it_too(reading, words, low) or _crew_does(words, low) or _takes_orders(reading, words, low)


def _asks(reading: Reading, words: list[Word], low: str) -> bool:
    """«Хотите удочки и эхолот?», «помыть машину к утру?», «может, сразу и бороду оформим?»."""
    said = Said(reading, tuple(words))
    if _ASKING.search(low):
        return False
    deeds = [
        word for word in words if word.judged and (word.is_a("INFN") or word.is_a("VERB", "futr", "1per"))
    ]
    if not deeds:
        return _WANTING.match(low) is not None and any(
            _is_new(reading, words, at) for at, word in enumerate(words) if word.is_a("NOUN", "accs")
        )
    if any(not deed.lemmas.isdisjoint(_sold_deeds()) for deed in deeds):
        return not found("given", said.after(deeds[0]))
    lows = [word.low for word in words]
    and_at = next((at for at, low in enumerate(lows) if low == "и" and at + 1 < len(lows)), None)
    if and_at is None or chooses(said) or not {"может", "сразу", "заодно", "хотите"} & set(lows):
        return False
    return words[and_at + 1].is_a("NOUN", "accs") and _is_new(reading, words, and_at + 1)


def _has_it_too(reading: Reading, words: list[Word], low: str) -> bool:
    """«Экран тоже есть, берите»."""
    match = _TOO.search(low)
    if match is None or "если" in low.split():
        return False
    before = low[: match.start()].count(" ")
    nouns = [at for at in range(max(0, before - 3), before) if words[at].is_a("NOUN", "nomn")]
    return bool(nouns) and all(_is_new(reading, words, at) for at in nouns)


def _moves_up(words: list[Word], low: str) -> bool:
    """«Обновитесь до «Премиум», там нет рекламы»."""
    match = _UP.search(low)
    if match is None or _DOWN.search(low):
        return False
    after = low[: match.end()].count(" ") + 1
    return after < len(words) and (not words[after].judged or found("plans", words[after].low))


def _crew_does(words: list[Word], low: str) -> bool:
    """«Если захотите, наши ребята и потолок натянут»."""
    if not (_CREW.search(low) and _WISH.search(low)):
        return False
    deeds = [word for word in words if word.judged and word.is_a("VERB", "futr", "3per")]
    return any(not one.low.startswith(_their_talk()) for one in deeds)


def _takes_orders(reading: Reading, words: list[Word], low: str) -> bool:
    """«С понедельника печём куличи, оставляйте заявку»."""
    if not _ORDERS.search(low) or {"если", "не"} & set(low.split()):
        return False
    trades = frozenset(tables("wares")["trades"])
    for at, word in enumerate(words):
        if word.is_a("VERB", "pres", "1per", "plur") and not word.lemmas.isdisjoint(trades):
            near = range(max(0, at - 2), min(len(words), at + 4))
            return any(words[one].is_a("NOUN", "accs") and _is_new(reading, words, one) for one in near)
    return False


def _is_new(reading: Reading, words: list[Word], at: int) -> bool:
    """A thing that nobody has named, and no paper, talk or time."""
    word = words[at]
    if not word.judged or len(word.low) < 3 or word.is_a("PREP"):
        return False
    if found("office", word.low) or found("given", word.low):
        return False
    named = {one.low[:_STEM] for one in reading.words if one.is_word and one.start < words[0].start}
    if reading.client is not None:
        named |= {one.low[:_STEM] for one in reading.client.words if one.is_word}
    return word.low[:_STEM] not in named


@cache
def _sold_deeds() -> frozenset[str]:
    return listed("services") - listed("wide") - listed("ordered") - listed("moving")


@cache
def _their_talk() -> tuple[str, ...]:
    return tuple(tables("wares")["their_talk"])
