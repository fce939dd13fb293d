"""Where an English sentence refuses: «we can't bring it», «the term cannot be extended», «there are no grounds»."""

from collections.abc import Iterator
from functools import cache

from otklik.coach import tone
from otklik.coach.en.grammar import at, is_participle, listed, low, past_adverbs
from otklik.coach.en.segments import Segment, segments
from otklik.coach.reading import Reading, Sentence, Word

_FILE = "en_refusal"
_CAN = frozenset({"can't", "cannot"})
_THINGS = frozenset(
    {
        "nothing",
        "anything",
        "parking",
        "charging",
        "thing",
        "evening",
        "morning",
        "waiting",
        "building",
        "rating",
        "saying",
        "hurrying",
    }
)
_WILL = frozenset({"won't"})
_DO = frozenset({"don't", "doesn't"})
_BE = frozenset({"isn't", "aren't", "wasn't", "weren't", "is", "are", "was", "were", "be"})
_OURS = frozenset(
    {
        "i",
        "we",
        "surgery",
        "practice",
        "doctor",
        "library",
        "museum",
        "lab",
        "garage",
        "workshop",
        "firm",
        "agency",
        "council",
        "airline",
        "team",
        "company",
        "shop",
        "store",
        "clinic",
        "school",
        "office",
        "hotel",
        "bank",
        "department",
        "management",
        "staff",
    }
)
Words = tuple[Word, ...]
Place = tuple[int, int]


def refusals(reading: Reading) -> list[Place]:
    """Places of the refusing words in the reply, in order, none inside another."""
    found = [
        (hit.place[0], hit.place[1])
        for _, hits in tone.said(reading, _FILE)
        for hit in hits
        if not _is_spared(reading, hit.place)
    ]
    for sentence in reading.judged_sentences:
        if not sentence.is_question and not _calms(sentence):
            found += [
                (words[0].start, words[-1].end)
                for segment in segments(sentence)
                for words in _denials(segment)
            ]
    return _apart(sorted(found))


def _apart(places: list[Place]) -> list[Place]:
    kept: list[Place] = []
    for start, end in places:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def _is_spared(reading: Reading, place: Place) -> bool:
    return reading.sentence_of(place[0]).is_question


def _calms(sentence: Sentence) -> bool:
    return not {"worry", "sorry"}.isdisjoint(sentence.lows) and "couldn't" in {
        low(word) for word in sentence.words
    }


def _denials(segment: Segment) -> Iterator[Words]:
    words = segment.words
    for place, word in enumerate(words):
        if not word.judged or not word.is_word:
            continue
        end = _denied(words, place)
        if end is not None and not _is_conditional(words, place):
            yield words[_subject_begin(words, place) : _tail(words, end)]
            return


def _tail(words: Words, end: int) -> int:
    """The verb with what it is about, at most six words of it."""
    past = end + 1
    while past < min(len(words), end + 7) and (words[past].is_word or words[past].token.kind == "number"):
        past += 1
    return past


def _subject_begin(words: Words, place: int) -> int:
    begin = place
    while begin > 0 and place - begin < 8 and words[begin - 1].plain != "," and words[begin - 1].judged:
        begin -= 1
    return begin


def _is_conditional(words: Words, place: int) -> bool:
    """«Not before Friday» has its way out in itself; after «if» nothing is refused."""
    if any(at(words, here) in listed(_FILE, "no_refusing") for here in range(place)):
        return True
    return any(at(words, here) in listed(_FILE, "conditions") for here in range(place, len(words)))


def _denied(words: Words, place: int) -> int | None:
    """The place of the verb or noun that is refused by the word at `place`, None when it refuses nothing."""
    said, after = at(words, place), at(words, place + 1)
    if said in _CAN or (said == "can" and after == "not"):
        return _cannot(words, place, place + 1 + (after == "not"))
    if said in _WILL or (said in {"will", "shall"} and after == "not"):
        return _will_not(words, place, place + 1 + (after == "not"))
    if said in _DO or (said in {"do", "does"} and after == "not"):
        return _do_not(words, place, place + 1 + (after == "not"))
    if said in _BE:
        return _is_not(words, place)
    if said == "never":
        return _never(words, place)
    if said in {"no", "nothing"}:
        return _no(words, place)
    return None


def _is_ours(words: Words, place: int) -> bool:
    before = place - 1
    while before >= 0 and (
        at(words, before) in {"also", "therefore", "simply", "unfortunately", "sadly", "just", "really"}
    ):
        before -= 1
    return at(words, before) in _OURS or at(words, before - 1) == "our" or at(words, before - 2) == "our"


def _cannot(words: Words, place: int, verb: int) -> int | None:
    verb = past_adverbs(words, verb)
    said = at(words, verb)
    if said == "be":
        done = past_adverbs(words, verb + 1)
        return done if at(words, done) in listed(_FILE, "benefits") else None
    if not said or not words[verb].is_word or not _is_ours(words, place):
        return None
    if said == "help":
        return None if at(words, verb + 1) in {"but", "feeling", "thinking", "it"} else verb
    return None if said in listed(_FILE, "no_denial") else verb


def _will_not(words: Words, place: int, verb: int) -> int | None:
    verb = past_adverbs(words, verb)
    if at(words, verb) == "be":
        done = past_adverbs(words, verb + 1)
        said = at(words, done)
        if said == "able" and _is_ours(words, place):
            return past_adverbs(words, done + 2)
        if said.endswith("ing") and _is_ours(words, place) and _is_service(said):
            return done
        allowed = said in listed(_FILE, "benefits") and said not in listed(_FILE, "no_benefit_ahead")
        return done if allowed or said in {"removed", "possible", "available"} else None
    return verb if _is_ours(words, place) and _serves(words, verb) else None


def _is_service(said: str) -> bool:
    stem = said.removesuffix("ing")
    known = listed(_FILE, "services")
    return stem in known or f"{stem}e" in known or (len(stem) > 1 and stem[:-1] in known)


def _do_not(words: Words, place: int, verb: int) -> int | None:
    verb = past_adverbs(words, verb)
    if at(words, place - 1) in {"you", "they", "please", ""} or not _is_ours(words, place):
        return None
    return verb if _serves(words, verb) else None


def _serves(words: Words, verb: int) -> bool:
    """A service refused: «take under-fives», not «take your money» and «have any news»."""
    said, after = at(words, verb), at(words, verb + 1)
    if said not in listed(_FILE, "services"):
        return False
    if said == "have":
        return False
    if said in {"let", "keep", "put", "send", "share", "move", "change", "cut", "pass", "give"} and after in {
        "you",
        "your",
        "the",
        "it",
        "anything",
    }:
        return said in {"change", "give", "send"} and after in {"the", "your"}
    return not (
        said == "do" and after in {"it", "this"} and at(words, verb + 2) in {"on", "by", "to", "lightly"}
    )


def _is_not(words: Words, place: int) -> int | None:
    said, here = at(words, place), place + 1
    if at(words, place - 1) == "there" and at(words, here) in {"no", "nothing"}:
        return _no(words, here)
    negative = said.endswith("n't")
    while at(words, here) in {"not", "never", "no", "longer", "yet"} or past_adverbs(words, here) > here:
        negative = negative or at(words, here) in {"not", "never", "no"}
        here = here + 1 if at(words, here) in {"not", "never", "no", "longer"} else past_adverbs(words, here)
    if not negative or at(words, place - 1) in {"i", "you", "there"}:
        return None
    if at(words, here) in {"being", "been"}:
        here = past_adverbs(words, here + 1)
    return here if _is_refused(words, here, said) else None


def _is_refused(words: Words, here: int, be: str) -> bool:
    said = at(words, here)
    if said in listed(_FILE, "allowing"):
        return True
    return (
        be not in {"was", "were", "wasn't", "weren't", "be"}
        and said in listed(_FILE, "benefits")
        and is_participle(said)
    )


def _never(words: Words, place: int) -> int | None:
    """«We never lend», «bans are never lifted» is found at its «are»."""
    verb = past_adverbs(words, place + 1)
    return verb if _is_ours(words, place) and _serves(words, verb) else None


def _no(words: Words, place: int) -> int | None:
    """«There are no grounds», «no payment can be made», «no refunds», «nothing can be done»."""
    for here in range(place + 1, min(len(words), place + 5)):
        said = at(words, here)
        if said in {"can", "could", "will"} and at(words, here + 1) == "be":
            done = past_adverbs(words, here + 2)
            return done if at(words, done) in listed(_FILE, "benefits") else None
    before = at(words, place - 1)
    noun = place + 1
    if (
        at(words, noun).endswith("ing")
        and at(words, noun) not in _THINGS
        and before in {"is", "there's", "'s"}
    ):
        return noun  # «there is no getting it back»
    while noun < min(len(words), place + 3) and at(words, noun) not in _ways():
        noun += 1
    if any(at(words, here) in {"needed", "required", "necessary"} for here in range(noun, len(words))):
        return None
    if at(words, noun) not in _ways() or (
        at(words, noun + 1) in {"to", "for"} and at(words, noun + 2) in {"worry", "concern", "alarm", "panic"}
    ):
        return None
    stands = before in {"", ","} or before in listed(_FILE, "before_no")
    return noun if stands and not _is_spared_way(words, noun) else None


def _is_spared_way(words: Words, noun: int) -> bool:
    """«No reason to wait», «no charge for a return», «no need to …»."""
    return at(words, noun) in {"reason", "point", "use", "question"} and at(words, noun + 1) in {
        "to",
        "that",
        "about",
        "in",
        "you",
        "why",
    }


@cache
def _ways() -> frozenset[str]:
    return listed(_FILE, "ways")
