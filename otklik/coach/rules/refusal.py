"""A refusal that leaves the client with nothing to do (contract: `refusal`; text 002, «Как правильно отказывать»)."""

from collections.abc import Iterator

from otklik.coach.acts import is_lifted, refused
from otklik.coach.reading import Reading, finding
from otklik.coach.reply import Finding

CODE = "refusal"
REASON = "Отказ без выхода обижает: подскажите, что можно сделать."


def find(reading: Reading) -> Iterator[Finding]:
    """The refusing words of each sentence whose refusal nothing near lifts."""
    for refusal in refused(reading):
        if not is_lifted(reading, refusal):
            yield finding(CODE, (refusal.start, refusal.end), REASON)
