"""Whether a reply holds a step: what we do next, what we have done about it, or what the client can do."""

import re
from collections.abc import Sequence

from otklik.coach import waying
from otklik.coach.phrases import phrases, tables
from otklik.coach.reading import Reading, Sentence, Word
from otklik.russian import morphology

_PHONE = re.compile(
    r"(?<!№ )(?<!№)(?<!\d)(?:\+\d|8[\u00a0 (-])[\d\u00a0\u202f ()-]{6,20}\d"
    r"|(?<![\d-])\d{2,3}-\d\d-\d\d(?![\d-])|\*\d+#|\b(?i:доб(?:авочный|\.)?\s{0,2}\d+)"
)
_PATH = re.compile(
    r"«[^«»]{1,40}»\s{0,2}(?:,|→|->|>|/)\s{0,2}«"
)  # «Профиль», «Подписка»: a way through a menu
_STREET = re.compile(
    r"(?:\b[Нн]а|\b[Уу]л\.|\b[Уу]лиц[аеу]|\bпр\.|\bпроспект[е]?)\s{1,2}[А-ЯЁ][а-яё-]{2,30}(?:\s[А-ЯЁа-яё-]{2,30})?,?\s{1,2}(?:д\.\s?)?\d"
)
_WINDOW = re.compile(
    r"\b(?:окн[оаеу]|кабинет\w{0,3}|касс\w{1,2}|офис\w{0,2}|стойк\w{1,2}|бокс\w{0,2})\s{1,2}(?:№\s?)?\d"
)
_TURNED = frozenset(
    {"не", "ни", "вряд", "ничего", "никто", "никогда", "едва", "нельзя", "невозможно", "незачем"}
)
_SHUT = frozenset(
    {"не", "нет", "нельзя", "невозможно", "закончился", "закончилась", "закончились", "отменен", "закрыт"}
)
_CONTRAST = frozenset({"а", "но", "зато", "только", "однако"})
_FOLLOWS = frozenset({"значит", "следовательно", "потому", "поэтому", "стало"})  # «…, а значит»
_WAS = frozenset({"был", "была", "было", "были"})
_ADVISE = frozenset(
    {
        "прошу",
        "просим",
        "попрошу",
        "рекомендую",
        "рекомендуем",
        "советую",
        "советуем",
        "предлагаю",
        "предлагаем",
    }
)
_ORDER = 2  # words of an order to behave
_NEAR = 12  # words on either side of a verb among which its time and place stand
_ANY = frozenset({"любой", "любая", "любое", "любые", "всякий", "всякая", "всякое"})
_BEFORE = 3  # words before a verb that may turn it
STEM = 5  # letters by which words are the same
_NEXT = ("следующ", "ближайш", "друг", "нов", "перв", "прием", "запис", "выезд", "срок", "связ")
_REACH = 6  # words from «можно» to its infinitive, either way


def has_step(reading: Reading, said: Sequence[Sentence], matter: frozenset[str]) -> bool:
    """A step in any of the sentences; a telephone or an address of the net in the body is one by itself.

    said: the sentences of the reply that may help anybody on. matter: beginnings of the words of what the client
    asks and what is refused; a place and an hour alone are a way only where they name it («завтрак с 7:30» doesn't).
    """
    named = (
        _PHONE.search(reading.text, 0, reading.body_end),
        _STREET.search(reading.text, 0, reading.body_end),
        _WINDOW.search(reading.text, 0, reading.body_end),
    )
    if any(named) or _PATH.search(reading.text) or any(word.token.kind == "place" for word in reading.words):
        return True
    return any(moves_on(one, matter) for one in said if one.is_judged)


def moves_on(sentence: Sentence, matter: frozenset[str] = frozenset()) -> bool:
    """Whether the sentence holds a step; matter: as in `has_step`."""
    if sentence.is_question:
        return not next(phrases("next-step", "rhetoric").find_in(sentence), None)
    words = [word for word in sentence.words if word.judged]
    if (
        _is_curt_order(words)
        or _is_farewell(words)
        or next(phrases("next-step", "sermon").find_in(sentence), None)
    ):
        return False
    words = words[: _where_it_threatens(words)]
    if waying.shows_a_way(words) and _is_on(words, matter):
        return True
    if _turns_to_another_way(words) or any(
        _is_step(words, at) for at in range(len(words)) if words[at].is_word
    ):
        return True
    if not waying.is_past(words) and next(phrases("next-step", "gift").find_in(sentence), None):
        return True
    matches = phrases("next-step", "step").find_in(sentence)
    return any(
        match.words[0] in words and not is_turned(words, words.index(match.words[0])) for match in matches
    )


def _is_on(words: list[Word], matter: frozenset[str]) -> bool:
    """It names something of the matter, or a next one; where nothing is known of the matter anything may."""
    if not matter or any(word.low.startswith(_NEXT) for word in words):
        return True
    return any(word.low[:STEM] in matter for word in words if word.is_word)


def _where_it_threatens(words: list[Word]) -> int:
    """«…, иначе профиль будет ограничен»: what follows is no step of anybody's."""
    return next((at for at, word in enumerate(words) if at and word.low == "иначе"), len(words))


def _is_curt_order(words: list[Word]) -> bool:
    """«Программу удалите.»: a thing and an order, no «пожалуйста», no way, place or aim. Text 002 calls it no step."""
    said = [word for word in words if word.is_word]
    return len(said) == 2 and said[0].is_a("NOUN", "accs") and said[1].is_a("VERB", "impr", "plur")


def _is_farewell(words: list[Word]) -> bool:
    """«Сияйте!»: an order alone that moves nothing on."""
    said = [word.low for word in words if word.is_word]
    real = tuple(tables("next-step")["orders"]["real"])
    if not said or said[0].startswith(real):
        return False
    first = next(word for word in words if word.is_word)
    manner = (
        len(said) == _ORDER and first.is_a("impr") and said[1].endswith(("о", "ее"))
    )  # «паркуйтесь правильно»
    return manner or (len(said) == 1 and words[-1].text.startswith("!"))


def _turns_to_another_way(words: list[Word]) -> bool:
    """«Здесь нельзя, а на соседней стоянке пожалуйста»: a refusal, and after «а», «но», «только» what there is."""
    shut = next((at for at, word in enumerate(words) if word.low in _SHUT), None)
    if shut is None or (words[shut].low == "не" and _is_identity(words, shut)):
        return False
    for at in range(shut + 2, len(words) - 1):
        if words[at].low in _CONTRAST and words[at - 1].text == "," and words[at + 1].low not in _FOLLOWS:
            return not any(word.low in _TURNED or word.low == "нет" for word in words[at:])
    return False


def _is_identity(words: list[Word], at: int) -> bool:
    """«Не наш, а подрядчика»: it says whose it is, and shows no way."""
    after = words[at + 1 : at + 2]
    return any(one.lemmas & {"наш", "мой", "ваш"} for one in after)


def _is_step(words: list[Word], at: int) -> bool:
    known = tables("next-step")
    word = words[at]
    if word.low in known["able"]:
        return not is_turned(words, at) and _offers(words, at)
    if word.low in known["duty"]:
        return not is_turned(words, at) and _asks(words, at)
    if word.low == "есть":
        papers = any(not one.lemmas.isdisjoint(known["papers"]) for one in words)
        return (
            not papers
            and not is_turned(words, at)
            and words[max(0, at - 1)].low != "вас"  # «у вас есть», «после вас есть»
            and [words[max(0, at - 1)].low] != [one.low for one in words[at + 1 : at + 2]]  # «снег есть снег»
        )
    if word.low in _ADVISE and is_turned(words, at):
        return False  # «оспаривать не советуем»
    if word.low in _ADVISE and "не" in [one.low for one in words[at + 1 : at + 3]]:
        return False  # «просим не звонить»
    if word.low in _ADVISE:
        return _asks(words, at) or any(
            one.is_a("INFN") and not _is_empty(words, one) for one in words[at : at + 6]
        )
    return _is_deed(words, at)


def _is_deed(words: list[Word], at: int) -> bool:
    """An imperative, something to come, something done or being done."""
    known = tables("next-step")
    word = words[at]
    tag = morphology.parses(word.text)[0].tag  # a second reading of a noun tells nothing: «встречу», «дам»
    if "NOUN" in tag:
        return False
    if word.is_a("VERB", "impr", "plur", "excl") and not _is_told_of(words, at):
        return not _is_empty(words, word)  # «не закрывайте окно» is an instruction as well
    if is_turned(words, at):
        return False
    if word.low in ("будет", "будут", "будем", "буду", "будете"):
        return _will_be(words[at + 1 : at + 5]) or _will_end(words, at) or _will_come(words, at)
    # «договор расторгнут», «стена проходит»: a future only in a rare reading
    if word.is_a("VERB", "futr") and "PRTS" not in tag and "pres" not in tag:
        loses = word.is_a("2per") and not word.lemmas.isdisjoint(known["losing"])  # «всё равно проиграете»
        passes = word.is_a("3per") and not word.lemmas.isdisjoint(known["by_itself"])  # «пятно высохнет»
        return not (loses or passes or _is_empty(words, word) or _is_of_anybody(words, at))
    if "VERB" in tag and "pres" in tag and "2per" not in tag:
        return _is_at_work(words, at)
    done = ("PRTS" in tag or ("VERB" in tag and "past" in tag)) and not word.lemmas.isdisjoint(known["done"])
    if "PRTS" in tag and _burdens(words, at):
        return False
    was = any(one.low in _WAS for one in words[max(0, at - 2) : at])
    return done and not (was and word.lemmas & set(known["history"])) and not is_by_another(words, at)


def _is_at_work(words: list[Word], at: int) -> bool:
    """«Проверяем», «в среду выезжаем»; «ждём вас!» is a farewell, «отвечаем за трубы» a duty."""
    word, clause = words[at], _clause(words, at)
    named = waying.is_timed(clause) or waying.names_a_channel(clause)
    greets = word.low in ("ждем", "жду") and not named
    duty = word.low.startswith("отвеча") and "за" in [one.low for one in words[at + 1 : at + 3]]
    busy = _is_busy(word) and not has_a_stranger(words, at) and not (greets or duty)
    return busy or _is_ahead(words[max(0, at - _NEAR) : at + _NEAR])


def _burdens(words: list[Word], at: int) -> bool:
    """«Пеня начислена» does nobody good."""
    burdens = tables("next-step")["burdens"]
    return any(not one.lemmas.isdisjoint(burdens) for one in _clause(words, at) if one.is_a("nomn"))


def _clause(words: list[Word], at: int) -> list[Word]:
    """The words between the commas round a place."""
    marks = [number for number, word in enumerate(words) if word.text in (",", ";", ":", ".")]
    begun = max((number + 1 for number in marks if number < at), default=0)
    return words[begun : min((number for number in marks if number > at), default=len(words))]


def _will_be(after: list[Word]) -> bool:
    """«Будет доставлен», «будем искать»; «будут удалены» only cuts."""
    known = tables("next-step")
    cutting = (*known["cutting"], *known["closing"])
    return any(one.is_a("INFN") or (one.is_a("PRTS") and one.lemmas.isdisjoint(cutting)) for one in after)


def _will_come(words: list[Word], at: int) -> bool:
    """«Руслан будет через четыре минуты», «машина будет у вас в 9:10»."""
    after = words[at + 1 : at + 7]
    return any(word.low in ("через", "в", "к") for word in after) and waying.is_timed(after)


def _will_end(words: list[Word], at: int) -> bool:
    """«Восстановление будет завершено»: work on the trouble comes to its end."""
    works = tables("next-step")["works"]
    named = any(not word.lemmas.isdisjoint(works) for word in words[:at])
    return named and any(
        not word.lemmas.isdisjoint(("завершить", "закончить")) for word in words[at + 1 : at + 4]
    )


def has_a_stranger(words: list[Word], at: int) -> bool:
    """«Мусор оставили жильцы», «покупатель проверяет»: one who isn't we stands by the verb."""
    strangers = tables("next-step")["strangers"]
    near = (*words[max(0, at - 3) : at], *words[at + 1 : at + 3])
    return any(one.low == "вы" or (not one.lemmas.isdisjoint(strangers) and one.is_a("nomn")) for one in near)


def _is_of_anybody(words: list[Word], at: int) -> bool:
    """«Что ж поделаешь», «любая подвеска застучит»: a saying about the world. Unknown words have guessed forms."""
    word = words[at]
    saying = word.is_a("VERB", "futr", "2per", "sing") or not morphology.is_known(word.text)
    return saying or any(one.low in _ANY for one in words[max(0, at - _BEFORE) : at])


def _is_busy(word: Word) -> bool:
    """«Проверяем», «проверяют»; «пишут», «отвечают» only of ourselves: «об этом пишут на каждой коробке»."""
    known = tables("next-step")
    lemmas = word.lemmas & set(known["busy"])
    return bool(lemmas) and (lemmas.isdisjoint(known["busy_ourselves"]) or word.is_a("1per"))


def _is_ahead(words: list[Word]) -> bool:
    """«Завтра», «в среду»; «по средам» is a habit, «через 30 дней» after a past is one as well."""
    ahead = set(tables("next-step")["ahead"]) - ({"через"} if waying.is_past(words) else set())
    return any(
        not one.lemmas.isdisjoint(ahead) and (not at or words[at - 1].low != "по")
        for at, one in enumerate(words)
    )


def is_by_another(words: list[Word], at: int) -> bool:
    """«Организатор свою часть вернул»: a deed of somebody who is not us."""
    for one in words[max(0, at - 6) : at]:
        tag = morphology.parses(one.text)[0].tag if one.is_word else ""
        if one.low in ("он", "она", "они", "вы") or ("NOUN" in tag and "anim" in tag and "nomn" in tag):
            return True
    return False


def _is_told_of(words: list[Word], at: int) -> bool:
    """«Вы смотрите вчерашний счёт»: the same form, and no imperative."""
    return any(one.low == "вы" for one in words[max(0, at - 2) : at])


def _is_empty(words: list[Word], word: Word) -> bool:
    """A verb of courtesy or sermon; «обратите внимание» and «примите извинения» by their object."""
    known = tables("next-step")
    at = words.index(word)
    if any(not one.lemmas.isdisjoint(known["hollow_objects"]) for one in words[at + 1 : at + 5]):
        return True
    return not word.lemmas.isdisjoint(known["empty"]) and word.lemmas.isdisjoint(known["with_object"])


def _offers(words: list[Word], at: int) -> bool:
    """«Можно обменять», «обменять можно»; «можно было подумать» comes too late."""
    if at + 1 < len(words) and words[at + 1].low in ("было", "был", "бы"):
        return False
    near = words[max(0, at - _REACH) : at + _REACH + 1]
    return any(one.is_a("INFN") and not _is_empty(words, one) for one in near)


def _asks(words: list[Word], at: int) -> bool:
    """«Нужно подать заявление» asks for a deed, «следует изучать условия» preaches."""
    if at + 1 < len(words) and words[at + 1].low in ("было", "был", "была", "были"):
        return False
    near = words[max(0, at - 4) : at + _REACH]
    return any(one.is_a("INFN", "perf") and not _is_empty(words, one) for one in near)


def is_turned(words: list[Word], at: int) -> bool:
    """Whether «не» or its kin stands a little before, in the same clause."""
    for word in reversed(words[max(0, at - _BEFORE) : at]):
        if not word.is_word:
            return False
        if word.low in _TURNED:
            return True
    return False
