"""The reply says neither what we do next nor what the client can do (contract: `next-step`)."""

from collections.abc import Iterator

from otklik.coach import tone
from otklik.coach.en import apology, denying, steps, ways_out
from otklik.coach.reading import WHOLE, Reading, finding
from otklik.coach.reply import Finding

CODE = "next-step"
REASON = "Клиент не знает, что дальше: скажите, что сделаете вы или что может сделать он."


def find(reading: Reading) -> Iterator[Finding]:
    """One finding about a reply that brings trouble; none when a step, a question or a deed done stands in it."""
    if _refuses_barely(reading) or (_brings_trouble(reading) and not steps.stands(reading)):
        yield finding(CODE, WHOLE, REASON)


def _refuses_barely(reading: Reading) -> bool:
    """A no that nothing lifts: what else the reply tells (opening hours, farewells) moves nobody on."""
    return bool(denying.refusals(reading)) and not (ways_out.stands(reading) or steps.promises(reading))


def _brings_trouble(reading: Reading) -> bool:
    if tone.stands(reading, "en_next_step", "trouble") or apology.admits(reading):
        return True
    return bool(denying.refusals(reading))
