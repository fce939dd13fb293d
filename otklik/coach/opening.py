"""How a reply opens: its greeting, and a faceless address in it. Two rules and the suggestions of others look here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from otklik.coach.phrases import phrases, tables
from otklik.coach.reading import Reading, Sentence, Word
from otklik.russian import morphology

_WORDS = 14  # a greeting that comes later than this opens nothing
_NAME = 3  # words of a name before a greeting phrase: «Марина Викторовна, рада вас видеть»
_TAIL = 9  # words between a role and the end of the address: «жители дома № 5 по улице Мира»
_LOOK_ALIKE = str.maketrans("aceopxyktmhb", "асеорхуктмнв")
_CYRILLIC = re.compile("[а-я]")
_ENDS = re.compile(r"[!.,;:…]+")
_NAMES = ("Name", "Surn", "Patr")


@dataclass(frozen=True, slots=True)
class Address:
    """«Уважаемый клиент банка»: its words without the mark after them."""

    words: tuple[Word, ...]
    sentence: Sentence

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end


def greeting(reading: Reading) -> tuple[Word, ...] | None:
    """The words that greet in the first two sentences of a reply, None where it opens without a greeting."""
    opening = reading.judged_sentences[:2]
    words = [word for sentence in opening for word in sentence.words if word.judged and word.is_word][:_WORDS]
    for at, word in enumerate(words):
        if _greets(word, alone=at == 0):
            return (word,)
        wished = at > 0 and words[at - 1].low in tables("greeting")["wishing"]
        if at + 1 < len(words) and not wished and _is_kind_time(word, words[at + 1]):
            return (word, words[at + 1])
    for sentence in opening:
        for match in phrases("greeting").find_in(sentence):
            before = [word for word in sentence.words if word.end <= match.words[0].start and word.is_word]
            if all(word.text[0].isupper() for word in before[:_NAME]) and len(before) <= _NAME:
                return match.words
    return None


def by_hour(now: datetime | None) -> str:
    """The greeting for the writer's hour, «Здравствуйте» at night or where the hour isn't known."""
    hours = {"Доброе утро": range(5, 10), "Добрый день": range(10, 17), "Добрый вечер": range(17, 23)}
    if now is None:
        return "Здравствуйте"
    return next((words for words, span in hours.items() if now.hour in span), "Здравствуйте")


def addresses(reading: Reading) -> Iterator[Address]:
    """Faceless addresses of a reply in order: a polite word and a role, no name after them."""
    for sentence in reading.judged_sentences:
        for at, word in enumerate(sentence.words):
            if word.judged and is_polite(word) and _may_call(sentence.words, at):
                found = _address(reading, sentence, at)
                if found:
                    yield found


def client_name(reading: Reading) -> str | None:
    """How the client calls himself in his letter («Меня зовут Пётр Ильич», the last line «Марина»), else None."""
    said = reading.reply.client_text
    if not said or not said.strip():
        return None
    named = re.search(r"(?:[Мм]еня\s+зовут|[Зз]овут\s+меня)\s+([А-ЯЁ][а-яё]+)(?:\s+([А-ЯЁ][а-яё]+))?", said)
    if named:
        return _name([part for part in named.groups() if part])
    lines = [line.strip(" \t,.!—–-") for line in said.strip().splitlines() if line.strip()]
    last = re.sub(r"^.*\b[Сс] уважением[,\s]*", "", lines[-1])
    if len(lines) < 2 and last == lines[-1]:
        return None
    return _name(last.split())


def _name(parts: list[str]) -> str | None:
    """The first name, with the patronymic where there is one, of a line that holds a person's name and no more."""
    if not 1 <= len(parts) <= 3 or not all(
        re.fullmatch("[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?", part) for part in parts
    ):
        return None
    first = [part for part in parts if _is_name(part, "Name")]
    patronymic = [part for part in parts if _is_name(part, "Patr")]
    others = [part for part in parts if part not in first[:1] + patronymic]
    if not first or any(not morphology.is_a(part, "Surn") for part in others):
        return None
    return " ".join(first[:1] + patronymic[:1])


def _is_name(word: str, kind: str) -> bool:
    return morphology.is_known(word) and morphology.is_a(word, kind, "sing", "nomn")


def _plain(word: Word) -> str:
    """Lower case, Latin look-alikes in a Cyrillic word as the letters they look like."""
    low = word.low
    return low.translate(_LOOK_ALIKE) if _CYRILLIC.search(low) else low


def _greets(word: Word, *, alone: bool) -> bool:
    known = tables("greeting")
    low = _plain(word)
    if low in known["greets"]:
        return True
    if alone and low in ("доброе", "доброго", "добрейшего"):  # «Доброе!», «Доброго, Олег!»
        return True
    return low.startswith(("здр", "здар", "здор", "прив")) and _looks_like(
        low, ("здравствуйте", "приветствую", "привет")
    )


def _is_kind_time(word: Word, after: Word) -> bool:
    known = tables("greeting")
    one, two = _plain(word), _plain(after)
    kind, times = known["kind"], known["times"]
    if two in times and one.startswith("д"):
        return one in kind or _looks_like(one, kind)
    if one in kind:
        return _looks_like(two, times)
    return one in times and two in kind


def _looks_like(low: str, patterns: tuple[str, ...] | list[str]) -> bool:
    """A misspelt word: the dictionary doesn't know it, and it is close to one of these."""
    if not 3 <= len(low) <= 16 or morphology.is_known(low):
        return False
    return any(SequenceMatcher(None, low, pattern).ratio() >= 0.78 for pattern in patterns)


def is_polite(word: Word) -> bool:
    """«Уважаемый», «дорогая», «ув.»: an address may begin here."""
    known = tables("address")
    return word.low in known["short"] or not word.lemmas.isdisjoint(known["polite"])


def _may_call(words: tuple[Word, ...], at: int) -> bool:
    """An address stands at the beginning of a sentence, after a greeting or after a comma."""
    before = [word for word in words[:at] if word.is_word or word.text == ","]
    if not before or before[-1].text == ",":
        return True
    return all(word.low in ("наш", "наша", "наши", "мой", "моя", "мои") for word in before)


def _address(reading: Reading, sentence: Sentence, at: int) -> Address | None:
    words = sentence.words
    role = _role_at(words, at + 1)
    if role is None:
        return None
    end = _end(reading, words, role)
    if end is None:
        return None
    begin = at
    while begin and words[begin - 1].low in ("наш", "наша", "наши", "мой", "моя", "мои"):
        begin -= 1
    return Address(words[begin:end], sentence)


def _end(reading: Reading, words: tuple[Word, ...], role: int) -> int | None:
    """Where the address ends: at a mark or a new line; None where a name or a predicate follows the role."""
    end = role + 1
    titled = not words[role].lemmas.isdisjoint(("господин", "госпожа"))
    while end < len(words):
        word = words[end]
        shortened = word.text == "." and words[end - 1].low in (
            "г",
            "ул",
            "д",
            "кв",
            "им",
            "р",
            "с",
            "п",
            "пос",
        )
        if (_ENDS.fullmatch(word.text) and not shortened) or "!" in word.text:
            return end
        if "\n" in reading.text[words[end - 1].end : word.start]:
            return end
        named = end == role + 1 and word.text[0].isupper() and (titled or word.text.isascii())
        if named or end - role > _TAIL or _is_personal(word) or _is_predicate(word):
            return None
        end += 1
    return end


def _role_at(words: tuple[Word, ...], at: int) -> int | None:
    """The place of a role in the nominative after a polite word, past «(ая)» and «наш»."""
    known = tables("address")
    passed = {"(", ")", "/", "-", ".", "наш", "наша", "наши", "мой", "мои", "моя", *known["endings"]}
    while at < len(words) and words[at].low in passed:
        at += 1
    if at >= len(words) or not words[at].judged or not words[at].is_a("nomn"):
        return None
    return at if not words[at].lemmas.isdisjoint(known["roles"]) else None


def _is_personal(word: Word) -> bool:
    """A person's name, a login or a placeholder: then the address has a face."""
    if word.text in "{[<%$@":
        return True
    if not word.is_word or not word.judged or not word.text[0].isupper() or word.text.isupper():
        return False
    first = morphology.parses(word.text)[0].tag
    return any(kind in first for kind in _NAMES)


def _is_predicate(word: Word) -> bool:
    return word.judged and word.is_word and "VERB" in morphology.parses(word.text)[0].tag
