"""Empty stock phrases and places that a template left open (contract: `template`)."""

from collections.abc import Iterator

from otklik.coach import tone
from otklik.coach.en import open_places
from otklik.coach.reading import Reading, finding
from otklik.coach.reply import Finding
from otklik.coach.rules.template import REASON_OPEN

CODE = "template"


def find(reading: Reading) -> Iterator[Finding]:
    """Each stock phrase and each open place, by place."""
    found = list(tone.findings(reading, "en_template", CODE))
    found += [finding(CODE, place, REASON_OPEN) for place in open_places.find(reading)]
    yield from sorted(found, key=lambda one: one.start)
