"""What an English reply says of what comes next: an order, an offer, a question, a promise, a deed already done."""

from otklik.coach import tone
from otklik.coach.en import commitments, grammar, ways_out
from otklik.coach.en.deeds import is_done
from otklik.coach.en.grammar import at
from otklik.coach.en.segments import segments
from otklik.coach.reading import Reading, Sentence

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
    if told or ways_out.can(words) or is_done(words):
        return True
    return any(commitments.deed(segment, reading) for segment in segments(sentence))
