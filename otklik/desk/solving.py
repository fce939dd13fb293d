"""How a request ends, and how it comes back (R-A6, R-A7)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.clients import identifying
from otklik.clients.models import Identity
from otklik.desk.models import OPEN_STATES, Participant, Ticket
from otklik.errors import Refusal
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journal.models import Entry

State = Ticket.State


class NoResult(Refusal):
    code = "ticket.no_result"


class WrongState(Refusal):
    code = "ticket.wrong_state"


_WORDS = {State.SOLVED: "ticket.solved", State.CLOSED: "ticket.closed", State.SPAM: "ticket.spam"}


def set_state(ticket: Ticket, state: str, *, by: User | None, at: datetime) -> Ticket:
    """One of the open states. Ends have deeds of their own: solve, close, spam. Raises WrongState."""
    if state not in OPEN_STATES:
        raise WrongState(_("Так запрос не закрыть."), _("Нажмите «Закрыть…» и напишите, что сделали."))
    return _change(ticket, _Turn(state), by=by, at=at)


def solve(ticket: Ticket, *, result: str, by: User, at: datetime) -> Ticket:
    """Done, as far as we know; a word of the client reopens it. Raises NoResult without what was done (R-A6)."""
    if not result.strip():
        raise NoResult(
            _("Не хватает одной строки: что сделали для клиента."), _("Напишите её, и запрос закроется.")
        )
    return _change(ticket, _Turn(State.SOLVED, result=result), by=by, at=at)


def close(ticket: Ticket, *, by: User | None, at: datetime) -> Ticket:
    """For good: a later word opens a new request tied to this one."""
    return _change(ticket, _Turn(State.CLOSED), by=by, at=at)


def reopen(ticket: Ticket, *, by: User | None, at: datetime) -> Ticket:
    return _change(ticket, _Turn(State.OPEN, "ticket.reopened"), by=by, at=at)


def spam(ticket: Ticket, *, block: bool, by: User, at: datetime) -> Ticket:
    """Out of the queue; block: letters from its author are kept aside from now on."""
    with transaction.atomic():
        ticket = _change(ticket, _Turn(State.SPAM), by=by, at=at)
        if block:
            author = Participant.objects.filter(ticket=ticket, part=Participant.Part.REQUESTER)
            for one in author.select_related("identity"):
                identifying.block(one.identity, by=by, at=at)
    return ticket


def not_spam(ticket: Ticket, *, by: User, at: datetime) -> Ticket:
    """Back into the queue; its author is heard again."""
    with transaction.atomic():
        ticket = _change(ticket, _Turn(State.OPEN, "ticket.reopened"), by=by, at=at)
        for one in Participant.objects.filter(ticket=ticket, part="requester").select_related("identity"):
            identifying.unblock(one.identity, by=by, at=at)
    return ticket


def client_says_solved(ticket: Ticket, identity: Identity, *, at: datetime) -> Ticket:
    """The button on the client's page. What is ended already stays as it is."""
    if not ticket.is_open:
        return ticket
    return _change(ticket, _Turn(State.SOLVED, says=identity), by=None, at=at)


def client_says_not_solved(ticket: Ticket, identity: Identity, *, at: datetime) -> Ticket:
    if ticket.state != State.SOLVED:
        return ticket
    return _change(ticket, _Turn(State.OPEN, "ticket.reopened", says=identity), by=None, at=at)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A state with what is told of how it came: the word of the journal, what was done, the client who says so."""

    state: str
    word: str = ""
    result: str = ""
    says: Identity | None = None


def _change(ticket: Ticket, turn: _Turn, *, by: User | None, at: datetime) -> Ticket:
    """The one place where every end and return of a request is written."""
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        if ticket.state == turn.state:
            return ticket
        facts: dict[str, object] = {"from": ticket.state, "to": turn.state}
        if turn.says:
            facts["identity"] = turn.says.pk
        ticket.state, ticket.unread = turn.state, bool(turn.says)
        ticket.result = turn.result.strip()[:300] or ticket.result
        ticket.save(update_fields=["state", "unread", "result"])
        word = turn.word or _WORDS.get(State(turn.state), "ticket.state")
        actor = Entry.Actor.CLIENT if turn.says else Entry.Actor.SYSTEM
        teams = (ticket.team_id,)
        journaling.write(Line(ticket.pk, word, at, teams=teams, by=by, actor=actor, public=True, facts=facts))
    return ticket
