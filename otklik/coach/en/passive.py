"""Passive voice that hides who acts: «your request has been rejected» (contract: `passive`)."""

from collections.abc import Iterator

from otklik.coach.en import grammar
from otklik.coach.en.grammar import at, listed, low, past_adverbs
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.reply import Finding

CODE = "passive"
REASON = "Клиент не видит, кто это делает: начните с we или I."
REASON_NAMED = "Здесь действие названо раньше деятеля: с деятеля фраза короче."
_FAR = 14  # words between a participle and the one joined to it by «and»
_FILE = "en_passive"
Words = tuple[Word, ...]


def find(reading: Reading) -> Iterator[Finding]:
    """Each verb group «be + participle», and participles joined to it; a hint where «by …» names the doer."""
    for sentence in reading.judged_sentences:
        for begin, end in groups(sentence.words):
            yield _as_finding(sentence, begin, end)


def groups(words: Words) -> Iterator[tuple[int, int]]:
    """Half-open places of the passive groups of a sentence, in order."""
    here = 0
    while here < len(words):
        end = _group_end(words, here)
        if end is None:
            here += 1
            continue
        yield here, end
        here = end
        while (joined := _joined(words, here)) is not None:
            yield joined, joined + 1
            here = joined + 1


def _group_end(words: Words, begin: int) -> int | None:
    """The end of a passive group that begins with the form of «be» at `begin`."""
    bare = at(words, begin) in listed(_FILE, "bare")
    if not words[begin].judged or not (bare or at(words, begin) in listed(_FILE, "be")):
        return None
    if at(words, begin - 1) == "there":
        return None
    here = past_adverbs(words, begin + 1)
    being = False
    while at(words, here) in {"be", "been", "being"}:
        being = True
        here = past_adverbs(words, here + 1)
    if here >= len(words) or not words[here].judged or not grammar.is_participle(at(words, here)):
        return None
    return None if is_state(words, here, begin, bare=bare and not being) else here + 1


def is_state(words: Words, place: int, begin: int, *, bare: bool) -> bool:
    """«the gate is closed», «breakfast is served»: how things stand. bare: after a mere «is» or «are»."""
    said, after = at(words, place), at(words, place + 1)
    if bare and said not in listed(_FILE, "deeds"):
        return True
    if said in listed(_FILE, "found_there") and not listed(_FILE, "modals").isdisjoint(
        (at(words, begin - 1), at(words, begin - 2))
    ):
        return True
    return said in listed(_FILE, "states") or f"{said} {after}" in tables(_FILE)["states_with"]


def _joined(words: Words, end: int) -> int | None:
    """The participle that shares the «be» of the group before: «was packed and (then) sent»."""
    for here in range(end, min(len(words), end + _FAR)):
        said = at(words, here)
        if said in {".", ";", ":", "!", "?", "—", "–", "(", ")"} or _is_a_subject(words, here):
            return None
        if said in {"and", "or", "but"} or (said == "," and here == end):
            place = past_adverbs(words, here + 1)
            if place < len(words) and _shares(words, place):
                return place
            if said != ",":
                return None
    return None


def _is_a_subject(words: Words, here: int) -> bool:
    return at(words, here) in {
        "i",
        "we",
        "he",
        "she",
        "they",
        "it",
        "which",
        "who",
        "that",
        "because",
        "so",
        "if",
    }


def _shares(words: Words, place: int) -> bool:
    said, after = at(words, place), at(words, place + 1)
    if not words[place].judged or not grammar.is_participle(said) or said in listed(_FILE, "no_objects"):
        return False
    if said in listed(_FILE, "states") or f"{said} {after}" in tables(_FILE)["states_with"]:
        return False
    return after not in listed(_FILE, "objects") and not (
        place + 1 < len(words) and words[place + 1].token.kind == "number"
    )


def _as_finding(sentence: Sentence, begin: int, end: int) -> Finding:
    words = sentence.words
    first = begin
    for here in range(begin - 1, max(-1, begin - 4), -1):  # «has not yet been»
        if low(words[here]) in listed(_FILE, "before_be"):
            first = here
        elif past_adverbs(words, here) == here:
            break
    named = any(low(word) == "by" for word in words[end : end + 2])
    place = (words[first].start, words[end - 1].end)
    if named:
        return finding(CODE, place, REASON_NAMED, severity="hint")
    return finding(CODE, place, REASON)
