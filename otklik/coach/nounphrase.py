"""A noun with the words that hang on it, found in a sentence and put into another case.

«вашего нового счётчика в кухне» → the phrase «вашего нового счётчика», in the accusative «ваш новый счётчик».
What follows the head in the genitive («справки о доходах» has none, «суммы возмещения» has one) never changes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from otklik.coach.reading import Word
from otklik.russian import morphology
from otklik.russian.dates import MONTH_NAMES, WEEKDAYS

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

_KEPT = 20_000  # readings kept for the words seen last
_TAIL = 12  # words that may hang on a noun at most
_OWNERS = frozenset({"его", "ее", "их"})
_NO_PART = frozenset({"ADVB", "PREP", "CONJ", "PRCL", "NPRO", "VERB", "INFN", "PRED", "PRTS", "COMP", "INTJ"})
# words of time that stand beside a noun in the genitive without hanging on it: «оплату первого числа»
_TIMES = frozenset(
    [
        *MONTH_NAMES,
        *WEEKDAYS,
        "число",
        "день",
        "раз",
        "сегодня",
        "завтра",
        "вчера",
        "утро",
        "вечер",
        "ночь",
    ]
)
_MONEY = frozenset({"рубль", "доллар", "евро", "копейка", "бонус", "балл", "миля"})
_SIGNS = frozenset({"₽", "$", "€"})
_LATIN = re.compile(r"[A-Za-z][\w.+-]*")


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """`words[0]` … `words[-1]` of a sentence; those before `head` agree with it, those after stay as they are."""

    words: tuple[Word, ...]
    head: int
    forms: "tuple[Parse | None, ...]"  # of the words up to the head; None: stays as it is
    end: int  # number of the word after the phrase in its sentence
    is_joined: bool  # «и …» with another noun of the same case follows

    @property
    def noun(self) -> Word:
        return self.words[self.head]

    @property
    def lemma(self) -> str:
        """Dictionary form of the head, «е» for «ё»."""
        parse = self.forms[self.head]
        return parse.normal_form.replace("ё", "е") if parse else self.noun.low

    def in_case(self, case: str, text: str) -> str | None:
        """The whole phrase in another case, None when a word of it has no such form. text: the reply."""
        made = text[self.words[0].start : self.words[-1].end]
        offset = self.words[0].start
        for word, parse in reversed(list(zip(self.words, self.forms, strict=False))):
            if parse is None:
                continue
            form = _in_case(parse, case, self.forms[self.head])
            if form is None:
                return None
            made = made[: word.start - offset] + _as_written(form, word.text) + made[word.end - offset :]
        return made

    def number_and_gender(self) -> tuple[str, str]:
        """("sing", "femn"), ("plur", "")…"""
        parse = self.forms[self.head]
        if parse is None or parse.tag.number != "sing":
            return "plur", ""
        return "sing", str(parse.tag.gender or "")


def _as_written(form: str, word: str) -> str:
    """A form with the letters of the word as they were: «QR-кода» → «QR-код»."""
    pairs = enumerate(zip(form, word.lower(), strict=False))
    same = next((n for n, (one, other) in pairs if one != other), min(len(form), len(word)))
    return form.upper() if len(word) > 1 and word.isupper() else word[:same] + form[same:]


def _in_case(parse: "Parse", case: str, head: "Parse | None") -> str | None:
    number = str(parse.tag.number or "sing")
    wanted = {case, number}
    if parse.tag.POS in {"ADJF", "PRTF"} and head is not None:
        if number == "sing":
            wanted.add(str(head.tag.gender))
        if case == "accs" and (number == "plur" or head.tag.gender == "masc"):
            wanted = (wanted - {"accs"}) | {"gent" if "anim" in head.tag else "nomn"}
    return morphology.inflect(parse, *wanted)


def at(words: Sequence[Word], place: int, case: str, *, number: str = "") -> NounPhrase | None:
    """The phrase in `case` whose first word is `words[place]`; None when none begins there."""
    here = place
    before: list[Word] = []
    while here < len(words) and len(before) < 5:
        word = words[here]
        if not word.judged:
            return None
        noun = noun_parse(word, case, number)
        if noun and not _is_rather_adjective(words, here, case):
            return _with_rest(words, place, here, noun, case)
        if word.low not in _OWNERS and not _adjectives(word, case):
            return None
        before.append(word)
        here += 1
    return None


def noun_parse(word: Word, case: str, number: str = "") -> "Parse | None":
    """The reading of a word as a noun of this case, if it has one and isn't first of all something else."""
    return _noun_reading(word.text, case, number) if word.is_word else None


@lru_cache(_KEPT)
def _noun_reading(text: str, case: str, number: str) -> "Parse | None":
    if morphology.parses(text)[0].tag.POS in _NO_PART:
        return None
    wanted = ("NOUN", case, number) if number else ("NOUN", case)
    case_too = {"gent": ("NOUN", "gen2"), "loct": ("NOUN", "loc2")}.get(case)
    thing = morphology.first(text, *wanted, "inan")  # «счётчик» is a thing sooner than a man who counts
    return (
        thing or morphology.first(text, *wanted) or (morphology.first(text, *case_too) if case_too else None)
    )


def _adjectives(word: Word, case: str) -> "tuple[Parse, ...]":
    return _adjective_readings(word.text, case) if word.is_word else ()


@lru_cache(_KEPT)
def _adjective_readings(text: str, case: str) -> "tuple[Parse, ...]":
    parses = morphology.parses(text)
    return tuple(one for one in parses if one.tag.POS in {"ADJF", "PRTF"} and one.tag.case == case)


def _is_rather_adjective(words: Sequence[Word], here: int, case: str) -> bool:
    """«данные документы», «больной ребёнок»: the word may be a noun, but a noun that it agrees with follows."""
    if not _adjectives(words[here], case) or here + 1 >= len(words):
        return False
    after = noun_parse(words[here + 1], case)
    return after is not None and any(agrees(one, after) for one in _adjectives(words[here], case))


def agrees(adjective: "Parse", noun: "Parse") -> bool:
    """Whether an adjective or participle stands in the case, number and gender of a noun."""
    one, other = adjective.tag, noun.tag
    same_case = one.case == other.case or {one.case, other.case} <= {"gent", "gen2"}
    if not same_case or one.number != other.number:
        return False
    return bool(one.number == "plur" or one.gender == other.gender)


def _with_rest(words: Sequence[Word], begin: int, head: int, noun: "Parse", case: str) -> NounPhrase | None:
    forms: list[Parse | None] = []
    for word in words[begin:head]:
        fitting = [one for one in _adjectives(word, case) if agrees(one, noun)]
        if not fitting and word.low not in _OWNERS:
            return None
        forms.append(fitting[0] if word.low not in _OWNERS else None)
    end = tail_end(words, head + 1)
    return NounPhrase(
        words=tuple(words[begin:end]),
        head=head - begin,
        forms=(*forms, noun),
        end=end,
        is_joined=_is_joined(words, end, case),
    )


def tail_end(words: Sequence[Word], place: int) -> int:
    """Where what hangs on a noun in the genitive ends: «суммы возмещения ущерба», «№ 118», «заказа 4471», «…»."""
    last = min(len(words), place + _TAIL)
    while place < last:
        step = _step(words, place)
        if not step:
            return place
        place += step
    return place


def _step(words: Sequence[Word], place: int) -> int:
    """How many of the words from `place` hang on the noun before it."""
    word = words[place]
    if word.text == "«":
        closing = (n for n in range(place, min(place + 14, len(words))) if words[n].text == "»")
        return next(closing, place - 1) - place + 1
    if word.text == "№":
        return min(2, len(words) - place)
    if word.token.kind == "number":
        return 2 if _is_money(words, place) else int(not _counts(words, place))
    if not word.is_word or not word.judged:
        return 0
    return 1 if _LATIN.fullmatch(word.text) else _genitive(words, place)


def _genitive(words: Sequence[Word], place: int) -> int:
    """The length of a noun in the genitive with at most two words that describe it, 0 where none stands there."""
    for here in range(place, min(place + 3, len(words))):
        word = words[here]
        if noun_parse(word, "gent") and word.lemmas.isdisjoint(_TIMES):
            return here - place + 1
        if word.low not in _OWNERS and not _adjectives(word, "gent"):
            return 0
    return 0


def _is_money(words: Sequence[Word], place: int) -> bool:
    """«450 рублей», «300 ₽»: a sum hangs on the noun before it."""
    after = words[place + 1] if place + 1 < len(words) else None
    return after is not None and (after.text in _SIGNS or not after.lemmas.isdisjoint(_MONEY))


def _counts(words: Sequence[Word], place: int) -> bool:
    """A number before a noun counts or dates it («25 ноября», «3 дня»): it isn't the number of what stands before."""
    after = words[place + 1] if place + 1 < len(words) else None
    return (
        after is not None
        and (after.is_word or not re.fullmatch(r"[.,;:!?)\s—–-]+", after.text))
        and (after.is_a("NOUN") or after.text in "%₽")
    )


def _is_joined(words: Sequence[Word], end: int, case: str) -> bool:
    if end + 1 >= len(words) or words[end].text not in {"и", "или", ",", "/", "да"}:
        return False
    return any(
        noun_parse(words[n], case) is not None
        for n in range(end + 1, min(end + 3, len(words)))
        if words[n].is_word
    )
