"""The teacher's tone: «вам следовало», «как уже было сказано» (contract: `lecture`)."""

from collections.abc import Iterator

from otklik.coach import tone
from otklik.coach.reading import Reading
from otklik.coach.reply import Finding

CODE = "lecture"


def find(reading: Reading) -> Iterator[Finding]:
    """Sentences that preach, reprove or send the client to re-read."""
    yield from tone.findings(reading, CODE, CODE)
