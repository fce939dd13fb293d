"""Our fault, known or admitted, and nobody apologises (contract: `apology`)."""

from collections.abc import Iterator

from otklik.coach import tone
from otklik.coach.reading import WHOLE, Reading, finding
from otklik.coach.reply import Finding

CODE = "apology"
REASON = "Ошибка наша, а извинения нет: начните с sorry."


def find(reading: Reading) -> Iterator[Finding]:
    """One finding about the whole reply."""
    when = reading.house.apologise
    if when == "never" or tone.stands(reading, "en_apology", "sorry"):
        return
    known = reading.reply.our_fault
    if known or (known is None and when == "fault" and tone.stands(reading, "en_apology", "admits")):
        yield finding(CODE, WHOLE, REASON)
