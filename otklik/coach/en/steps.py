"""What an English reply says of what comes next: an order, an offer, a question, a promise, a deed already done."""

from collections.abc import Sequence

from otklik.coach import tone
from otklik.coach.en import commitments, doers, grammar, ways_out
from otklik.coach.en.grammar import at, listed
from otklik.coach.en.segments import segments
from otklik.coach.reading import Reading, Sentence, Word

_NO_STEP = frozenset({"accept", "bear", "note", "forgive", "excuse", "mind", "enjoy"})


def stands(reading: Reading) -> bool:
    """Whether any sentence of the reply tells the client what is next or what was done for him."""
    if any("?" in word.text and "??" not in word.text for word in reading.words if word.judged):
        return True
    if any(word.token.kind == "place" for word in reading.words):
        return True
    return tone.stands(reading, "en_next_step", "step") or any(
        _steps(sentence, reading) for sentence in reading.judged_sentences
    )


def _steps(sentence: Sentence, reading: Reading) -> bool:
    words = tuple(word for word in sentence.words if word.judged)
    told = any(at(words, place) not in _NO_STEP for place in grammar.orders(words))
    if told or ways_out.can(words) or _is_done(words):
        return True
    return any(commitments.deed(segment, reading) for segment in segments(sentence))


def _is_done(words: Sequence[Word]) -> bool:
    """«I took $15 off», «we've moved your lesson», «Olga cleaned the room»: a deed that mends; «we lost it» is none."""
    for place in range(len(words)):
        if at(words, place) in {"i", "we", "i've", "we've"}:
            verb = grammar.past_adverbs(words, place + 1)
            if at(words, verb) == "have":
                verb = grammar.past_adverbs(words, verb + 1)
        elif doers.is_a_name(words[place]) and at(words, place + 2) in listed("en_passive", "objects"):
            verb = place + 1
        else:
            continue
        denied = any(at(words, here) in {"not", "never"} for here in range(place, verb))
        if not denied and _mends(words, verb):
            return not _went_wrong(words, verb)
    return False


def _mends(words: Sequence[Word], verb: int) -> bool:
    done = at(words, verb)
    if done in listed("en_next_step", "harm"):
        return False
    return (done.endswith("ed") and done not in listed("en_grammar", "no_participles")) or done in listed(
        "en_next_step", "mended"
    )


def _went_wrong(words: Sequence[Word], verb: int) -> bool:
    rest = {at(words, here) for here in range(verb, len(words))}
    return not rest.isdisjoint(
        {"wrong", "mistake", "twice", "late", "wrongly", "incorrectly", "another", "else", "error"}
    )
