"""Promises that a rule of the agreement makes: news after a hand-over (R-D3). Any letter to the client keeps it.

One of a rule stands at a time; the database holds it. As in tracking.py requests are locked first, in order of id.
"""

from dataclasses import dataclass
from datetime import datetime

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.promises import promising, tracking
from otklik.promises.models import OPEN, Promise

Outcome = Promise.Outcome


@dataclass(frozen=True, slots=True)
class Ruled:
    """rule: its name, «moved:2»; action: as the client reads it; reason: for colleagues, «по правилу …»."""

    rule: str
    action: str
    reason: str
    due_at: datetime


def make(ticket: Ticket, ruled: Ruled, *, at: datetime) -> bool:
    """Whether it is new: one of this rule that stands keeps its time. The caller holds the transaction and the request.

    Its owner is the request's; the team while nobody has it.
    """
    who = ticket.owner.name if ticket.owner else ticket.team.name
    promise = Promise(
        ticket=ticket, place=0, rule=ruled.rule, action=ruled.action[:300], reason=ruled.reason[:300], who=who[:120],
        due_at=max(ruled.due_at, at), made_at=at,
    )  # fmt: skip
    if Promise.objects.filter(OPEN, ticket=ticket, rule=ruled.rule).exists():
        return False
    promise.save(force_insert=True)
    _tell([promise], ticket.team_id, "promise.made", by=None, at=at)
    tracking.show([ticket.pk])
    return True


def keep(ticket_id: int, *, by: User | None, at: datetime) -> None:
    """The client has heard of us. The caller holds the transaction."""
    _end(ticket_id, "promise.kept", by=by, at=at)


def drop(ticket_id: int, *, by: User | None, at: datetime) -> None:
    """The request was solved: there is no more news to tell."""
    _end(ticket_id, "promise.dropped", by=by, at=at)


def take_back(ticket_id: int, *, kept_at: datetime) -> None:
    """The letter that kept them was taken back: they stand again, unless their rule has made another one since."""
    promising.lock([ticket_id])
    kept = Promise.objects.filter(
        ticket=ticket_id, ended_at=kept_at, outcome__in=(Outcome.KEPT, Outcome.LATE)
    )
    again = Promise.objects.filter(OPEN, ticket=ticket_id).exclude(rule="").values("rule")
    kept.exclude(rule="").exclude(rule__in=again).update(ended_at=None, outcome="")
    tracking.show([ticket_id])


def _end(ticket_id: int, word: str, *, by: User | None, at: datetime) -> None:
    team_id = promising.lock([ticket_id]).get(ticket_id)
    standing = list(Promise.objects.filter(OPEN, ticket=ticket_id, made_at__lte=at).exclude(rule=""))
    if team_id is None or not standing:
        return
    for one in standing:
        late = one.due_at is not None and one.due_at < at
        outcome = Outcome.DROPPED if word == "promise.dropped" else Outcome.LATE if late else Outcome.KEPT
        Promise.objects.filter(pk=one.pk).update(ended_at=at, outcome=outcome)
    _tell(standing, team_id, word, by=by, at=at)
    tracking.show([ticket_id])


def _tell(promises: list[Promise], team_id: int, word: str, *, by: User | None, at: datetime) -> None:
    lines = [
        Line(
            one.ticket_id, word, at, teams=(team_id,), by=by, public=True,
            facts={"promise": one.pk, "due_at": one.due_at, "rule": one.rule},
        )
        for one in promises
    ]  # fmt: skip
    journaling.write_many(lines)
