"""Times said after «до», «раньше», «после»: where they end, and how they answer «когда»: «в 8:00», «9 ноября».

The due time of promises is read elsewhere (`russian.dates`); here only the words matter.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from otklik.coach import nounphrase
from otklik.coach.phrases import tables
from otklik.coach.reading import Word
from otklik.coach.verbalnouns import is_made_of_verb
from otklik.russian.dates import MONTH_NAMES, WEEKDAYS

_CLOCK = re.compile(r"\d{1,2}[:.]\d\d")
_SPOKEN_HOURS = frozenset(
    {"двух", "трех", "четырех", "пяти", "шести", "семи", "восьми", "девяти", "десяти"}
    | {"одиннадцати", "двенадцати"}
)
_YEAR = re.compile(r"20\d\d")
_PARTS_OF_DAY = frozenset({"утра", "вечера", "ночи", "дня", "часов", "часа", "час"})
_OUT_OF_RANGE = 31
_MONTHS = frozenset(MONTH_NAMES)
_WEEKDAYS = frozenset(WEEKDAYS)
# «с вечера» says another thing than «не раньше вечера»
_VAGUE_HOURS = frozenset({"утро", "вечер", "обед", "полдень", "полночь"})


@dataclass(frozen=True, slots=True)
class Moment:
    """`words[place:end]` of a sentence. since: as after «с», "" where it can't be said; at: as an answer to «когда»."""

    end: int
    since: str = ""
    at: str = ""
    is_event: bool = False


def read(words: Sequence[Word], place: int, text: str) -> Moment | None:
    """The time that begins at `words[place]`, None when something else stands there («до 7 лет», «до вас»)."""
    if place >= len(words) or not words[place].judged:
        return None
    if words[place].token.kind == "number" or words[place].low in _SPOKEN_HOURS:
        return _by_number(words, place, text)
    if words[place].low in tables("negative")["adverbs_of_time"]:
        return Moment(place + 1, "", words[place].text)
    noun = nounphrase.at(words, place, "gent")
    if noun is None or (noun.lemma in tables("negative")["with_word"] and not noun.head):
        return None
    end = place + noun.head + 1
    data = tables("negative")
    if noun.lemma in data["edges"]:
        what = nounphrase.at(words, end, "gent")
        if what is None:
            return None
        return Moment(end + what.head + 1, is_event=what.lemma not in {*data["times"], "день", "год"})
    if noun.lemma in data["times"]:
        return _by_name(words, place, end, noun, text)
    is_event = noun.lemma in data["events"] or is_made_of_verb(noun.lemma)
    return Moment(noun.end, is_event=True) if is_event else None


def held_by(words: Sequence[Word], place: int) -> Moment | None:
    """What a client is asked to wait for: «до ответа банка», «до премьеры»."""
    noun = nounphrase.at(words, place, "gent") if place < len(words) and words[place].judged else None
    if noun is None or noun.lemma not in tables("negative")["holds"]:
        return None
    return Moment(noun.end, is_event=True)


def anything(words: Sequence[Word], place: int) -> Moment | None:
    """Whatever in the genitive one may come earlier than: «курьера», «двух часов дня», «трёх рабочих дней»."""
    if place >= len(words) or not words[place].judged or words[place].low.startswith("так"):
        return None
    counted = words[place].token.kind == "number" or words[place].is_a("NUMR")
    noun = nounphrase.at(words, place + counted, "gent")
    if noun is None or (not counted and words[place].is_a("nomn")):  # «раньше дороги не откроют»
        return None
    return Moment(noun.end, is_event=True)


def _by_number(words: Sequence[Word], place: int, text: str) -> Moment | None:
    said = words[place].text
    after = words[place + 1] if place + 1 < len(words) else None
    if words[place].low in _SPOKEN_HOURS:
        return _by_spoken_hour(words, place, text)
    if after is not None and after.is_word:
        if after.low in _PARTS_OF_DAY or _CLOCK.fullmatch(said):
            end = place + 1 + (after.low in _PARTS_OF_DAY)
            return _clock(words, place, end, text)
        if after.low == "числа" or not after.lemmas.isdisjoint(_MONTHS):
            return _date(words, place, text)
        if _YEAR.fullmatch(said) and after.low == "года":
            return Moment(place + 2, f"{said} года", f"в {said} году")
        if after.is_a("NOUN", "gent") and not after.is_a("NOUN", "nomn") and not after.is_a("NOUN", "accs"):
            return None
    if _CLOCK.fullmatch(said) or (said.isdigit() and int(said) <= _OUT_OF_RANGE and not _is_measure(after)):
        return _clock(words, place, place + 1, text)
    return None


def _by_spoken_hour(words: Sequence[Word], place: int, text: str) -> Moment | None:
    """«до девяти», «до восьми вечера», not «до трёх человек»."""
    after = words[place + 1] if place + 1 < len(words) else None
    is_part = after is not None and after.low in _PARTS_OF_DAY
    if after is not None and not is_part and (after.is_a("NOUN", "gent") or after.is_a("ADJF", "gent")):
        return None
    end = place + 1 + is_part
    return Moment(end, text[words[place].start : words[end - 1].end])


def _is_measure(after: Word | None) -> bool:
    if after is None:
        return False
    return after.text in {"%", "₽", "$", "°", "-", "–"} or after.low in {
        "лет",
        "года",
        "руб",
        "кг",
        "км",
        "м",
        "минут",
        "дней",
        "мб",
        "гб",
    }


def _clock(words: Sequence[Word], place: int, end: int, text: str) -> Moment:
    said = text[words[place].start : words[end - 1].end]
    return Moment(end, said, f"в {said}")


def _date(words: Sequence[Word], place: int, text: str) -> Moment:
    end = place + 2
    if end + 1 < len(words) and _YEAR.fullmatch(words[end].text) and words[end + 1].low in {"года", "г"}:
        end += 2
    said = text[words[place].start : words[end - 1].end]
    return Moment(end, said, said)


def _by_name(words: Sequence[Word], place: int, end: int, noun: nounphrase.NounPhrase, text: str) -> Moment:
    said = text[words[place].start : words[end - 1].end]
    cut = nounphrase.NounPhrase(noun.words[: noun.head + 1], noun.head, noun.forms, end, False)
    if noun.lemma in _WEEKDAYS:
        day = cut.in_case("accs", text)
        return Moment(end, said, f"{'во' if (day or '').startswith('вт') else 'в'} {day}" if day else "")
    if noun.lemma in _MONTHS:
        month = cut.in_case("loct", text)
        return Moment(end, said, f"в {month}" if month else "")
    if noun.lemma == "неделя" and noun.head:
        week = cut.in_case("loct", text)
        return Moment(end, said, f"на {week}" if week else "")
    return Moment(end, "" if noun.lemma in _VAGUE_HOURS else said)
