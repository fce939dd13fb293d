from collections.abc import Iterator

from otklik.coach import tone
from otklik.coach.reading import Reading
from otklik.coach.reply import Finding

CODE = "dissuade"


def find(reading: Reading) -> Iterator[Finding]:
    yield from tone.findings(reading, CODE, CODE)
