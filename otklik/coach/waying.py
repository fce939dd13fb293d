"""Ways shown without a deed: «возврат производится в кассе», «следующий сеанс в 15:00», «приём по вторникам»."""

from collections.abc import Iterator

from otklik.coach.phrases import tables
from otklik.coach.reading import Sentence, Word
from otklik.russian import morphology
from otklik.russian.dates import MONTH_NAMES, MONTHS, WEEKDAYS

_TO_A_PLACE = frozenset({"в", "во", "на", "у", "через", "по", "к", "из"})
_TO_A_TIME = frozenset({"в", "во", "ко", "до", "к", "с", "со", "на", "после", "через", "по"})
_NEGATED = frozenset({"не", "нет", "нельзя", "невозможно", "ни"})
_DAYS = frozenset({"завтра", "послезавтра", "сегодня", "круглосуточно", "ежедневно"})
_THANKS = frozenset({"спасибо", "благодарим", "благодарю"})
_BOUNDS = frozenset({"ранее", "раньше", "позднее", "позже", "менее", "более"})
_STATES = frozenset({"числиться", "значиться", "считаться", "являться", "составлять"})  # of what was
_REACH = 3  # words from a preposition to its noun
_MONTH_NAMES = frozenset(MONTH_NAMES)
_DAYTIMES = frozenset({"час", "утро", "вечер", "день", "ночь", "число"})
_UNITS = frozenset({"час", "минута", "день", "сутки", "неделя"})


def shows_a_way(words: list[Word]) -> bool:
    """A process or somebody who receives, with a place, a channel or an hour, and neither past nor negated."""
    if any(word.low in _THANKS for word in words):
        return False
    if any(map(_names_a_time, _clauses(words))):
        return True
    if _is_negated(words):
        return False
    if is_past(words):
        return _lasts_till(words) and not any(_tag(word, "VERB") and _tag(word, "past") for word in words)
    known = tables("next-step")
    if any(_tag(word, "1per") and _tag(word, "pres") for word in words) and is_timed(words):
        return True  # «в будни берём с 7 до 11»
    if any(word.is_a("NOUN", "nomn") and not word.lemmas.isdisjoint(known["process"]) for word in words):
        return is_timed(words) or names_a_channel(words)
    if any(not word.lemmas.isdisjoint(known["receives"]) for word in words):
        # «принимает по средам» alone brings nobody to the door
        return names_a_channel(words) or any(_is_an_hour(words, at) for at in range(1, len(words)))
    return False


def _is_negated(words: list[Word]) -> bool:
    """«Не возвращается»; «не ранее 10:00» only names an hour."""
    after = [word.low for word in words[1:]] + [""]
    return any(word.low in _NEGATED and after[at] not in _BOUNDS for at, word in enumerate(words))


def _lasts_till(words: list[Word]) -> bool:
    """«Зал закрыт до 12 декабря»: a state with its end."""
    ends = (at for at, word in enumerate(words) if word.low == "до")
    return any(is_timed(words[at : at + 4]) for at in ends)


def _clauses(words: list[Word]) -> Iterator[list[Word]]:
    """«Летит обратно, посадка в 22:10»: what stands between commas."""
    begun = 0
    for at, word in enumerate(words):
        if word.text in (",", ";", ":"):
            yield words[begun:at]
            begun = at + 1
    yield words[begun:]


def _names_a_time(words: list[Word]) -> bool:
    """A thing and its time without a verb: «карантин до 29 ноября»."""
    named = any(
        word.low not in MONTHS and (word.is_a("NOUN", "nomn") or word.is_a("ADJF", "nomn")) for word in words
    )
    turned = any(word.low in _NEGATED for word in words)
    if turned or not named or _has_a_verb(words) or _has_been_so(words):
        return False
    return is_timed(words)


def _has_been_so(words: list[Word]) -> bool:
    """«С 1 июля платная»: a quality since a day, nothing to come to."""
    since = next((at for at, word in enumerate(words) if word.low in ("с", "со")), None)
    return since is not None and any(_tag(word, "ADJF") and _tag(word, "nomn") for word in words[since + 2 :])


def tells_when(sentence: Sentence) -> bool:
    """A day, a date or an hour that is not of the past."""
    words = [word for word in sentence.words if word.judged]
    return is_timed(words) and not is_past(words)


def is_timed(words: list[Word]) -> bool:
    """«В 15:00», «до 29 ноября», «по вторникам», «с 8 до 20», «через 20 минут»."""
    return any(_is_time(words, at) for at in range(len(words)))


def _is_time(words: list[Word], at: int) -> bool:
    word = words[at]
    before = words[at - 1] if at else None
    if word.low in _DAYS or (
        not word.lemmas.isdisjoint(WEEKDAYS) and before is not None and before.low in _TO_A_TIME
    ):
        return True
    if word.low in MONTHS:
        dated = before is not None and (before.token.kind == "number" or before.low == "го")
        return dated and words[max(0, at - 2)].low not in ("от", "за")
    if before is None:
        return False
    if "через" in (before.low, words[max(0, at - 2)].low) and not word.lemmas.isdisjoint(_UNITS):
        return True
    return (before.low == "в" and not word.lemmas.isdisjoint(_MONTH_NAMES)) or _is_an_hour(words, at)


def _is_an_hour(words: list[Word], at: int) -> bool:
    """«В 15:00», «с 8 до 20», «до восьми», «через 20 минут»."""
    word, before = words[at], words[at - 1].low
    if before not in _TO_A_TIME and before not in _BOUNDS:
        return False
    if word.token.kind == "number":
        return ":" in word.text or before in ("через", *_BOUNDS) or _goes_on_till(words, at)
    if before not in ("до", "к", "после") or not word.is_a("NUMR"):
        return False
    after = words[at + 1] if at + 1 < len(words) else None
    return after is None or not after.is_a("NOUN") or not after.lemmas.isdisjoint(_DAYTIMES)


def _goes_on_till(words: list[Word], at: int) -> bool:
    """«С 8 до 20»."""
    after = [word.low for word in words[at + 1 : at + 3]]
    return words[at - 1].low in ("с", "до") and (after[:1] == ["до"] or "часов" in after)


def names_a_channel(words: list[Word]) -> bool:
    known = tables("next-step")
    for at, word in enumerate(words):
        near = words[at + 1 : at + 1 + _REACH]
        if word.low in _TO_A_PLACE and any(not one.lemmas.isdisjoint(known["channels"]) for one in near):
            return True
        if word.low in ("по", "при", "к", "ко") and any(
            not one.lemmas.isdisjoint(known["brought"]) for one in near
        ):
            return True
        if word.is_a("NOUN", "ablt") and not word.lemmas.isdisjoint(("кнопка", "телефон", "почта")):
            return True
    return False


def is_past(words: list[Word]) -> bool:
    return any(
        (_tag(word, "VERB") and (_tag(word, "past") or not word.lemmas.isdisjoint(_STATES)))
        or (word.is_a("PRTS", "past") and word.lemmas.isdisjoint(tables("next-step")["receives"]))
        for word in words
    )


def _has_a_verb(words: list[Word]) -> bool:
    return any(_tag(word, "VERB") or word.is_a("PRTS", "past") for word in words)


def _tag(word: Word, grammeme: str) -> bool:
    tag = morphology.parses(word.text)[0].tag if word.is_word else ""
    return grammeme in tag
