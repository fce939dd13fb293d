"""Whether a deed or a refusal is explained: a reason stands in its own sentence or beside it.

A neighbour counts when it opens as an explanation or names a state that is a cause by itself; a reason that
belongs to another deed doesn't. Letters alone, no morphology. Lists: `data/reasons.toml`.
"""

import re
from functools import cache
from itertools import pairwise

from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence

# from afar only a sentence that says outright that it explains
_FAR = re.compile(r"(?:причин|дело в|так вышло|так получилось|это (?:из-за|потому|связано|вызвано))")
# «мы просим делать это через форму, чтобы мошенники …»: the purpose of what the firm wants
_MEANS = re.compile(
    r"(?:просим|делаем|проверяем|сделали|требуем) .*чтобы (?:быть|защит|никто|не |мошенн|деньги|ваш)"
)
# «по вашему заявлению принято отрицательное решение»: what was asked is no reason to refuse it
_AS_ASKED = re.compile(r"(?<!\w)по вашему (?:заявлени|запрос|обращени)\w+")
_CONDITION = re.compile(r"(?<!\w)(?:если|в случае|при (?!эт)|бывает , что)(?!\w)")
# «концерт перенесли, у солиста ангина»
_HAS = re.compile(r", у (?!вас|нас|меня)\w+ (?!есть )")
# «вылет сдвинули, в Сочи закрыли полосу»
_EVENT = re.compile(
    r", (?:в|на|под|за|там|вчера|ночью|утром) (?:\w+ ){1,4}\w{2,}(?:ли|лась|лся|ло|ла)(?: |\Z|\.)"
)
_PAST = re.compile(r"л(?:а|о|и)?(?:сь|ся)?\Z")
_PARTICIPLE = re.compile(r"(?:нн|щ|вш|т)(?:ый|ий|ая|яя|ое|ее|ые|ие|ого|его|ой|ей|ых|их|ую|ую)(?:ся)?\Z")
_FOLLOWS, _TELLS = 12, 24  # words of what follows from the sentence before, and of that one
FAR = 20  # sentences within which «Причина: …» is looked for
NEAR = 2  # sentences before and after it that may explain it


def is_explained(
    reading: Reading, at: int, place: tuple[int, int], *, refuses: bool, policy: bool = False
) -> bool:
    """Whether the sentence number `at`, whose deed or refusal stands at `place`, has its reason.

    refuses: it is a refusal; of those a plain fact after a comma is a reason, of a deed it may be anything.
    policy: it tells a rule of the house («не возвращаем»), which no event before it explains.
    """
    own = reading.sentences[at]
    if refuses and _fact_follows(own, place):
        return True
    low = _AS_ASKED.sub(" ", _low(own)) if refuses else _low(own)
    if _pattern("inside").search(low) or _clause_follows(own, place) or _state_before(own, place):
        return True
    first, last = max(0, at - FAR), min(len(reading.sentences), at + FAR + 1)
    others = [(number, reading.sentences[number]) for number in range(first, last) if number != at]
    return any(
        _explains(own, one, number - at, refuses=refuses, policy=policy)
        or (refuses and number == at - 1 and _leads_to(own, one))
        for number, one in others
    )


def _explains(own: Sentence, other: Sentence, distance: int, *, refuses: bool, policy: bool) -> bool:
    """Whether a sentence so many places after (before: below 0) gives the reason.

    A plain state is a cause right before or within two sentences after; farther before it must name the same thing.
    """
    low = _low(other)
    if abs(distance) > NEAR:
        return bool(_FAR.match(low) or (_MEANS.search(low) and _stems(own) & _stems(other)))
    if other.is_question or _is_farewell(other):
        return False
    if _opening().match(low):
        return True
    if _CONDITION.search(low):
        return False
    if _pattern("causes").search(low) is None:
        follows = refuses and distance == 1  # «перенести нельзя. Списки уже ушли»
        return _pattern("weak_causes").search(low) is not None and (
            follows or bool(_stems(own) & _stems(other))
        )
    if _pattern("breakdowns").search(low) and not policy:
        return True
    if policy and distance < 0:
        return bool(_stems(own) & _stems(other))
    return distance >= -1 or bool(_stems(own) & _stems(other))


def _is_farewell(sentence: Sentence) -> bool:
    """«Спасибо за вопрос, хорошего отпуска!»: who is on holiday there explains nothing."""
    first = next((word.low for word in sentence.words if word.is_word), "")
    return first in _list("farewells") and _pattern("inside").search(_low(sentence)) is None


def _leads_to(own: Sentence, other: Sentence) -> bool:
    """Right before: «домофон отключён за долги», «приём только по направлениям» and then what isn't done."""
    if len(own.words) > _FOLLOWS or other.is_question:
        return False
    low = _low(other)
    return " только " in low or (_pattern("inside").search(low) is not None and len(other.words) <= _TELLS)


def says_why(sentence: Sentence) -> bool:
    """A word of reason stands in it: «потому что», «так как», «из-за»."""
    return _pattern("inside").search(_low(sentence)) is not None


def _stems(sentence: Sentence) -> frozenset[str]:
    return frozenset(word.low[:5] for word in sentence.words if word.is_word and len(word.low) > 4)


def _clause_follows(sentence: Sentence, place: tuple[int, int]) -> bool:
    """«Заказ отменён: продавец не подтвердил наличие», «сервер отключён — кончилась аренда»."""
    for at, word in enumerate(sentence.words):
        if word.start < place[0]:
            continue
        if word.text.strip() in {":", "—", "–", ";"}:
            return sum(one.is_word for one in sentence.words[at + 1 :]) >= 2
        if word.text != ",":
            continue
        rest = _low(Sentence(sentence.words[at:]))
        if (
            rest.startswith(", пока")
            or _HAS.match(rest)
            or _EVENT.match(rest)
            or _pattern("causes").search(rest)
        ):
            return True
    return False


def _fact_follows(sentence: Sentence, place: tuple[int, int]) -> bool:
    """«Имя в билете поменять нельзя, это правило авиакомпании»: a fact stands after the comma."""
    comma = next((word for word in sentence.words if word.start >= place[1] and word.text == ","), None)
    if comma is None:
        return False
    fact = [word.low for word in sentence.words if word.start > comma.start and word.is_word]
    denies = not {"нет", "нельзя", "невозможно"}.isdisjoint(fact) or _denies_now(fact)
    is_clause = len(fact) >= 2 and fact[0] not in _list("no_reason") and not _PARTICIPLE.search(fact[0])
    return is_clause and not denies


def _denies_now(fact: list[str]) -> bool:
    """«Не делаем» refuses once more; «проводка тридцать лет не менялась» is a state that explains."""
    return any(low == "не" and not _PAST.search(after) for low, after in pairwise([*fact, ""]))


def _state_before(sentence: Sentence, place: tuple[int, int]) -> bool:
    """«Билет невозвратный, вернуть деньги не можем»: a clause of its own stands before the comma."""
    commas = [word for word in sentence.words if word.text == "," and word.end <= place[0]]
    if not commas:
        return False
    smile = max((word.end for word in sentence.words if word.text.startswith(")")), default=0)
    begun = smile if smile <= commas[-1].start else 0  # «Какая книжка)) Жаль, её нет»
    before = [word for word in sentence.words if word.is_word and begun <= word.start < commas[-1].start]
    is_calm = any(word.low in _list("calm") for word in before)  # «сервер в порядке, мы не занимаемся …»
    is_told = any(
        word.low.startswith(("уведомля", "сообща", "информиру", "извеща", "доводим")) for word in before
    )
    return len(before) >= 2 and not (is_calm or is_told) and before[0].low not in _list("courtesies")


def _low(sentence: Sentence) -> str:
    return " ".join(word.low.strip() for word in sentence.words)


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(tables("reasons")[name])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    ways = (re.escape(way).replace("!", r"\b") for way in tables("reasons")[name])
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})")


@cache
def _opening() -> re.Pattern[str]:
    ways = "|".join(map(re.escape, tables("reasons")["opening"]))
    return re.compile(rf"(?:(?:[-–—•*·]|и|а|все|но|просто|увы ,|к сожалению ,) )*(?:{ways})")
