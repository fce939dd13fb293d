"""Empty stock phrases and places that a template left open (contract: `template`)."""

from collections.abc import Iterator

from otklik.coach import tone
from otklik.coach.reading import Reading
from otklik.coach.reply import Finding
from otklik.coach.rules.template import REASON_OPEN, open_places

CODE = "template"


def find(reading: Reading) -> Iterator[Finding]:
    """Each stock phrase and each open place, by place."""
    found = [*tone.findings(reading, "en_template", CODE), *open_places(reading, CODE, REASON_OPEN)]
    yield from sorted(found, key=lambda one: one.start)
