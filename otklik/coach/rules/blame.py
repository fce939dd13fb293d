"""The fault put on the client: «вы неправильно», «по вашей вине» (contract: `blame`)."""

from collections.abc import Iterator

from otklik.coach import tone
from otklik.coach.reading import Reading
from otklik.coach.reply import Finding

CODE = "blame"


def find(reading: Reading) -> Iterator[Finding]:
    """Clauses that reproach the client; a kind question about what is missing is none."""
    yield from tone.findings(reading, CODE, CODE)
