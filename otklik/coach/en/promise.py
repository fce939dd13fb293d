"""Our commitments: who will do what by when (contract: `promise`; always a hint)."""

from collections.abc import Iterator

from otklik.coach.en import commitments
from otklik.coach.en.due import due
from otklik.coach.en.segments import Segment, segments
from otklik.coach.reading import Reading, Sentence, finding
from otklik.coach.reply import Finding, Promised

CODE = "promise"
REASON = "Это обещание: клиент будет его ждать."


def find(reading: Reading) -> Iterator[Finding]:
    """Sentences in which our side commits to a deed; conditions, questions, habits and what things do are left out."""
    for sentence in reading.judged_sentences:
        promised = None if sentence.is_question else _promise(sentence, reading)
        if promised:
            yield finding(CODE, (sentence.start, sentence.end), REASON, promise=promised)


def _promise(sentence: Sentence, reading: Reading) -> Promised | None:
    """Of several promises in one sentence the first that says when, else the first."""
    promised = [
        _promised(segment, deed, reading)
        for segment in segments(sentence)
        if (deed := commitments.deed(segment, reading))
    ]
    return next((one for one in promised if one.due), promised[0] if promised else None)


def _promised(segment: Segment, deed: commitments.Deed, reading: Reading) -> Promised:
    words = segment.words
    first, past = words[deed.begin], words[-1]
    until = None
    after = reading.text[first.start : past.end]
    if reading.reply.now:
        opening = segment.before if commitments.gives_time(segment.before) else words
        until = due(after, reading.reply.now, reading.text[opening[0].start : first.start])
    return Promised(after.rstrip(" .!;:,"), deed.who, until)
