"""A complaint talked down: doubted, called useless, asked back (contract: `dissuade`)."""

from collections.abc import Iterator

from otklik.coach import tone
from otklik.coach.reading import Reading
from otklik.coach.reply import Finding

CODE = "dissuade"


def find(reading: Reading) -> Iterator[Finding]:
    """Sentences that talk a client out of a complaint; most of them only where the request is one."""
    yield from tone.findings(reading, CODE, CODE)
