"""Words that insult a person, found by their letters alone: the check before sending and the rule `rude` share them.

No morphology, so that the first letter of a process waits for no dictionary. Lists: `data/insults.toml`.
"""

import re
from collections.abc import Iterator
from functools import cache

from otklik.coach.phrases import phrases, tables
from otklik.coach.reading import Reading, Sentence, Word


def find(reading: Reading) -> Iterator[tuple[int, int]]:
    """Places `[start, end)` of insults outside quotes, code and the signature, in order of sentences."""
    for sentence in reading.sentences:
        turns = [match.place for match in phrases("insults").find_in(sentence)]
        alone = (place for place in _words(sentence) if not any(a <= place[0] < b for a, b in turns))
        yield from sorted([*turns, *alone])


def _words(sentence: Sentence) -> Iterator[tuple[int, int]]:
    words = [word for word in sentence.words if word.judged and word.is_word]
    lows = {word.low for word in words}
    if not lows.isdisjoint(_forms("told")):
        return
    is_reported = not lows.isdisjoint(_forms("reported"))
    for at, word in enumerate(words):
        to_you = word.low in _forms("beside_you") and not is_reported and _beside_you(words, at)
        if to_you or _always().match(word.low):
            yield word.start, word.end


def _beside_you(words: list[Word], at: int) -> bool:
    """«Вы» stands up to three words before it or right after it."""
    near = words[max(0, at - 3) : at] + words[at + 1 : at + 2]
    return any(word.low in _forms("you") for word in near)


@cache
def _always() -> re.Pattern[str]:
    lists = tables("insults")
    return re.compile(rf"(?:{'|'.join(lists['always'])})|(?:{'|'.join(lists['always_whole'])})\Z")


@cache
def _forms(name: str) -> frozenset[str]:
    return frozenset(tables("insults")[name])
