"""What may stop a letter from being sent: a place left open, a bare refusal, an insult; a person may still insist.

By letters alone: pymorphy3 is never loaded here, so the first request of a process doesn't wait for it.
Budget: 1 000 characters ≤ 2 ms warm; the first call reads four small lists besides.
"""

from collections.abc import Iterator

from otklik.coach import insults, placeholders
from otklik.coach.reading import Reading, finding
from otklik.coach.reasons import is_explained
from otklik.coach.refusing import refusals
from otklik.coach.remedies import is_lifted
from otklik.coach.reply import Finding, House, Reply

SHORT = 200  # characters: a longer reply that refuses is a warning's business
REASON_OPEN = "Шаблон остался незаполненным: подставьте сюда имя, дату или номер."
REASON_BARE = "Это голый отказ: скажите, почему так, и подскажите, что клиент может сделать."
REASON_INSULT = "Это оскорбляет клиента: уберите эти слова, даже если он сам был резок."


def blocking(reply: Reply, house: House | None = None) -> list[Finding]:
    """The findings that stop a letter (rules `template`, `refusal`, `rude`, each an error), by place; [] lets it go.

    A rule that the house switched off stops nothing. Never raises on any text.
    """
    reading = Reading(reply, house)
    found = list(_left_open(reading))
    if reply.lang == "ru":
        found += [*_bare_refusal(reading), *_insults(reading)]
    kept = [one for one in found if one.rule not in reading.house.off]
    return sorted(kept, key=lambda one: (one.start, one.end))


def _left_open(reading: Reading) -> Iterator[Finding]:
    for place in placeholders.find(reading.text):
        if _is_judged(reading, place):
            yield finding("template", place, REASON_OPEN, severity="error")


def _is_judged(reading: Reading, place: tuple[int, int]) -> bool:
    """Outside quotes and code; a place left open in the signature counts: the client reads it."""
    inside = [word for word in reading.words if place[0] <= word.start < place[1]]
    return not inside or inside[0].judged or inside[0].start >= reading.body_end


def _bare_refusal(reading: Reading) -> Iterator[Finding]:
    """In a short reply: no reason, no way out."""
    if len(reading.text.strip()) >= SHORT:
        return
    for one in refusals(reading):
        place = (one.start, one.end)
        if not is_lifted(reading, one) and not is_explained(reading, one.sentence, place, refuses=True):
            yield finding("refusal", place, REASON_BARE, severity="error")


def _insults(reading: Reading) -> Iterator[Finding]:
    for place in insults.find(reading):
        yield finding("rude", place, REASON_INSULT, severity="error")
