"""No greeting at the start of our first message (contract: `greeting`)."""

from collections.abc import Iterator

from otklik.coach import opening
from otklik.coach.reading import WHOLE, Reading, finding
from otklik.coach.reply import Finding

CODE = "greeting"
REASON = "Это первое письмо клиенту: начните с приветствия, без него ответ звучит сухо."


def find(reading: Reading) -> Iterator[Finding]:
    """One finding about the whole of a first reply that doesn't open with a greeting."""
    if not reading.reply.first or not reading.judged_sentences:
        return
    if any(word.judged and word.is_word for word in reading.words) and not opening.greeting(reading):
        yield finding(CODE, WHOLE, REASON, suggestions=_to_begin_with(reading))


def _to_begin_with(reading: Reading) -> tuple[str, ...]:
    """A greeting to put before the text; none where it wouldn't join: an address or a small letter stands there."""
    first = reading.words[0]
    if not first.judged or not first.text[0].isupper() or opening.is_polite(first):
        return ()
    name = opening.client_name(reading)
    if name and name.split()[0] not in reading.text:
        return (f"Здравствуйте, {name}! ",)
    return ("Здравствуйте! ",)
