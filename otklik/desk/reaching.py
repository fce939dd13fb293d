"""Whether our last answer reached the client: a request whose answer got lost waits on us again (invariant 4).

Only the last answer counts, and of it only the line «Кому»: a copy that failed is shown in the thread, the person whom
we answered has heard us.
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from otklik.accounts.models import User
from otklik.desk.models import Delivery, Message, Recipient, Ticket
from otklik.desk.turns import REOPENED, turned_since
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journal.models import Entry

LOST = (Delivery.State.FAILED, Delivery.State.BOUNCED)
State = Ticket.State


def reopen_lost(message_ids: Collection[int], *, at: datetime) -> frozenset[int]:
    """Deliveries of these messages have failed: open the requests whose last answer is lost by that.

    The caller holds the transaction and the deliveries. Returns the lost answers of requests that are open now. What is
    closed for good, is spam, or was called solved by the client stays so.
    """
    missed = _missed(message_ids)
    of_missed = Ticket.objects.filter(messages__in=missed).values("pk")
    locked = Ticket.objects.select_for_update(of=("self",)).filter(pk__in=of_missed).order_by("pk")
    tickets = {ticket.pk: ticket for ticket in locked} if missed else {}
    lost = {pk: ticket for ticket, pk in _last_answers(tickets).items() if pk in missed}
    for message_id, ticket_id in lost.items():
        _reopen(tickets[ticket_id], message_id, at)
    return frozenset(pk for pk, ticket_id in lost.items() if tickets[ticket_id].is_open)


def take_back_reopening(message: Message, *, by: User, at: datetime) -> None:
    """A person sends a lost answer again: its request waits as it did, unless something was done or said since.

    The caller holds the transaction and the delivery.
    """
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=message.ticket_id)
    reopening = (
        Entry.objects.filter(ticket=ticket, word=REOPENED, facts__lost=message.pk).order_by("-pk").first()
    )
    if ticket.state != State.OPEN or reopening is None or _has_moved_on(ticket, reopening):
        return
    if _missed([message.pk]):
        return  # another of those addressed has not heard us yet
    ticket.state = State(reopening.facts["from"])
    ticket.unread = False
    ticket.save(update_fields=["state", "unread"])
    word = "ticket.solved" if ticket.state == State.SOLVED else "ticket.state"
    facts: dict[str, object] = {"from": State.OPEN, "to": ticket.state}
    journaling.write(Line(ticket.pk, word, at, teams=(ticket.team_id,), by=by, public=True, facts=facts))


def _missed(message_ids: Collection[int]) -> set[int]:
    """Answers to clients among these that did not reach somebody in «Кому»."""
    addressed = Recipient.objects.filter(
        message=OuterRef("message"), address=OuterRef("address"), line=Recipient.Line.TO
    )
    answers = _answers().filter(pk__in=message_ids).values("pk")
    rows = Delivery.objects.filter(Exists(addressed), message__in=answers, state__in=LOST)
    return set(rows.values_list("message_id", flat=True))


def _last_answers(ticket_ids: Collection[int]) -> dict[int, int]:
    """The last answer of each request."""
    rows = _answers().filter(ticket__in=ticket_ids).order_by("ticket_id", "-at", "-pk").distinct("ticket_id")
    return dict(rows.values_list("ticket_id", "pk"))


def _answers() -> QuerySet[Message]:
    return Message.objects.filter(
        direction=Message.Direction.OUT, circle=Message.Circle.CLIENT, kind=Message.Kind.WORDS
    )


def _reopen(ticket: Ticket, message_id: int, at: datetime) -> None:
    was = ticket.state
    if was not in (State.WAITING_CLIENT, State.SOLVED) or (
        was == State.SOLVED and _client_is_content(ticket)
    ):
        return
    ticket.state, ticket.unread = State.OPEN, True
    ticket.save(update_fields=["state", "unread"])
    facts: dict[str, object] = {"from": was, "to": State.OPEN, "lost": message_id}
    journaling.write(Line(ticket.pk, REOPENED, at, teams=(ticket.team_id,), public=True, facts=facts))


def _client_is_content(ticket: Ticket) -> bool:
    """Their own word on the page, whatever became of our letter."""
    solved = Entry.objects.filter(ticket=ticket, word="ticket.solved").order_by("-pk").first()
    return solved is not None and solved.actor == Entry.Actor.CLIENT


def _has_moved_on(ticket: Ticket, reopening: Entry) -> bool:
    """Something was done since, or somebody wrote to us: their words wait for us, whatever we send again."""
    words = Entry.objects.filter(ticket=ticket, word="message.received", facts__wakes=True)
    return turned_since(ticket.pk, reopening.pk) or words.filter(pk__gt=reopening.pk).exists()
