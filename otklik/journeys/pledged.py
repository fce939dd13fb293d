"""What we promised, as the client's page tells it: what stands, how it was kept, what was moved and why (R-D1, R-D3).

The reader sees promises of letters that they may read, and what was noted by hand in their request. One that was moved
stands once, with the time it had before.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.desk.models import Participant, Ticket
from otklik.promises.models import Promise
from otklik.web import dates

SHOWN = 12
Outcome = Promise.Outcome


@dataclass(frozen=True, slots=True)
class Pledged:
    """One line of the page. state: «open», «late», «kept»; before: what was said of its former time; '' for none."""

    words: str
    state: str
    when: str
    before: str
    reason: str


def read(
    participant: Participant, ticket: Ticket, letters: Collection[int], *, at: datetime
) -> list[Pledged]:
    """In one query: what stands first, the nearest first, then what is over, the latest first.

    letters: ids of our messages that the reader sees.
    """
    requester = participant.part == Participant.Part.REQUESTER
    theirs = Q(message__in=letters) | (Q(message=None) if requester else Q(pk__in=()))
    rows = Promise.objects.filter(theirs, ticket=ticket).exclude(outcome__in=(Outcome.MOVED, Outcome.DROPPED))
    found = sorted(rows.select_related("replaces"), key=_order)
    return [_line(one, at) for one in found[:SHOWN]]


def _order(promise: Promise) -> tuple[bool, float, int]:
    if promise.ended_at:
        return True, -promise.ended_at.timestamp(), promise.pk
    return False, promise.due_at.timestamp() if promise.due_at else float("inf"), promise.pk


def _line(promise: Promise, at: datetime) -> Pledged:
    zone = timezone.get_current_timezone()
    former = promise.replaces.due_at if promise.replaces else None
    before = (
        _("раньше обещали: %s") % dates.by(former, at, zone) if former and former != promise.due_at else ""
    )
    reason = "" if promise.rule and promise.replaces is None else promise.reason  # of a rule: for us
    return Pledged(promise.action, _state(promise, at), _when(promise, at), before, reason)


def _state(promise: Promise, at: datetime) -> str:
    if promise.ended_at:
        return "kept"
    return "late" if promise.due_at and promise.due_at <= at else "open"


def _when(promise: Promise, at: datetime) -> str:
    zone = timezone.get_current_timezone()
    if promise.ended_at:
        return _("сделали: %s") % dates.when(promise.ended_at, at, zone)
    if promise.due_at is None:
        return _("время назовём отдельно")
    said = dates.by(promise.due_at, at, zone)
    return _("обещали %s и не успели, простите") % said if promise.due_at <= at else said
