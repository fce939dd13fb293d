"""A refusal with no alternative, way round or next step (contract: `refusal`)."""

from collections.abc import Iterator

from otklik.coach.en import denying, ways_out
from otklik.coach.reading import Reading, finding
from otklik.coach.reply import Finding

CODE = "refusal"
REASON = "Клиент слышит только «нет»: предложите, что можно сделать вместо этого."


def find(reading: Reading) -> Iterator[Finding]:
    """The refusing words, when nothing in the reply offers another way."""
    found = denying.refusals(reading)
    if found and not ways_out.stands(reading):
        yield from (finding(CODE, place, REASON) for place in found)
