"""No figure or name where the client needs one: «shortly», «our specialists» (contract: `vague`)."""

from collections.abc import Iterator

from otklik.coach import tone
from otklik.coach.en.due import names_a_time
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence
from otklik.coach.reply import Finding

CODE = "vague"
_NEAR = 7  # words round the vague ones in which an exact time makes them exact


def find(reading: Reading) -> Iterator[Finding]:
    """Vague words of time, doer and number; none where an exact time or a name stands beside them."""
    for sentence, hits in tone.said(reading, "en_vague"):
        yield from tone.joined(CODE, [hit for hit in hits if not _is_exact(sentence, hit)])


def _is_exact(sentence: Sentence, hit: tone.Hit) -> bool:
    first = hit.match.words[0].at - sentence.words[0].at
    past = first + len(hit.match.words)
    after, before = sentence.words[past : past + _NEAR], sentence.words[max(0, first - 4) : first]
    if hit.kind == "who":
        return any(
            word.text[:1].isupper() and word.low not in tables("en_vague")["capitals"]["said"]
            for word in after[:5]
        )
    if hit.kind == "amount":
        return any(word.token.kind == "number" or word.plain == ":" for word in after)
    return names_a_time([word.low for word in after]) or names_a_time([word.low for word in before])
