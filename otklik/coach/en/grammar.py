"""What the English rules share: plain words, participles, verbs in -ing, orders. No parser: words and their places."""

import re
from collections.abc import Sequence
from functools import cache

from otklik.coach.phrases import tables
from otklik.coach.reading import Word

PHONE = re.compile(r"(?<![\w.,])\+?\d{2,5}[ -]?(?:\d{2,4}[ -]?){1,4}\d{2,4}(?![\w.,]\d)")
_PREFIXES = ("re-", "mis", "over", "under", "pre-", "re", "un")
_IRREGULAR_STEM = 3  # letters that must be left when a prefix is taken off


def low(word: Word) -> str:
    """The word in small letters with a straight apostrophe and no blank before a dash."""
    return word.plain.replace("’", "'")


def at(words: Sequence[Word], place: int) -> str:
    """The plain word at a place, "" outside the sentence."""
    return low(words[place]) if 0 <= place < len(words) else ""


def past_adverbs(words: Sequence[Word], place: int) -> int:
    """The place of the first word from `place` on that is no adverb («already», «kindly», «since»)."""
    adverbs = listed("en_grammar", "adverbs")
    while place < len(words) and (at(words, place) in adverbs or _is_in_ly(at(words, place))):
        place += 1
    return place


def _is_in_ly(said: str) -> bool:
    return said.endswith("ly") and said not in listed("en_grammar", "no_adverbs")


def is_participle(said: str) -> bool:
    """A past participle by its ending or by the list of irregular ones, with a prefix or without."""
    if said in listed("en_grammar", "no_participles"):
        return False
    if said.endswith("ed") and len(said) > 4:
        return True
    return is_irregular(said)


def is_irregular(said: str) -> bool:
    """«sent», «re-sent», «overpaid»: a participle that has no -ed."""
    known = listed("en_grammar", "irregular")
    if said in known:
        return True
    cut = (said.removeprefix(prefix).lstrip("-") for prefix in _PREFIXES if said.startswith(prefix))
    return any(len(stem) >= _IRREGULAR_STEM and stem in known for stem in cut)


def is_deed_in_ing(said: str) -> bool:
    """«sending», «bringing»: an act; «waiting», «having», «nothing» are none."""
    return said.endswith("ing") and len(said) > 4 and said not in listed("en_grammar", "no_deeds_in_ing")


def is_order(words: Sequence[Word], place: int) -> bool:
    """Whether a verb that tells the client what to do stands here: «block the card», not «block 4 is shut»."""
    if at(words, place) not in listed("en_grammar", "orders") or not words[place].judged:
        return False
    after = words[place + 1] if place + 1 < len(words) else None
    if after is None:
        return True
    if after.token.kind == "number":
        return at(words, place) in {"call", "dial", "press", "text", "ring", "enter", "phone", "pay", "take"}
    return low(after) not in listed("en_grammar", "after_nouns")


def orders(words: Sequence[Word], *, sure: bool = False) -> list[int]:
    """Places of bare verbs where a clause begins: what the reader is told to do. sure: none after «and» or «to»."""
    openers = listed("en_grammar", "before_sure_orders" if sure else "before_orders")
    found = []
    begins = True
    for place, word in enumerate(words):
        if not word.is_word:
            begins = begins or word.plain not in {"'", "’", '"', "&", "/", "£", "$", "€"}
            continue
        if begins and is_order(words, place):
            found.append(place)
        begins = low(word) in openers
    return found


@cache
def listed(name: str, key: str) -> frozenset[str]:
    """A list of words of `coach/data/<name>.toml`, each once."""
    return frozenset(word for line in tables(name)[key] for word in line.split())
