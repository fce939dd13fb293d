"""What a client asks: his questions, what kind of answer each waits for, and the words it is about.

Data: `data/off_question.toml`. Silent about what it doesn't understand: a question without a kind is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from otklik.coach import fields
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word
from otklik.coach.refusalwords import LONGEST

_ABOUT = ("NOUN", "VERB", "INFN", "ADJF", "PRTF", "LATN")
_WITHOUT_SUBJECT = ("price", "how")  # «Сколько стоит?» needs no subject to be answered with a sum
_FRAGMENT = 4  # words of a question without a verb
_BEGINNING = 5  # letters by which «доставка» and «доставить» are the same
_SURNAME = re.compile(r"\w{2,20}(?:[оеё]ва?|ин|ина|ский|ская|енко|чук|швили|дзе)\Z")
_ASKS_TO_TELL = re.compile(r"(?:под)?скаж\w+|уточните|интересует|хочу узнать|напишите|объясните")

# «можно ли прийти с ребёнком, оставить не с кем»: whatever else stands there, leave is asked for
_LEAVE = re.compile(r"(?:и |а |или |еще )?(?:можно|нужно|надо|[а-я]{3,20}) ли\b(?! не\b)")
# a question without its mark: «и можно ли прислать на почту», «и картой у вас можно заплатить»
_UNMARKED = re.compile(
    r"(?:и|а|еще|также) (?:[а-я]{3,20} ли\b|(?:можно|нужно|надо|когда|сколько|где|как|во сколько|есть)\b"
    r"|(?:[а-я]+ ){1,3}можно [а-я]+(?:ть|ти)\b)"
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the kind of its answer and its words, each as a set of beginnings that mean the same."""

    kind: str
    about: tuple[frozenset[str], ...]
    has_noun: bool  # it names a thing, not only a deed
    second: tuple[frozenset[str], ...] = ()  # of «вход через Google и выгрузку в Excel», the words after «и»
    about_money: bool = False  # «за что взяли 60 рублей»
    words: tuple[Word, ...] = ()
    fields: frozenset[int] = frozenset()  # see fields.py

    @property
    def has_subject(self) -> bool:
        """Whether it says what it is about, or needs not: «Когда?» alone doesn't."""
        return bool(self.about or self.fields) or self.kind in _WITHOUT_SUBJECT

    def touched(self, known: frozenset[str]) -> int:
        """How many of its words stand among `known` (beginnings of a text)."""
        return sum(not one.isdisjoint(known) for one in self.about)


def questions(client: Reading) -> list[Question]:
    """The questions of a letter in order, rhetorical ones left out."""
    return [question for sentence in client.sentences for question in _of_sentence(sentence)]


def requests(client: Reading) -> list[Question]:
    """«Отложите книгу»: what is asked for without a question; its words claim their part of the reply."""
    found = []
    for sentence in client.sentences:
        if sentence.is_question or len(sentence.words) > LONGEST:
            continue
        if any(word.is_a("VERB", "impr", "plur") for word in sentence.words):
            about = tuple(dict.fromkeys(_group(word) for word in sentence.words if _is_about(word)))
            found.append(Question("request", about, has_noun=True, words=sentence.words))
    return found


def beginnings(sentence: Sentence) -> frozenset[str]:
    """What a sentence speaks of, in the shape that `Question.touched` compares."""
    return frozenset(one for word in sentence.words if word.is_word for one in _keys(word))


def subjects(word: Word) -> frozenset[str]:
    """What one word speaks of, in the same shape; empty for words without a subject."""
    return _group(word) if _is_about(word) else frozenset()


def answers(kind: str, sentence: Sentence) -> bool:
    """Whether a sentence holds an answer of that kind, however vague."""
    if kind == "who" and any(_is_name(word) for word in sentence.words):
        return True
    low = _low(sentence.words)
    return any(_patterns(one, "answers").search(low) is not None for one in (kind, *_also(kind)))


def _is_name(word: Word) -> bool:
    """«Мария», «Сомова», but not «идут», which might be somebody's name too."""
    if word.is_a("Name"):
        return True
    return word.is_word and word.text[:1].isupper() and _SURNAME.search(word.low) is not None


def _of_sentence(sentence: Sentence) -> Iterator[Question]:
    low = _low(sentence.words)
    if len(sentence.words) > LONGEST:
        return
    is_asked = sentence.is_question or _ASKS_TO_TELL.match(low) or _UNMARKED.match(low)
    if not is_asked or _rhetoric().search(low):
        return
    for part in _parts(sentence.words):
        kind = _kind(_low(part)) or _kind_of_fragment(sentence, part)
        about = tuple(dict.fromkeys(_group(word) for word in part if _is_about(word)))
        if kind:
            has_noun = any(word.is_a("NOUN") for word in part if _is_about(word))
            about_money = _money().search(_low(part)) is not None
            yield Question(kind, about, has_noun, _second(part), about_money, part, fields.asked(part))


def _kind_of_fragment(sentence: Sentence, part: tuple[Word, ...]) -> str:
    """«И подарочный сертификат?»: a thing alone is asked for."""
    words = [word for word in part if word.is_word]
    is_short = bool(words) and (words[0].low in {"а", "и"} or len(words) <= _FRAGMENT)
    has_verb = any(word.is_a("VERB") or word.is_a("PRTS") for word in words)
    if sentence.is_question and any(_asks_of_us(word) for word in words[:2]):
        return "leave"
    return "leave" if sentence.is_question and is_short and not has_verb else ""


def _asks_of_us(word: Word) -> bool:
    """«Дадите чек?», «и пересчитаете оплату?»."""
    return word.is_a("VERB", "2per", "plur", "futr") and not word.is_a("VERB", "impr")


def _second(part: tuple[Word, ...]) -> tuple[frozenset[str], ...]:
    """The words of the second of two things asked for at once; none where one thing is asked for."""
    joint = next((at for at, word in enumerate(part) if word.low == "и" and at), None)
    if joint is None or not any(word.is_a("NOUN") and _is_about(word) for word in part[:joint]):
        return ()
    after = [word for word in part[joint + 1 :] if _is_about(word)]
    is_thing = any(word.is_a("NOUN") or word.low.isascii() for word in after)
    has_verb = any(word.is_a("VERB") or word.is_a("INFN") for word in after)
    return tuple(dict.fromkeys(_group(word) for word in after)) if is_thing and not has_verb else ()


def _parts(words: tuple[Word, ...]) -> Iterator[tuple[Word, ...]]:
    """«Где получить справку и сколько ждать?» is two: an asking word after «и», «а» or a comma begins one."""
    begun = 0
    for at in range(len(words)):
        before = words[at - 1].low.strip() if at else ""
        asked_before = _kind(_low(words[begun:at])) if at > begun + 1 else ""
        if before in {"и", "а", ",", "или"} and asked_before and _opens().match(_low(words[at : at + 4])):
            yield words[begun:at]
            begun = at
    yield words[begun:]


def _kind(low: str) -> str:
    if _LEAVE.match(low):
        return "leave"
    return next((name for name in _kinds() if _patterns(name, "asks").search(low)), "")


def _is_about(word: Word) -> bool:
    if not word.is_word or not word.lemmas.isdisjoint(_empty()):
        return False
    if word.low.isascii():
        return True
    if len(word.low) < 3:
        return False
    return any(word.is_a(kind) for kind in _ABOUT)


def _group(word: Word) -> frozenset[str]:
    return frozenset(_keys(word))


def _keys(word: Word) -> Iterator[str]:
    for lemma in word.lemmas:
        yield lemma[:_BEGINNING]
        yield from _same().get(lemma, ())


def _low(words: tuple[Word, ...]) -> str:
    return " ".join(word.low.strip() for word in words)


@cache
def _kinds() -> tuple[str, ...]:
    return tuple(one["name"] for one in tables("off_question")["kind"])


@cache
def _also(kind: str) -> tuple[str, ...]:
    """Kinds whose answers will do as well."""
    return tuple(next(one.get("also", ()) for one in tables("off_question")["kind"] if one["name"] == kind))


@cache
def _patterns(kind: str, key: str) -> re.Pattern[str]:
    ways = next(one[key] for one in tables("off_question")["kind"] if one["name"] == kind)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})")


@cache
def _opens() -> re.Pattern[str]:
    ways = [way for one in tables("off_question")["kind"] for way in one["asks"]]
    return re.compile(rf"(?:(?:и|а|в|по|на|с|до|к) )?(?:{'|'.join(ways)}|как\b|[а-я]{{3,20}} ли\b)")


@cache
def _money() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(tables('off_question')['words']['money'])})")


def speaks_of_money(reading: Reading) -> bool:
    """Whether any sentence names money, a price or a bill."""
    return any(_money().search(_low(sentence.words)) for sentence in reading.sentences)


@cache
def _rhetoric() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(tables('off_question')['words']['rhetoric'])})")


@cache
def _empty() -> frozenset[str]:
    return frozenset(word.replace("ё", "е") for word in tables("off_question")["words"]["empty"])


@cache
def _same() -> dict[str, frozenset[str]]:
    """Dictionary form → a mark of each group that it belongs to."""
    found: dict[str, set[str]] = {}
    for number, group in enumerate(tables("off_question")["words"]["same"]):
        for lemma in group:
            found.setdefault(lemma.replace("ё", "е"), set()).add(f"#{number}")
    return {lemma: frozenset(marks) for lemma, marks in found.items()}
