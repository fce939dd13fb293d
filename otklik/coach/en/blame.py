"""The fault put on the client (contract: `blame`)."""

from collections.abc import Iterator

from otklik.coach import tone
from otklik.coach.reading import Reading
from otklik.coach.reply import Finding

CODE = "blame"


def find(reading: Reading) -> Iterator[Finding]:
    """Each reproach."""
    yield from tone.findings(reading, "en_blame", CODE)
