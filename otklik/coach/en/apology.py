"""Our fault, known or admitted, and nobody apologises (contract: `apology`)."""

from collections.abc import Iterator
from functools import cache

from otklik.coach import tone
from otklik.coach.anchored import Anchored
from otklik.coach.phrases import Phrase, tables
from otklik.coach.reading import WHOLE, Reading, Sentence, finding
from otklik.coach.reply import Finding

CODE = "apology"
REASON = "Ошибка наша, а извинения нет: начните с sorry."
_DENIED = frozenset({"nothing", "no", "isn't", "isn’t", "wasn't", "wasn’t", "fine", "if"})


def find(reading: Reading) -> Iterator[Finding]:
    """One finding about the whole reply."""
    when = reading.house.apologise
    if when == "never" or tone.stands(reading, "en_apology", "sorry"):
        return
    known = reading.reply.our_fault
    if known or (known is None and when == "fault" and admits(reading)):
        yield finding(CODE, WHOLE, REASON)


def admits(reading: Reading) -> bool:
    """Whether the reply itself says that the fault is ours."""
    return any(map(_admits, reading.judged_sentences))


def _admits(sentence: Sentence) -> bool:
    """A fault of ours said in a sentence that neither denies it nor asks."""
    if sentence.is_question or not _DENIED.isdisjoint(sentence.lows):
        return False
    return _admissions().stands(sentence)


@cache
def _admissions() -> Anchored:
    return Anchored([Phrase(say.replace("'", "’")) for say in _said()] + [Phrase(say) for say in _said()])


def _said() -> list[str]:
    return [table["say"] for table in tables("en_apology")["admits"]]
