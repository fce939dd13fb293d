"""Who stands before an English verb: we and I, people and rooms of our side, names; things do by themselves."""

from dataclasses import dataclass

from otklik.coach.en.grammar import at, listed, low
from otklik.coach.en.segments import Segment
from otklik.coach.reading import Reading, Word

_FILE = "en_promise"
_TITLES = frozenset({"mr", "mrs", "ms", "dr", "prof", "professor", "miss"})
_GREETED = frozenset({"dear", "hi", "hello", "hey"})
_FAR = 120  # words in which a «he» may have been named
_APOSTROPHES = ("'ll", "'m", "'re", "'s")
Words = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Doer:
    """name: who of our side acts, None when a thing, the client or a stranger does."""

    name: str | None
    is_client: bool = False


_NOBODY = Doer(None)


def before(segment: Segment, place: int, reading: Reading) -> Doer:
    """The doer of the helping verb at `place` of a segment («will», «we'll», «is»)."""
    words = segment.words
    said = at(words, place)
    short = next((ending for ending in _APOSTROPHES if said.endswith(ending) and said != ending), "")
    own = said.removesuffix(short) if short else ""
    if own:
        if own in {"i", "we"}:
            return Doer({"i": "I", "we": "we"}[own])
        if own == "you":
            return Doer(None, is_client=True)
        if own in {"he", "she", "they"}:
            return _known_before(own, words[place], reading)
    subject = _subject(words, place)
    if own:
        subject = (*subject, words[place])
    return _judged(subject, own, reading) if subject else _NOBODY


def _subject(words: Words, place: int) -> Words:
    """The words of the subject: back to where a clause begins, an apposition («our fitter, Dave,») with it."""
    begin = place
    commas = 1 if at(words, place - 1) == "," else 0
    if commas:
        begin -= 1
    while begin > 0:
        said = at(words, begin - 1)
        if said == "," and commas:
            commas = 0
        elif (
            said in listed("en_grammar", "joints")
            and not (said in {"who", "that"} and _is_a_role(words, begin - 2))
        ) or not words[begin - 1].judged:
            break
        elif said == "." and at(words, begin - 2) in _TITLES:
            pass
        elif not words[begin - 1].is_word and words[begin - 1].token.kind != "number":
            break
        begin -= 1
    found = words[begin:place]
    return tuple(word for word in _without_opening(found) if word.is_word)


def _without_opening(words: Words) -> Words:
    """Without «On Friday», «By the end of the week», «Tomorrow» before the subject."""
    if not words or low(words[0]) not in (
        _prepositions() | {"tomorrow", "today", "tonight", "then", "next", "also", "first", "later"}
    ):
        return words
    for here in range(1, len(words)):
        said = low(words[here])
        if said in listed("en_grammar", "subject_begins") and low(words[here - 1]) not in listed(
            "en_grammar", "prepositions"
        ):
            return words[here:]
        if is_a_name(words[here]) and low(words[here - 1]) not in _prepositions() | {"the"}:
            return words[here:]
    return ()


def _judged(subject: Words, own: str, reading: Reading) -> Doer:
    first, last = low(subject[0]), own or low(subject[-1])
    while len(subject) > 1 and (
        last.endswith("ly") or last in {"also", "then", "now", "both", "all", "still", "soon", "just"}
    ):
        subject = subject[:-1]
        last = low(subject[-1])
    if last in {"i", "we"}:
        return Doer({"i": "I", "we": "we"}[last])
    if last == "you":
        return Doer(None, is_client=True)
    if last in {"he", "she", "they"}:
        return _known_before(last, subject[-1], reading)
    head = _head(subject)
    if first == "one" and at(subject, 1) == "of" and _is_ours(subject[2:]):
        return Doer(f"a {subject[-1].text.removesuffix('s')}")
    if (
        any(low(word) in {"other", "another's", "their", "his", "her"} for word in subject[:2])
        and first != "her"
    ):
        return _NOBODY
    if _is_ours(head):
        return Doer(_called(subject))
    return Doer(head[-1].text) if _is_named(head) else _NOBODY


def _prepositions() -> frozenset[str]:
    return listed("en_grammar", "prepositions")


def _head(subject: Words) -> Words:
    """The noun phrase without what hangs on it: «Jamal from the line crew» → «Jamal»."""
    for here in range(1, len(subject)):
        if low(subject[here]) in _prepositions() | {"who", "that"}:
            return subject[:here]
    return subject


def _is_ours(head: Words) -> bool:
    """A role of our side: «our courier», «the line crew», «your tutor Mia»; «your bank» isn't ours."""
    roles = [place for place in range(len(head)) if _is_a_role(head, place)]
    if not roles:
        return False
    last = roles[-1]
    if low(head[0]) == "your" and not _is_a_person(head, last):
        return False
    return last == len(head) - 1 or all(
        word.text[0].isupper() or word.text == "," for word in head[last + 1 :]
    )


def _is_a_role(words: Words, place: int) -> bool:
    if not 0 <= place < len(words):
        return False
    return _is_a_person(words, place) or _singular(words, place) in listed(_FILE, "firms")


def _is_a_person(words: Words, place: int) -> bool:
    return _singular(words, place) in listed(_FILE, "people")


def _singular(words: Words, place: int) -> str:
    said = at(words, place)
    for ending in _APOSTROPHES[:1]:
        said = said.removesuffix(ending)
    if said in listed(_FILE, "people") or said in listed(_FILE, "firms"):
        return said
    return said.removesuffix("s").rsplit("-", 1)[-1]


def _is_named(head: Words) -> bool:
    """A person's name: capitals alone, with or without a title."""
    names = [word for word in head if low(word) not in _TITLES]
    if len(names) > 1 and low(names[0]) in {"our", "my"}:
        names = names[1:]
    return bool(names) and len(names) <= 3 and all(is_a_name(word) for word in names)


def is_a_name(word: Word) -> bool:
    """A capital letter on a word that names no thing, day or firm we know."""
    text = word.text
    plain = low(word)
    for ending in _APOSTROPHES[:1]:
        plain = plain.removesuffix(ending)
    if not text[0].isupper() or (text.isupper() and len(text) > 1) or plain in listed(_FILE, "no_names"):
        return False
    return text.replace("'", "").replace("’", "").replace("-", "").isalpha() and not plain.endswith("s'")


def _called(subject: Words) -> str:
    names = [
        word.text for word in subject if word.text[0].isupper() and is_a_name(word) and word is not subject[0]
    ]
    if names:
        return " ".join(names)
    return (
        " ".join(word.text for word in subject if low(word) not in {"our", "the", "your", "my", "a", "an"})
        or subject[-1].text
    )


def _known_before(pronoun: str, here: Word, reading: Reading) -> Doer:
    """«He», «they»: ours when the reply has named someone of ours not far before."""
    earlier = tuple(word for word in reading.words[max(0, here.at - _FAR) : here.at] if word.judged)
    for place, word in enumerate(earlier):
        if _is_a_role(earlier, place):
            return Doer(pronoun)
        named = pronoun != "they" and place > 0 and is_a_name(word) and earlier[place - 1].is_word
        if named and low(earlier[place - 1]) not in _GREETED:
            return Doer(pronoun)
    return _NOBODY
