"""No greeting at the start of our first message (contract: `greeting`)."""

from collections.abc import Iterator

from otklik.coach import opening
from otklik.coach.reading import WHOLE, Reading, finding
from otklik.coach.reply import Finding
from otklik.russian import morphology

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
    if _calls_by_name(reading):  # «Олег! …»: a greeting goes into these words, not before them
        return ()
    name = opening.client_name(reading)
    if name and name.split()[0] not in reading.text:
        return (f"Здравствуйте, {name}! ",)
    return ("Здравствуйте! ",)


def _calls_by_name(reading: Reading) -> bool:
    """Whether nothing but a person's name stands before the first mark."""
    words = reading.words
    mark = next((at for at, word in enumerate(words[:4]) if word.text[:1] in "!,"), 0)
    return mark > 0 and all(
        one.is_word and ("Name" in first or "Patr" in first or "Surn" in first)
        for one in words[:mark]
        for first in [morphology.parses(one.text)[0].tag]
    )
