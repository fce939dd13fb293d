"""Passive voice that hides who acts: «your request has been rejected» (contract: `passive`)."""

from collections.abc import Iterator
from functools import cache

from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.reply import Finding

CODE = "passive"
REASON = "Клиент не видит, кто это делает: начните с we или I."
REASON_NAMED = "Здесь действие названо раньше деятеля: с деятеля фраза короче."


def find(reading: Reading) -> Iterator[Finding]:
    """Each verb group «be + participle»; a hint where «by …» names the doer."""
    for sentence in reading.judged_sentences:
        at = 0
        words = sentence.words
        while at < len(words):
            end = _group_end(words, at)
            if end is None:
                at += 1
                continue
            yield _as_finding(sentence, at, end)
            at = end


def _group_end(words: tuple[Word, ...], at: int) -> int | None:
    """The end of a passive group that begins with the form of «be» at `at`."""
    if not words[at].judged or words[at].low not in _forms("be"):
        return None
    here = at + 1
    while here < len(words) and (
        words[here].low in _forms("between") | _forms("be") or words[here].low.endswith("ly")
    ):
        here += 1
    if here >= len(words) or not is_participle(words[here].low):
        return None
    return None if _is_state(words, here) else here + 1


def is_participle(low: str) -> bool:
    """A past participle by its ending or by the list of irregular ones."""
    lists = tables("en_passive")
    if low in lists["no_participles"]:
        return False
    return low in lists["irregular"] or (low.endswith("ed") and len(low) > 4)


def _is_state(words: tuple[Word, ...], at: int) -> bool:
    lists = tables("en_passive")
    after = words[at + 1].low if at + 1 < len(words) else ""
    if words[at - 1].low in {"is", "are"} and words[at].low not in lists["deeds"]:
        return True  # «the gate is closed», «breakfast is served»: how things stand
    return words[at].low in lists["states"] or f"{words[at].low} {after}" in lists["states_with"]


def _as_finding(sentence: Sentence, at: int, end: int) -> Finding:
    words = sentence.words
    first = at
    while first > 0 and words[first - 1].low in _forms("before_be"):
        first -= 1
    named = any(word.low == "by" for word in words[end : end + 2])
    place = (words[first].start, words[end - 1].end)
    if named:
        return finding(CODE, place, REASON_NAMED, severity="hint")
    return finding(CODE, place, REASON)


@cache
def _forms(name: str) -> frozenset[str]:
    return frozenset(tables("en_passive")[name])
