"""Which request a letter continues (notes §1.8): signed address, then what it answers, then a number in the subject.

The number alone ties only somebody who takes part in that request: else anybody could write into any of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from otklik.channels.intake.posting import Post
from otklik.clients.models import Identity
from otklik.desk import queries
from otklik.desk.models import Message, Participant, Ticket

RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Tie:
    """ticket: the request it continues; when that is closed, desk.receiving finds or begins the one it goes on in.

    mentions: one whose number a stranger named. vendor: not for the client.
    """

    ticket: Ticket | None = None
    mentions: Ticket | None = None
    vendor: bool = False


@dataclass(slots=True)
class _Known:
    """All rows that a wave of letters may lead to."""

    by_number: dict[int, Ticket] = field(default_factory=dict)
    by_message: dict[str, tuple[int, str]] = field(default_factory=dict)  # id → ticket and circle
    tickets: dict[int, Ticket] = field(default_factory=dict)
    parts: dict[tuple[int, int], str] = field(default_factory=dict)  # ticket and identity → part


def ties(posts: Sequence[Post], senders: Sequence[Identity], *, at: datetime) -> list[Tie]:
    """A tie for each letter, in order; the number of queries does not grow with theirs."""
    known = _load(posts, senders)
    return [_tie(post, sender, known, at) for post, sender in zip(posts, senders, strict=True)]


def _tie(post: Post, sender: Identity, known: _Known, at: datetime) -> Tie:
    for number in post.plus_numbers:
        if number in known.by_number:
            ticket = known.by_number[number]
            part = known.parts.get((ticket.pk, sender.pk))
            return Tie(ticket, vendor=_is_vendor(part, asked=post.at_vendors_address))
    for message_id in post.references:
        if message_id in known.by_message:
            ticket_id, circle = known.by_message[message_id]
            part = known.parts.get((ticket_id, sender.pk))
            asked = circle == Message.Circle.VENDOR
            return Tie(known.tickets[ticket_id], vendor=_is_vendor(part, asked=asked))
    return _by_subject(post, sender, known) or _after_ours(post, sender, at) or Tie()


def _is_vendor(part: str | None, *, asked: bool) -> bool:
    """A colleague of the vendor, whom nobody asked, answers what was asked in the vendor's circle too."""
    return part == Participant.Part.VENDOR or (part is None and asked)


def _by_subject(post: Post, sender: Identity, known: _Known) -> Tie | None:
    named = [known.by_number[number] for number in post.subject_numbers if number in known.by_number]
    for ticket in named:
        part = known.parts.get((ticket.pk, sender.pk))
        if part is not None or ticket.client_id == sender.client_id:  # or another address of the same client
            return Tie(ticket, vendor=part == Participant.Part.VENDOR)
    return Tie(mentions=named[0]) if named else None


def _after_ours(post: Post, sender: Identity, at: datetime) -> Tie | None:
    """An answering machine that quotes no id: it answers what we wrote to this person last."""
    if post.kind != Message.Kind.AUTO:
        return None
    ours = Message.objects.filter(
        direction=Message.Direction.OUT, at__gt=at - RECENT, ticket__participants__identity=sender
    )
    last = ours.order_by("-at").select_related("ticket").first()
    return Tie(last.ticket, vendor=last.circle == Message.Circle.VENDOR) if last else None


def _load(posts: Sequence[Post], senders: Sequence[Identity]) -> _Known:
    known = _Known()
    wanted = {message_id for post in posts for message_id in post.references}
    if wanted:
        rows = queries.of_ids(wanted).order_by("pk")
        known.by_message = {
            message_id: (ticket_id, circle)
            for message_id, ticket_id, circle in rows.values_list("message_id", "ticket_id", "circle")
        }
    numbers = {number for post in posts for number in (*post.plus_numbers, *post.subject_numbers)}
    ids = {ticket_id for ticket_id, _circle in known.by_message.values()}
    if numbers:
        known.by_number = {ticket.number: ticket for ticket in Ticket.objects.filter(number__in=numbers)}
    known.tickets = {ticket.pk: ticket for ticket in known.by_number.values()}
    if ids - known.tickets.keys():
        known.tickets |= Ticket.objects.in_bulk(ids - known.tickets.keys())
    if known.tickets:
        people = Participant.objects.filter(
            ticket__in=known.tickets, identity__in={sender.pk for sender in senders}
        )
        known.parts = {
            (ticket_id, identity_id): part
            for ticket_id, identity_id, part in people.values_list("ticket_id", "identity_id", "part")
        }
    return known
