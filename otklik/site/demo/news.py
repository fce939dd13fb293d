"""What a case has promised its client: past news kept or late, one standing where they wait on us (invariant 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.promises import promising
from otklik.promises.models import NextNews
from otklik.site.demo.agreed import Agreed
from otklik.site.demo.casting import ENDED, Case
from otklik.site.demo.shifts import Shifts

Outcome = NextNews.Outcome
WAITS_ON_US = (Ticket.State.NEW, Ticket.State.OPEN, Ticket.State.WAITING_OTHER)


@dataclass(slots=True)
class Promises:
    """Rows of one ticket; `kind` of the standing one for the list.

    heard_at: our last answer until now; asks: a word of the client waits for one.
    """

    rows: list[NextNews]
    kind: str = ""
    heard_at: datetime | None = None
    asks: bool = False

    @property
    def standing(self) -> NextNews | None:
        return self.rows[-1] if self.rows and self.rows[-1].ended_at is None else None


def of(case: Case, ticket: Ticket, users: dict[str, User], agreed: Agreed, shifts: Shifts) -> Promises:
    """Everything promised in this case, oldest first."""
    made = Promises([])
    for step in case.steps:
        if step.turn.kind == "клиент" and case.state != Ticket.State.SPAM:
            _asked(made, case, ticket, step.at, agreed)
        elif step.turn.kind == "ответ":
            _end(made, step.at)
            made.heard_at, made.asks = step.at, False
            if step.due_at:
                by = users[step.agent.key] if step.agent else None
                _promise(made, ticket, step.at, step.due_at, kind=promising.NEWS, by=by)
    last = case.steps[-1].at
    if case.state in ENDED or case.state == Ticket.State.WAITING_CLIENT:
        _end(made, last, outcome=Outcome.DROPPED)
    elif made.standing is None:
        _promise(made, ticket, last, _next(made, case, ticket, last, agreed), kind=promising.NEWS)
    elif case.state == Ticket.State.WAITING_OTHER and made.standing.due_at < shifts.now:
        _move(made, ticket, users[case.owner.key] if case.owner else None, shifts)
    return made


def _asked(made: Promises, case: Case, ticket: Ticket, at: datetime, agreed: Agreed) -> None:
    """An answer is owed, unless one is already; the client waits no longer for it than their agreement says."""
    due_at = agreed.due(case.guest, "next_reply" if made.heard_at else "response", ticket.priority, since=at)
    standing, asked, made.asks = made.standing, made.asks, True
    if standing is not None and not asked and at < due_at < standing.due_at:
        _end(made, at, outcome=Outcome.MOVED)
        silent = agreed.due(case.guest, "news", ticket.priority, since=made.heard_at or at)
        due_at, standing = min(due_at, silent if silent > at else due_at), None
    if standing is None:
        _promise(made, ticket, at, due_at, kind=promising.ANSWER)


def _next(made: Promises, case: Case, ticket: Ticket, last: datetime, agreed: Agreed) -> datetime:
    """After a vendor was asked, or a letter came back: as their clock of news goes, or what they were told before."""
    told = [row.due_at for row in made.rows[-1:] if row.due_at > last]
    due_at = agreed.due(case.guest, "news", ticket.priority, since=made.heard_at or last)
    return min(
        [*told, due_at if due_at > last else agreed.due(case.guest, "news", ticket.priority, since=last)]
    )


def _promise(
    made: Promises, ticket: Ticket, at: datetime, due_at: datetime, *, kind: str, by: User | None = None
) -> None:
    made.rows.append(NextNews(ticket=ticket, due_at=due_at, made_at=at, made_by=by, counted=by is None))
    made.kind = kind


def _end(made: Promises, at: datetime, outcome: str = "") -> None:
    standing = made.standing
    if standing:
        late = standing.due_at < at
        standing.ended_at, standing.outcome = at, outcome or (Outcome.LATE if late else Outcome.KEPT)


def _move(made: Promises, ticket: Ticket, by: User | None, shifts: Shifts) -> None:
    """Told before it passed that it will take longer: the vendor is not ready."""
    standing = made.standing
    assert standing is not None  # noqa: S101 - the caller looked
    at = max(standing.made_at, standing.due_at - timedelta(minutes=25))
    standing.ended_at, standing.outcome = at, Outcome.MOVED
    due_at = shifts.after(shifts.now, timedelta(hours=5)).replace(minute=0, second=0, microsecond=0)
    _promise(made, ticket, at, due_at, kind=promising.NEWS, by=by)
