"""Forms of Russian words: what a word may be, its dictionary form, the same word in another form.

A thin skin over pymorphy3 (OpenCorpora's dictionary): one analyser for the process, made at the first call
(about 0.2 s and 30 MB), answers kept for the words seen last. Words are taken with «е» or «ё» alike.
"""

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer
    from pymorphy3.analyzer import Parse

_KEPT = 50_000


@cache
def analyser() -> "MorphAnalyzer":
    """The one analyser of this process."""
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang="ru")


def _sound(word: str) -> str:
    """Lower case, without halves of surrogate pairs: the dictionary refuses them."""
    return word.lower().encode("utf-8", "replace").decode()


@lru_cache(_KEPT)
def parses(word: str) -> "tuple[Parse, ...]":
    """What a word may be, the likeliest first; never empty. `parse.tag` holds OpenCorpora's grammemes."""
    return tuple(analyser().parse(_sound(word)))


@lru_cache(_KEPT)
def lemmas(word: str) -> frozenset[str]:
    """Dictionary forms that the word may have, with «е» for «ё»."""
    return frozenset(parse.normal_form.replace("ё", "е") for parse in parses(word))


@lru_cache(_KEPT)
def is_known(word: str) -> bool:
    """Whether the dictionary holds the word: what it doesn't hold is guessed by its ending."""
    return bool(analyser().word_is_known(_sound(word)))


@lru_cache(_KEPT)
def is_a(word: str, *grammemes: str) -> bool:
    """Whether some reading of the word has all these grammemes: `is_a("сервера", "NOUN", "gent")`."""
    return any(set(grammemes) in parse.tag for parse in parses(word))


def first(word: str, *grammemes: str) -> "Parse | None":
    """The likeliest reading with all these grammemes."""
    return next((parse for parse in parses(word) if set(grammemes) in parse.tag), None)


@lru_cache(_KEPT)
def inflect(parse: "Parse", *grammemes: str) -> str | None:
    """The same word in another form, None when it has none: («заявка», accs) → «заявку»."""
    changed = parse.inflect(frozenset(grammemes))
    return changed.word if changed else None


def like(word: str, pattern: str) -> str:
    """`word` with the capitals of `pattern`: («мы», «Сервер») → «Мы»; whole words in capitals stay so."""
    if len(pattern) > 1 and pattern.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if pattern[:1].isupper() else word
