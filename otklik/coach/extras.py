"""Offers to do something besides what the client has: for these the rule `price` wants to hear what they cost.

«Можем», «готовы» + infinitive and «хотите, …» + future offer an extra by default. They don't when the deed is help
by words, giving back or making good, the client's own matter, or a choice of day. Lists: `data/price.toml`.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word
from otklik.coach.refusalwords import LONGEST

_AFTER = 10  # words after the offering word among which the deed stands
_MORE = frozenset({"также", "еще", "заодно", "дополнительно"})
_BESIDES = _MORE | {"и", "тоже"}
_WHEN = re.compile(
    r"(?<!\w)(?:\d{1,2}:\d\d|сегодня|завтра|послезавтра|понедельник|вторник|сред[уы]|четверг|пятниц|суббот|воскресен"
    r"|утром|вечером|днем|дней|дня|\d+ (?:январ|феврал|март|апрел|ма[яю]|июн|июл|август|сентябр|октябр|ноябр|декабр)"
    r"|раньше|позже|часов|до конца|на недел)"
)


def offers(reading: Reading, sentence: Sentence) -> bool:
    """Whether the sentence offers a deed that may cost money."""
    if len(sentence.words) > LONGEST:
        return False
    words = [word for word in sentence.words if word.is_word]
    lows = [word.low for word in words]
    if {"если", "что", "чтобы", "когда"} & set(lows[:2]) and not {
        "хотите",
        "захотите",
        "удобно",
        "нужно",
        "надо",
    } & set(lows[:4]):
        return False
    if any(True for _ in (*_advised(words), *_added(words))):
        return True
    deeds = [*_promised(words), *_able(words)]
    if any(_is_named(sentence, deed) for deed in deeds):
        return True
    if _MORE.isdisjoint(lows) and any(not deed.lemmas.isdisjoint(_list("help")) for deed in deeds):
        return False  # «поднять запись и послушать её вместе»
    return any(_is_extra(reading, sentence, deed) for deed in deeds)


def raises(sentence: Sentence) -> bool:
    """«Можем предложить люкс»: better than what was bought."""
    words = [word for word in sentence.words if word.is_word]
    begun = next((at for at, word in enumerate(words) if word.judged and _offers_ours(word.low)), None)
    return begun is not None and any(
        one.low.startswith(_beginnings("better")) for one in words[begun : begun + _AFTER]
    )


def _offers_ours(low: str) -> bool:
    return low in _list("modal") or low in _list("proposing")


def _able(words: list[Word]) -> Iterator[Word]:
    """The infinitives after «можем», «готовы», «предлагаем»; after «мастер может» only beside «также», «и»."""
    for at, word in enumerate(words):
        if not word.judged or (at and words[at - 1].low in {"не", "ли", "чем"}):
            continue
        after = words[at + 1 : at + 1 + _AFTER]
        is_theirs = (
            word.low in {"может", "могут"} and at and words[at - 1].low.startswith(_beginnings("hands"))
        )
        if word.low in _list("proposing"):
            yield from (one for one in _infinitives(after) if not one.lemmas.isdisjoint(_list("workshop")))
        elif word.low in {"могу", "смогу"}:
            yield from (one for one in _infinitives(after) if _is_craft(one, after))
        elif word.low in _list("modal") or (is_theirs and {one.low for one in after[:4]} & _BESIDES):
            yield from _infinitives(after)


def _is_craft(deed: Word, after: list[Word]) -> bool:
    """What a shop is paid for: the deed itself, or with its thing."""
    low = " ".join(word.low for word in after if word.start > deed.start)
    return not deed.lemmas.isdisjoint(_list("crafts")) or _has_thing(deed, low)


def _infinitives(after: list[Word]) -> Iterator[Word]:
    for number, one in enumerate(after):
        if one.low in {"что", "чтобы", "если", "как", "который", "которую", "которые", "пока"}:
            return
        if one.low in {"созвониться", "встретиться", "вместе"}:
            return
        if one.judged and one.is_a("INFN") and not (number and after[number - 1].low == "не"):
            yield one


def _advised(words: list[Word]) -> Iterator[Word]:
    """«Рекомендуем также промыть форсунки»: only what a workshop or a doctor does."""
    for at, word in enumerate(words):
        if word.judged and word.low in _list("advising"):
            after = words[at + 1 : at + 1 + _AFTER]
            is_more = not _MORE.isdisjoint(one.low for one in after[:3])
            yield from (
                one for one in _infinitives(after) if is_more and not one.lemmas.isdisjoint(_list("workshop"))
            )


def _promised(words: list[Word]) -> Iterator[Word]:
    """«Хотите, протянем кабель?», «если удобно, оформим доставку»."""
    for at, word in enumerate(words):
        if word.judged and word.low in _list("wish") and (not at or words[at - 1].low != "не"):
            yield from (
                one
                for one in words[at + 1 : at + 8]
                if one.judged and one.is_a("VERB", "futr", "1per", "plur")
            )


def _added(words: list[Word]) -> Iterator[Word]:
    """«Статический адрес будет подключён»."""
    if any(one.low.startswith(_beginnings("addings")) for one in words):
        for before, word in pairwise(words):
            if word.low in _list("added") and before.low in {"будет", "будут"}:
                yield word


def _is_extra(reading: Reading, sentence: Sentence, deed: Word) -> bool:
    if _is_help(sentence, deed):
        return False
    near = [word.low for word in sentence.words if word.is_word and not word.is_a("INFN")]
    if any(one.startswith(_beginnings("better")) for one in near):
        return True
    if not _BESIDES & set(near[:4]) and any(lemma.startswith(_beginnings("again")) for lemma in deed.lemmas):
        return False
    low = " ".join(word.low.strip() for word in sentence.words)
    if any(low_.startswith(_beginnings("spared")) for low_ in near) or _is_choice(low, near):
        return False
    return not _is_asked(reading, deed, near)


def _is_help(sentence: Sentence, deed: Word) -> bool:
    """Help or making good; beside «также», «ещё», «заодно» fewer deeds are."""
    if deed.low.startswith(_beginnings("helpful")):
        return True
    if _MORE.isdisjoint(word.low for word in sentence.words):
        return not deed.lemmas.isdisjoint(_list("help"))
    return deed.low.startswith(_beginnings("never"))


def _is_named(sentence: Sentence, deed: Word) -> bool:
    """The deed stands before a thing that makes it an extra: «поставить … под навес»."""
    others = " ".join(word.low for word in sentence.words if word.is_word and word is not deed)
    return _has_thing(deed, others)


def _has_thing(deed: Word, after: str) -> bool:
    return any(f" {thing}" in f" {after}" for lemma in deed.lemmas for thing in _things().get(lemma, ()))


def _is_choice(low: str, near: list[str]) -> bool:
    """«В субботу или в воскресенье», «в среду с 10 до 14»: a day or a way is chosen; «…, чтобы вы …» spares trouble."""
    return (
        "или" in near or "чтобы" in near or (_WHEN.search(low) is not None and not _BESIDES & set(near[:3]))
    )


def _is_asked(reading: Reading, deed: Word, near: list[str]) -> bool:
    """The client's own matter: he names the deed, or complains and this is about the thing he names."""
    client = reading.client
    if client is None:
        return False
    said = {word.low[:5] for word in client.words if word.is_word and len(word.low) > 3}
    if deed.low[:5] in said or any(
        not deed.lemmas.isdisjoint(word.lemmas) for word in client.words if word.is_word
    ):
        return True
    return "!" in client.text and any(low[:5] in said for low in near if len(low) > 3)


@cache
def _things() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for table in tables("price")["extra"]:
        for deed in table["deeds"]:
            found[deed] = (*found.get(deed, ()), *table["things"])
    return found


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(tables("price")["extras"][name])


@cache
def _beginnings(name: str) -> tuple[str, ...]:
    return tuple(tables("price")["extras"][name])
