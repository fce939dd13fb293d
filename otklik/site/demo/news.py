"""What a case has promised its client: past news kept or late, one standing where they wait on us (invariant 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.promises import promising
from otklik.promises.models import NextNews
from otklik.site.demo.casting import ANSWER_WITHIN, ENDED, Case
from otklik.site.demo.shifts import Shifts

Outcome = NextNews.Outcome
WAITS_ON_US = (Ticket.State.NEW, Ticket.State.OPEN, Ticket.State.WAITING_OTHER)


@dataclass(slots=True)
class Promises:
    """Rows of one ticket; `kind` of the standing one for the list."""

    rows: list[NextNews]
    kind: str = ""

    @property
    def standing(self) -> NextNews | None:
        return self.rows[-1] if self.rows and self.rows[-1].ended_at is None else None


def of(case: Case, ticket: Ticket, users: dict[str, User], shifts: Shifts) -> Promises:
    """Everything promised in this case, oldest first."""
    made = Promises([])
    for step in case.steps:
        if step.turn.kind == "клиент" and made.standing is None and case.state != Ticket.State.SPAM:
            _promise(made, ticket, step.at, shifts.after(step.at, ANSWER_WITHIN), kind=promising.ANSWER)
        elif step.turn.kind == "ответ":
            _end(made, step.at)
            if step.due_at:
                by = users[step.agent.key] if step.agent else None
                _promise(made, ticket, step.at, step.due_at, kind=promising.NEWS, by=by)
    last = case.steps[-1].at
    if case.state in ENDED or case.state == Ticket.State.WAITING_CLIENT:
        _end(made, last, outcome=Outcome.DROPPED)
    elif made.standing is None:
        _promise(made, ticket, last, shifts.after(last, ANSWER_WITHIN), kind=promising.NEWS)
    elif case.state == Ticket.State.WAITING_OTHER and made.standing.due_at < shifts.now:
        _move(made, ticket, users[case.owner.key] if case.owner else None, shifts)
    return made


def _promise(
    made: Promises, ticket: Ticket, at: datetime, due_at: datetime, *, kind: str, by: User | None = None
) -> None:
    made.rows.append(NextNews(ticket=ticket, due_at=due_at, made_at=at, made_by=by))
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
