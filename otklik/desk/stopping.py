"""What may stop an answer before it leaves, and the person who sends it all the same (R-B13).

Rooms further right add an eye in AppConfig.ready(): it reads the words in two milliseconds and asks the database only
when it has found something. An eye that fails stops nothing: no letter waits for a tool.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog
from django.utils.translation import gettext as _

from otklik.desk import drafting
from otklik.errors import Refusal

PRESSED = "1"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing that the client should not read. words: as they stand there; reason: to the writer."""

    rule: str
    words: str
    reason: str


class Eye(Protocol):
    """What it finds in the words of an answer. number: of the request; None for a letter that opens a request."""

    def __call__(self, text: str, number: int | None, /) -> Sequence[Stop]: ...


class Stopped(Refusal):
    """The words stay with their writer, who mends them or insists."""

    code = "reply.stopped"

    def __init__(self, stops: Sequence[Stop]) -> None:
        super().__init__(
            _("Письмо пока не ушло: в нём есть то, что клиенту читать не стоит."),
            _("Поправьте эти места или отправьте как есть."),
        )
        self.stops = stops


_eyes: list[Eye] = []


def add(eye: Eye) -> None:
    if eye not in _eyes:
        _eyes.append(eye)


def ask(text: str, number: int | None, *, insist: str) -> tuple[str, ...]:
    """Rules that a person insists against, for the journal. Raises Stopped where they don't insist.

    insist: PRESSED by the button that stands below this text, or carried() from before; '' for no.
    """
    stops = [stop for eye in _eyes for stop in _seen(eye, text, number)]
    if stops and not carried(insist, text):
        raise Stopped(stops)
    return tuple(dict.fromkeys(stop.rule for stop in stops))


def carried(insist: str, text: str) -> str:
    """What a form that comes back says instead of the pressed button: it holds for these words alone. '' for no."""
    of_this = drafting.digest(text)
    return of_this if insist in (PRESSED, of_this) else ""


def _seen(eye: Eye, text: str, number: int | None) -> Sequence[Stop]:
    try:
        return eye(text, number)
    except Exception:  # whatever fails in a tool, the letter goes
        log.exception("an eye failed, nothing is stopped", ticket=number)
        return ()
