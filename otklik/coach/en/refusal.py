"""A refusal with no alternative, way round or next step (contract: `refusal`)."""

from collections.abc import Iterator

from otklik.coach import tone
from otklik.coach.reading import Reading
from otklik.coach.reply import Finding

CODE = "refusal"


def find(reading: Reading) -> Iterator[Finding]:
    """The refusing words, when nothing in the reply offers another way."""
    if not tone.stands(reading, "en_refusal", "way_out"):
        yield from tone.findings(reading, "en_refusal", CODE)
