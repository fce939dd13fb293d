"""Set phrases as data: a small notation for words in any form, and a matcher that looks only where one may begin.

One phrase is words with a blank between them; «ё» is «е», capitals don't matter, a comma or dash between two words
is passed over. Each word may be:
    момент          this very form
    данный~         any form of the word (its dictionary form stands before the tilde)
    время|момент    one of these (each may have its tilde)
    (уже)           may be there or not
    *               any one word
    ...             up to four words
    <NOUN,gent>     a word with these grammemes (pymorphy3's: NOUN, gent, plur, INFN …)
    ^  $            the sentence begins / ends here
Words inside quotes, code and the signature match nothing. Lists stand in `coach/data/*.toml`:
    [[phrase]]
    say = "в настоящий|данный момент"
    instead = ["сейчас"]          # optional
    reason = "…"                  # optional, one sentence to the writer
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from otklik.coach.reading import Reading, Sentence, Word
from otklik.russian.text import fold

_GAP = 4
_PASSED_OVER = frozenset({",", "—", "–", "-", ":", "(", ")"})


@dataclass(frozen=True, slots=True)
class _Item:
    forms: frozenset[str] = frozenset()
    lemmas: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    kind: str = "word"  # word, any, gap, begin, end
    optional: bool = False

    def fits(self, word: Word) -> bool:
        if not word.judged:
            return False
        if self.kind == "any":
            return word.is_word or word.token.kind == "number"
        if self.tags:
            return word.is_a(*self.tags)
        return word.low in self.forms or bool(self.lemmas and not word.lemmas.isdisjoint(self.lemmas))


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry of a list. Other keys of its table are in `more`, for the rule that knows them."""

    say: str
    instead: tuple[str, ...] = ()
    reason: str = ""
    more: dict[str, Any] = field(
        default_factory=dict, hash=False
    )  # what TOML gives: each rule checks its own keys


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found: its words run from `words[0]` to `words[-1]` without gaps in the reply."""

    phrase: Phrase
    words: tuple[Word, ...]
    sentence: Sentence

    @property
    def place(self) -> tuple[int, int]:
        return self.words[0].start, self.words[-1].end

    @property
    def text_words(self) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.is_word)


class Phrases:
    """A list of phrases, ready to be looked for."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._anywhere: list[tuple[Phrase, list[_Item]]] = []
        self._by_form: dict[str, list[tuple[Phrase, list[_Item]]]] = {}
        self._by_pair: dict[tuple[str, str], list[tuple[Phrase, list[_Item]]]] = {}
        self._by_lemma: dict[str, list[tuple[Phrase, list[_Item]]]] = {}
        for phrase in phrases:
            self._add(phrase, [_item(part) for part in phrase.say.split()])
        self._forms = frozenset((*self._by_form, *(first for first, _ in self._by_pair)))
        self._lemmas = frozenset(self._by_lemma)

    def _add(self, phrase: Phrase, items: list[_Item]) -> None:
        entry = (phrase, items)
        opening = next((item for item in items if item.kind != "begin"), None)
        if opening is None or opening.optional or opening.tags or opening.kind != "word":
            self._anywhere.append(entry)
            return
        seconds = _seconds(items) if items[0] is opening else None
        for form in opening.forms:
            if seconds is None:
                self._by_form.setdefault(form, []).append(entry)
            for second in seconds or ():
                self._by_pair.setdefault((form, second), []).append(entry)
        for lemma in opening.lemmas:
            self._by_lemma.setdefault(lemma, []).append(entry)

    def find(self, reading: Reading) -> Iterator[Match]:
        """All matches in the reply, in order; of those that begin at one word the longest."""
        for sentence in reading.sentences:
            yield from self.find_in(sentence)

    def find_in(self, sentence: Sentence) -> Iterator[Match]:
        """All matches inside one sentence; matches don't overlap."""
        if not self._may_stand(sentence):
            return
        past = 0
        for at, word in enumerate(sentence.words):
            if at < past or not word.judged or not self._may_begin(word):
                continue
            best = max(self._at(sentence, at), key=lambda one: len(one.words), default=None)
            if best:
                past = at + len(best.words)
                yield best

    def _may_stand(self, sentence: Sentence) -> bool:
        if self._anywhere or not self._forms.isdisjoint(sentence.lows):
            return True
        return bool(self._lemmas) and not self._lemmas.isdisjoint(sentence.lemmas)

    def _may_begin(self, word: Word) -> bool:
        if self._anywhere or word.low in self._forms:
            return True
        return bool(self._lemmas) and not self._lemmas.isdisjoint(word.lemmas)

    def _at(self, sentence: Sentence, at: int) -> Iterator[Match]:
        word = sentence.words[at]
        entries = [*self._by_form.get(word.low, ()), *self._anywhere]
        if at + 1 < len(sentence.words):
            after = sentence.words[at + 1]
            if after.plain in _PASSED_OVER and at + 2 < len(sentence.words):
                after = sentence.words[at + 2]
            entries += self._by_pair.get((word.low, after.low), ())
        if self._by_lemma and word.is_word:
            entries += [entry for lemma in word.lemmas for entry in self._by_lemma.get(lemma, ())]
        for phrase, items in entries:
            end = _match(sentence.words, at, items, at)
            if end is not None and end > at:
                yield Match(phrase, sentence.words[at:end], sentence)


def _seconds(items: list[_Item]) -> frozenset[str] | None:
    """The forms one of which follows the first word, so that long lists of «в …» are looked up; None: any may."""
    forms: frozenset[str] = frozenset()
    for item in items[1:]:
        if item.kind != "word" or item.tags or item.lemmas or not item.forms.isdisjoint(_PASSED_OVER):
            return None
        forms |= item.forms
        if not item.optional:
            return forms
    return None


def _match(words: tuple[Word, ...], at: int, items: list[_Item], begun: int) -> int | None:
    """The end of the longest match of `items` from `at`, None when they don't match."""
    if not items:
        return at
    item, rest = items[0], items[1:]
    if item.kind == "begin":
        return _match(words, at, rest, begun) if all(not word.is_word for word in words[:at]) else None
    if item.kind == "end":
        return at if all(not word.is_word for word in words[at:]) else None
    if item.kind == "gap":
        ends = [_match(words, at + n, rest, begun) for n in range(_GAP + 1) if at + n <= len(words)]
        return max((end for end in ends if end is not None), default=None)
    here = at
    if (
        here > begun
        and here < len(words)
        and words[here].plain in _PASSED_OVER
        and words[here].text not in item.forms
    ):
        here += 1
    if here < len(words) and item.fits(words[here]):
        end = _match(words, here + 1, rest, begun)
        if end is not None:
            return end
    return _match(words, at, rest, begun) if item.optional else None


@cache
def _item(part: str) -> _Item:
    special = {"*": "any", "...": "gap", "^": "begin", "$": "end"}
    if part in special:
        return _Item(kind=special[part])
    optional = len(part) > 2 and part.startswith("(") and part.endswith(")")
    part = part[1:-1] if optional else part
    if part.startswith("<") and part.endswith(">"):
        return _Item(tags=tuple(part[1:-1].split(",")), optional=optional)
    ways = [fold(way) for way in part.split("|") if way]
    return _Item(
        forms=frozenset(way for way in ways if not way.endswith("~")),
        lemmas=frozenset(way[:-1] for way in ways if way.endswith("~")),
        optional=optional,
    )


@cache
def tables(name: str) -> dict[str, Any]:
    """The whole of `coach/data/<name>.toml`, read once for the process."""
    source = resources.files("otklik.coach") / "data" / f"{name}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def phrases(name: str, key: str = "phrase") -> Phrases:
    """The phrases under `[[key]]` of `coach/data/<name>.toml`, made ready once for the process."""
    return Phrases([_phrase(table) for table in tables(name)[key]])


def _phrase(table: dict[str, Any]) -> Phrase:
    more = {key: value for key, value in table.items() if key not in {"say", "instead", "reason"}}
    return Phrase(table["say"], tuple(table.get("instead", ())), table.get("reason", ""), more)
