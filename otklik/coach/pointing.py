"""Pointing words of official style: «данное обращение» → «это обращение», and when «данные» is a noun."""

from functools import cache
from typing import TYPE_CHECKING

from otklik.coach import nounphrase
from otklik.coach.nounphrase import NounPhrase
from otklik.coach.reading import Word
from otklik.coach.spot import CASES, Spot
from otklik.coach.turning import Turned
from otklik.russian import morphology

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

# plural nouns after which «данных» is surely no noun itself: «данных вопросов», but «данных клиентов»
_SURELY_THESE = frozenset(
    {
        "вопрос",
        "случай",
        "действие",
        "услуга",
        "условие",
        "товар",
        "документ",
        "заявка",
        "обращение",
        "работа",
    }
    | {"проблема", "тариф", "требование", "правило", "изменение", "шаг", "письмо", "сообщение", "заказ"}
)
_YOURS = frozenset({"обращение", "заявление", "сообщение", "письмо"})  # «ваше» is surer than «это»


def this(spot: Spot) -> Turned | None:
    """«этот» in the form of the word; None where it is a noun («данные карты») or a participle («данное вами»)."""
    word = spot.last
    noun = _pointed_at(spot.words, spot.end - 1)
    if noun is None or noun.lemma in spot.more.get("not_heads", ()):
        return None
    parse = noun.forms[noun.head]
    if parse is None or (word.low.startswith("данны") and not _surely_points(spot, noun, parse)):
        return None
    said = this_one(parse)
    if said is None:
        return spot.turned()
    start = word.start
    if spot.begin and spot.words[spot.begin - 1].low == "о":
        start, said = spot.words[spot.begin - 1].start, "об " + said
    ways = [said, "ваше"] if noun.lemma in _YOURS and said == "это" else [said]
    return Turned(start, word.end, tuple(morphology.like(way, spot.text[start]) for way in ways))


def _pointed_at(words: tuple[Word, ...], place: int) -> NounPhrase | None:
    """The noun phrase that a pointing word opens, in the likeliest case."""
    for case in _cases_of(words[place]):
        if case == "nomn" and place and words[place - 1].is_a("PREP"):
            continue
        found = nounphrase.at(words, place, case)
        if found and found.head > 0:
            return found
    return None


def _cases_of(word: Word) -> list[str]:
    cases = {str(one.tag.case) for one in morphology.parses(word.text) if one.tag.POS in {"ADJF", "PRTF"}}
    return [case for case in CASES if case in cases]


def _surely_points(spot: Spot, noun: NounPhrase, parse: "Parse") -> bool:
    """«данные документы» points, «данные карты», «персональных данных клиентов» don't."""
    place = spot.end - 1
    if place and spot.words[place - 1].is_a("ADJF") and not spot.words[place - 1].is_a("PREP"):
        return False
    if parse.tag.number != "plur":
        return True
    low = spot.last.low
    if low == "данных" and parse.tag.case == "gent":
        return noun.lemma in _SURELY_THESE
    # «данные карты» are a card's, «данные врачи видят» are what doctors see
    return low != "данные" or not (noun.noun.is_a("NOUN", "gent") or "anim" in parse.tag)


def this_one(noun: "Parse") -> str | None:
    """«этот» in the case, number and gender of a noun."""
    case, number = str(noun.tag.case), str(noun.tag.number)
    case = {"gen2": "gent", "loc2": "loct"}.get(case, case)
    if case == "accs" and (number == "plur" or noun.tag.gender == "masc"):
        case = "gent" if "anim" in noun.tag else "nomn"
    return _this_one(case, number, str(noun.tag.gender) if number == "sing" else "")


@cache
def _this_one(case: str, number: str, gender: str) -> str | None:
    pattern = next(one for one in morphology.parses("этот") if one.tag.POS == "ADJF")
    return morphology.inflect(pattern, case, number, *([gender] if gender else []))
