"""Long lists of phrases looked for at once: each phrase is tried only where its rarest word stands.

The notation is that of `phrases`; besides, `(*)` is one word or none, and grammemes may be one of several
ways: `сами|<NOUN,datv>`. Time is linear in the text: a phrase is matched by
the set of places it may have reached, and only near its anchor. Budget: 1,000 characters ≤ 1 ms a list of 1,000.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from otklik.coach.phrases import Match, Phrase
from otklik.coach.reading import Sentence, Word
from otklik.russian.text import fold

_GAP = 4
_PASSED_OVER = frozenset({",", "—", "–", "-", ":", "(", ")"})
# words that stand in every other sentence anchor nothing while a phrase has another
_COMMON_WORDS = """
    не вы это и в на с что как все вам вас мы я у к по из о за для же так бы если нас нам а но то от до ни ли , : —
    you we i your the a to is are be of our us for it not this that and can will
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_GRAMMEMES = re.compile(r"<[A-Za-z0-9,]+>")
_KINDS = {"*": "any", "...": "gap", "^": "begin", "$": "end"}


@dataclass(frozen=True, slots=True)
class _Item:
    kind: str = "word"  # word, any, gap, begin, end
    forms: frozenset[str] = frozenset()
    lemmas: frozenset[str] = frozenset()
    tags: tuple[tuple[str, ...], ...] = ()  # sets of grammemes, one of which the word has
    optional: bool = False

    @property
    def width(self) -> int:
        """Most pieces of the text that it and a mark before it may take."""
        return {"gap": _GAP + 1, "begin": 0, "end": 0}.get(self.kind, 2)

    @property
    def anchors(self) -> bool:
        return self.kind == "word" and not self.optional and not self.tags

    def fits(self, word: Word) -> bool:
        if not word.judged:
            return False
        if self.kind == "any":
            return word.is_word or word.token.kind == "number"
        if word.plain in self.forms or (self.lemmas and not word.lemmas.isdisjoint(self.lemmas)):
            return True
        return any(word.is_a(*tags) for tags in self.tags)


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    phrase: Phrase
    items: tuple[_Item, ...]
    before: int  # most pieces of the text between its beginning and its anchor


class Anchored:
    """A list of phrases, ready to be looked for in sentences."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._by_form: dict[str, list[_Entry]] = {}
        self._by_lemma: dict[str, list[_Entry]] = {}
        for phrase in phrases:
            self._add(phrase, tuple(_item(part) for part in phrase.say.split()))

        self._forms = frozenset(self._by_form)
        self._lemmas = frozenset(self._by_lemma)

    def _add(self, phrase: Phrase, items: tuple[_Item, ...]) -> None:
        at = min((at for at, item in enumerate(items) if item.anchors), key=lambda at: _commonness(items[at]))
        entry = _Entry(phrase, items, sum(item.width for item in items[:at]))
        for form in items[at].forms:
            self._by_form.setdefault(form, []).append(entry)
        for lemma in items[at].lemmas:
            self._by_lemma.setdefault(lemma, []).append(entry)

    def may_stand(self, sentence: Sentence) -> bool:
        """Whether the sentence holds a word that anchors one of the phrases: a quick look."""
        return not self._forms.isdisjoint(sentence.lows) or self._holds_lemma(sentence)

    def _holds_lemma(self, sentence: Sentence) -> bool:
        return bool(self._lemmas) and not self._lemmas.isdisjoint(sentence.lemmas)

    def stands(self, sentence: Sentence) -> bool:
        """Whether one of the phrases stands in the sentence."""
        return next(self.every(sentence), None) is not None

    def every(self, sentence: Sentence, wanted: Callable[[Phrase], bool] | None = None) -> Iterator[Match]:
        """All matches inside one sentence of the phrases that are wanted; they may overlap, in no order."""
        words = sentence.words
        by_lemma = self._holds_lemma(sentence)
        if not by_lemma and self._forms.isdisjoint(sentence.lows):
            return
        for at, word in enumerate(words):
            if not word.judged:
                continue
            for entry in self._near(word, by_lemma=by_lemma):
                if wanted and not wanted(entry.phrase):
                    continue
                for start in range(max(0, at - entry.before), at + 1):
                    end = _end(words, start, entry.items)
                    if end is not None and end > at:
                        yield Match(entry.phrase, words[start:end], sentence)
                        break

    def _near(self, word: Word, *, by_lemma: bool) -> list[_Entry]:
        found = self._by_form.get(word.plain, [])
        if not by_lemma or self._lemmas.isdisjoint(word.lemmas):
            return found
        return [*found, *(entry for lemma in word.lemmas for entry in self._by_lemma.get(lemma, ()))]


def _end(words: tuple[Word, ...], begun: int, items: tuple[_Item, ...]) -> int | None:
    """The end of the longest match of `items` that begins at `begun`; None when they don't match there."""
    if not words[begun].judged:
        return None
    reached = {begun}
    for item in items:
        reached = {end for at in reached for end in _steps(words, at, item, begun)}
        if not reached:
            return None
    return max(reached)


def _steps(words: tuple[Word, ...], at: int, item: _Item, begun: int) -> Iterator[int]:
    """Where one may stand after `item` from `at`."""
    if item.kind == "gap":
        yield from range(at, min(at + _GAP, len(words)) + 1)
    elif item.kind == "begin":
        if not any(word.is_word for word in words[:at]):
            yield at
    elif item.kind == "end":
        if not any(word.is_word for word in words[at:]):
            yield at
    else:
        if item.optional:
            yield at
        here = at + (at > begun and at < len(words) and _is_passed_over(words[at], item))
        if here < len(words) and item.fits(words[here]):
            yield here + 1


def _is_passed_over(word: Word, item: _Item) -> bool:
    return word.plain in _PASSED_OVER and word.plain not in item.forms


def _commonness(item: _Item) -> tuple[bool, int]:
    is_common = not (_COMMON.isdisjoint(item.forms) and _COMMON.isdisjoint(item.lemmas))
    return is_common, len(item.forms) + len(item.lemmas)


@cache
def _item(part: str) -> _Item:
    optional = len(part) > 2 and part.startswith("(") and part.endswith(")")
    part = part[1:-1] if optional else part
    if part in _KINDS:
        return _Item(_KINDS[part], optional=optional)
    listed = [way for way in part.split("|") if way]
    ways = [fold(way) for way in listed if not _GRAMMEMES.fullmatch(way)]
    return _Item(
        forms=frozenset(way for way in ways if not way.endswith("~")),
        lemmas=frozenset(way[:-1] for way in ways if way.endswith("~")),
        tags=tuple(tuple(way[1:-1].split(",")) for way in listed if _GRAMMEMES.fullmatch(way)),
        optional=optional,
    )
