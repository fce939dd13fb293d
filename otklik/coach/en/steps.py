"""What an English reply says of what comes next: an order, an offer, a question, a promise, a deed already done."""

from otklik.coach import tone
from otklik.coach.en import commitments, grammar, ways_out
from otklik.coach.en.deeds import is_done
from otklik.coach.en.grammar import at
from otklik.coach.en.segments import segments
from otklik.coach.reading import Reading, Sentence, Word

_NO_STEP = frozenset({"accept", "bear", "note", "forgive", "excuse", "mind", "enjoy"})


def stands(reading: Reading) -> bool:
    """Whether any sentence of the reply tells the client what is next or what was done for him."""
    if any("?" in word.text and "??" not in word.text for word in reading.words if word.judged):
        return True
    if any(word.token.kind == "place" for word in reading.words) or grammar.PHONE.search(reading.text):
        return True
    return tone.stands(reading, "en_next_step", "step") or any(
        _steps(sentence, reading) for sentence in reading.judged_sentences
    )


def promises(reading: Reading) -> bool:
    """Whether somebody on our side commits to a deed, in the passive as well."""
    return any(
        commitments.deed(segment, reading)
        for sentence in reading.judged_sentences
        for segment in segments(sentence)
    )


def _steps(sentence: Sentence, reading: Reading) -> bool:
    words = tuple(word for word in sentence.words if word.judged)
    if _warns(words):
        return True
    told = any(at(words, place) not in _NO_STEP for place in grammar.orders(words))
    if told or ways_out.can(words) or is_done(words):
        return True
    return any(commitments.deed(segment, reading) for segment in segments(sentence))


def _warns(words: tuple[Word, ...]) -> bool:
    """«Don't throw the box away»: what not to do is a step too; «don't worry» is none."""
    verb = 1 + (at(words, 0) == "do" and at(words, 1) == "not")
    if at(words, 0) not in {"don't", "never"} and verb == 1:
        return False
    return verb < len(words) and words[verb].is_word and at(words, verb) not in _CALMS


_CALMS = frozenset({"worry", "hesitate", "be", "feel", "panic", "mind", "despair"})
