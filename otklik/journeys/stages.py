"""Stages of a request, first form: read from its state and journal, with dates (R-D1).

A catalogue of services with stages of their own comes later (R-D2); these hold for every request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q
from django.utils.translation import gettext as _

from otklik.desk.models import Ticket
from otklik.journal.models import Entry

When = Literal["done", "now", "later"]
TOLD = Q(word__in=["ticket.assigned", "ticket.solved", "ticket.closed", "ticket.reopened"]) | Q(
    word="message.received", facts__reopened=True
)


@dataclass(frozen=True, slots=True)
class Stage:
    """when: done (at says since when), now, or later."""

    words: str
    when: When
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What the stages need of the past: when somebody first took it, answered, solved it, and opened it again."""

    taken_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    reopened_at: datetime | None = None


def past(ticket_id: int, answered_at: datetime | None) -> Past:
    """Read from the journal in one query. Uses index entry_ticket."""
    entries = Entry.objects.filter(TOLD, ticket=ticket_id, public=True).order_by("pk")
    taken = ended = reopened = None
    for entry in entries.only("word", "at", "facts"):
        if entry.word == "ticket.assigned" and entry.facts.get("to"):
            taken = taken or entry.at
        elif entry.word in {"ticket.solved", "ticket.closed"}:
            ended = entry.at if reopened or not ended else ended
            reopened = None
        elif ended and (entry.word == "ticket.reopened" or entry.facts.get("reopened")):
            reopened = entry.at
    return Past(taken or answered_at, answered_at, ended, reopened)


def of(ticket: Ticket, was: Past, taken_words: str) -> Sequence[Stage]:
    """The list for the page. taken_words: who took it, spoken of as they wish."""
    stages = [Stage(_("Приняли запрос"), "done", ticket.created_at)]
    if was.taken_at:
        stages.append(Stage(taken_words, "done", was.taken_at))
    if was.answered_at:
        stages.append(Stage(_("Ответили вам"), "done", was.answered_at))
    if not ticket.is_open:
        return [*stages, Stage(_("Вопрос решён"), "done", was.ended_at)]
    if was.reopened_at:
        stages.append(Stage(_("Решили вопрос"), "done", was.ended_at))
        stages.append(Stage(_("Открыли запрос снова"), "done", was.reopened_at))
    return [*stages, Stage(_current(ticket, was), "now"), Stage(_("Вопрос решён"), "later")]


def _current(ticket: Ticket, was: Past) -> str:
    if ticket.state == Ticket.State.WAITING_CLIENT:
        return _("Ждём вашего ответа")
    if ticket.state == Ticket.State.WAITING_OTHER:
        return _("Ждём тех, от кого зависит решение")
    if ticket.owner_id is None and was.taken_at is None:
        return _("Выбираем, кто займётся запросом")
    return _("Работаем над решением")
