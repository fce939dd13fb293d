"""Empty stock phrases and places that a template left open (contract: `template`)."""

from collections.abc import Iterator

from otklik.coach import placeholders, tone
from otklik.coach.reading import Reading, finding
from otklik.coach.reply import Finding

CODE = "template"
REASON_OPEN = "Здесь осталось незаполненное место шаблона: впишите имя, дату или номер."


def find(reading: Reading) -> Iterator[Finding]:
    """Each stock phrase and each open place, by place."""
    found = [*tone.findings(reading, CODE, CODE), *open_places(reading, CODE, REASON_OPEN)]
    yield from sorted(found, key=lambda one: one.start)


def open_places(reading: Reading, code: str, reason: str) -> Iterator[Finding]:
    """Open places outside quotes and code; a signature that nobody filled in is one as well."""
    places = list(placeholders.find(reading.text))
    hidden = (
        [word for word in reading.words if not word.judged and word.start < reading.body_end]
        if places
        else []
    )
    for start, end in places:
        if not any(word.start < end and start < word.end for word in hidden):
            yield finding(code, (start, end), reason)
