"""What comes from outside becomes a request or continues one (R-A1, R-A2, invariant 1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from otklik import rows
from otklik.clients.models import Identity
from otklik.desk import continuing, files
from otklik.desk.continuing import ENDED_FOR_GOOD, Late
from otklik.desk.files import File
from otklik.desk.models import (
    CLOSED_STATES,
    Attachment,
    Message,
    Participant,
    Recipient,
    Relation,
    Ticket,
)
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journal.models import Entry

NO_SUBJECT = "Без темы"


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a letter's To or Cc line."""

    line: str  # Recipient.Line
    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message from outside, understood and threaded, its files in the store already.

    ticket: the request it continues, None for a new one. copies: other people in copy, who become participants.
    mentions: a request whose number a stranger named. history: old mail at the first contact with a box.
    """

    box_id: int | None
    team_id: int
    channel: str
    sender: Identity
    text: str
    reply_text: str
    ticket: Ticket | None = None
    author_name: str = ""
    subject: str = ""
    html: str = ""
    quoted_text: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: str = ""
    said_at: datetime | None = None
    recipients: tuple[Address, ...] = ()
    copies: tuple[Identity, ...] = ()
    files: tuple[File, ...] = ()
    odd: tuple[str, ...] = ()
    kind: str = Message.Kind.WORDS
    circle: str = Message.Circle.CLIENT
    history: bool = False
    confirmed: bool = True
    spam: bool = False
    mentions: Ticket | None = None

    @property
    def wakes(self) -> bool:
        """Whether a person's words came that somebody must answer now."""
        return self.kind == Message.Kind.WORDS and not self.history and not self.spam

    @property
    def begins_anew(self) -> bool:
        """Whether it wakes what has ended for good."""
        return self.wakes and self.ticket is not None and self.ticket.state in ENDED_FOR_GOOD


class FirstAnswers(Protocol):
    """By when the clients of new requests, not saved yet, hear of us; asked once for all of a batch (sla.telling)."""

    def __call__(self, tickets: Sequence[Ticket], /, *, at: datetime) -> Sequence[datetime]: ...


def receive(
    arrivals: Sequence[Arrival], *, at: datetime, first_answers: FirstAnswers | None = None
) -> list[Message]:
    """Rows for all of them, in their order, with a number of queries that does not grow with theirs.

    The caller holds the transaction. A word to a solved request reopens it; to a closed one or to spam it opens a new
    request tied to the old, where further ones of the same client go on (continuing). Automatic answers and history
    neither reopen nor wake anybody. `opens` of a message tells whether it opened its request.

    first_answers: what new requests show that their clients are told; the caller promises it (promising.open_fresh).
    Without it the loop of the next news tells them.
    """
    arrivals = _on_true_tickets(arrivals)
    askers = _askers(arrivals)
    arrivals = _gone_on(arrivals, askers)
    before = {arrival.ticket.pk: arrival.ticket.state for arrival in arrivals if arrival.ticket}
    arrivals, tickets = _with_tickets(arrivals, askers, at)
    _save_new(arrivals, tickets, at, first_answers)
    messages = rows.create(
        [_message(arrival, ticket, at) for arrival, ticket in zip(arrivals, tickets, strict=True)]
    )
    for arrival, ticket, message in zip(arrivals, tickets, messages, strict=True):
        message.opens = ticket is not arrival.ticket
    _add_people(arrivals, tickets, messages, askers, at)
    _add_files(arrivals, messages, at)
    _continue(arrivals, tickets, at)
    journaling.write_many(
        [
            line
            for arrival, ticket, message in zip(arrivals, tickets, messages, strict=True)
            for line in _lines(arrival, ticket, message, before.get(ticket.pk, ""))
        ]
    )
    return messages


def _on_true_tickets(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """The arrivals on locked rows, one object a request. In the order of ids, so two batches never wait in a ring."""
    wanted = {arrival.ticket.pk for arrival in arrivals if arrival.ticket}
    locked = Ticket.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    true = {ticket.pk: ticket for ticket in locked} if wanted else {}
    return [
        replace(arrival, ticket=true.get(arrival.ticket.pk)) if arrival.ticket else arrival
        for arrival in arrivals
    ]


def _askers(arrivals: Sequence[Arrival]) -> dict[int, Identity]:
    """Who asks in the closed requests that a vendor has a late word to."""
    of_vendors = {
        one.ticket.pk
        for one in arrivals
        if one.ticket and one.begins_anew and one.circle == Message.Circle.VENDOR
    }
    asked = Participant.objects.filter(ticket__in=of_vendors, part=Participant.Part.REQUESTER)
    known = asked.select_related("identity__client") if of_vendors else ()
    return {one.ticket_id: one.identity for one in known}


def _asker(arrival: Arrival, askers: Mapping[int, Identity]) -> Identity:
    """Who asks in the request that it opens: its writer; where that is a vendor, whoever asked in the former one."""
    if arrival.ticket and arrival.circle == Message.Circle.VENDOR:
        return askers.get(arrival.ticket.pk, arrival.sender)
    return arrival.sender


def _late(arrival: Arrival, askers: Mapping[int, Identity]) -> Late | None:
    if arrival.ticket and arrival.begins_anew:
        return arrival.ticket.pk, _asker(arrival, askers).client_id
    return None


def _gone_on(arrivals: Sequence[Arrival], askers: Mapping[int, Identity]) -> Sequence[Arrival]:
    """Late words on the requests that earlier ones of the same client have begun; one object a request still."""
    late = {one for arrival in arrivals if (one := _late(arrival, askers))}
    found = continuing.successors(late)
    if not found:
        return arrivals
    true = {arrival.ticket.pk: arrival.ticket for arrival in arrivals if arrival.ticket}
    onward = {one: true.setdefault(ticket.pk, ticket) for one, ticket in found.items()}
    senders = {arrival.sender.pk for arrival in arrivals}
    people = Participant.objects.filter(ticket__in=list(onward.values()), identity__in=senders)
    parts = {(ticket, one): part for ticket, one, part in people.values_list("ticket", "identity", "part")}
    return [
        _moved(arrival, onward[one], parts) if (one := _late(arrival, askers)) in onward else arrival
        for arrival in arrivals
    ]


def _moved(arrival: Arrival, ticket: Ticket, parts: Mapping[tuple[int, int], str]) -> Arrival:
    """In the circle of its writer there; who takes no part there yet stays in that of the former request."""
    part = parts.get((ticket.pk, arrival.sender.pk))
    circle = arrival.circle
    if part is not None:
        circle = Message.Circle.VENDOR if part == Participant.Part.VENDOR else Message.Circle.CLIENT
    return replace(arrival, ticket=ticket, circle=circle)


def _with_tickets(
    arrivals: Sequence[Arrival], askers: Mapping[int, Identity], at: datetime
) -> tuple[list[Arrival], list[Ticket]]:
    """The arrivals with the request of each: the one it continues, or a new one, which later ones then continue.

    New ones are not saved yet.
    """
    begun: dict[Late, Ticket] = {}
    settled, tickets = [], []
    for arrival in arrivals:
        late = _late(arrival, askers)
        known = begun.get(late) if late else arrival.ticket
        ticket = known or _ticket(arrival, askers, at)
        if late:
            begun[late] = ticket
        settled.append(replace(arrival, ticket=known) if late and known else arrival)
        tickets.append(ticket)
    return settled, tickets


def _save_new(
    arrivals: Sequence[Arrival], tickets: Sequence[Ticket], at: datetime, first_answers: FirstAnswers | None
) -> None:
    new = [(one, ticket) for one, ticket in zip(arrivals, tickets, strict=True) if ticket is not one.ticket]
    asked = [ticket for one, ticket in new if one.wakes]
    if asked and first_answers:
        for ticket, due_at in zip(asked, first_answers(asked, at=at), strict=True):
            ticket.next_due_at, ticket.next_due_kind = due_at, "answer"
    rows.create([ticket for _one, ticket in new])
    rows.create(
        [
            Relation(ticket=ticket, other=other, kind=kind, at=at)
            for arrival, ticket in zip(arrivals, tickets, strict=True)
            for other, kind in _relatives(arrival)
            if other.pk != ticket.pk
        ],
        ignore_conflicts=True,
    )


def _relatives(arrival: Arrival) -> list[tuple[Ticket, str]]:
    kin: list[tuple[Ticket, str]] = []
    if arrival.ticket and arrival.begins_anew:
        kin.append((arrival.ticket, Relation.Kind.CONTINUES))
    if arrival.mentions:
        kin.append((arrival.mentions, Relation.Kind.MENTIONS))
    return kin


def _ticket(arrival: Arrival, askers: Mapping[int, Identity], at: datetime) -> Ticket:
    """A new request, of whoever asks in it: a stranger's word to a closed one makes nothing of its client's."""
    former, asker = arrival.ticket, _asker(arrival, askers)
    came = _came(arrival, at)
    return Ticket(
        subject=(arrival.subject.strip() or words_of(arrival.reply_text, 80) or NO_SUBJECT)[:500],
        client_id=asker.client_id,
        organisation_id=asker.client.organisation_id,
        channel=arrival.channel,
        box_id=arrival.box_id,
        team_id=former.team_id if former else arrival.team_id,
        state=_first_state(arrival),
        created_at=came,
        last_words=words_of(arrival.reply_text),
        last_message_at=came,
        unread=arrival.wakes,
    )


def _first_state(arrival: Arrival) -> str:
    if arrival.spam:
        return Ticket.State.SPAM
    return Ticket.State.CLOSED if arrival.history else Ticket.State.NEW


def _came(arrival: Arrival, at: datetime) -> datetime:
    """History is ordered by the letters' own dates; what comes now came now, whatever the letter claims."""
    if arrival.history and arrival.said_at and arrival.said_at < at:
        return arrival.said_at
    return at


def _message(arrival: Arrival, ticket: Ticket, at: datetime) -> Message:
    return Message(
        ticket=ticket,
        direction=Message.Direction.IN,
        circle=arrival.circle,
        kind=arrival.kind,
        channel=arrival.channel,
        box_id=arrival.box_id,
        identity=arrival.sender,
        author_name=(arrival.author_name or arrival.sender.name)[:500],
        confirmed=arrival.confirmed,
        at=_came(arrival, at),
        said_at=arrival.said_at,
        subject=arrival.subject[:1000],
        text=arrival.text,
        html=arrival.html,
        reply_text=arrival.reply_text,
        quoted_text=arrival.quoted_text,
        message_id=arrival.message_id[:1000],
        in_reply_to=arrival.in_reply_to[:1000],
        references=arrival.references,
        odd=list(arrival.odd),
    )


def _add_people(
    arrivals: Sequence[Arrival],
    tickets: Sequence[Ticket],
    messages: Sequence[Message],
    askers: Mapping[int, Identity],
    at: datetime,
) -> None:
    recipients = []
    people = [
        Participant(
            ticket=ticket, identity=_asker(arrival, askers), part=Participant.Part.REQUESTER, since=at
        )
        for arrival, ticket in zip(arrivals, tickets, strict=True)
        if ticket is not arrival.ticket
    ]
    known = {(one.ticket_id, one.identity_id) for one in people}
    for arrival, ticket, message in zip(arrivals, tickets, messages, strict=True):
        # those whom a vendor puts in copy are the vendor's people: the client's letters are not for them
        part = Participant.Part.VENDOR if arrival.circle == Message.Circle.VENDOR else Participant.Part.COPY
        for one in (arrival.sender, *arrival.copies):
            if (ticket.pk, one.pk) not in known:
                known.add((ticket.pk, one.pk))
                people.append(Participant(ticket=ticket, identity=one, part=part, since=at))
        recipients += [
            Recipient(message=message, line=one.line, address=one.address[:320], name=one.name[:500])
            for one in {one.address: one for one in arrival.recipients}.values()
        ]
    rows.create(people, ignore_conflicts=True)
    rows.create(recipients)


def _add_files(arrivals: Sequence[Arrival], messages: Sequence[Message], at: datetime) -> None:
    files.rows((file for arrival in arrivals for file in arrival.files), at=at)
    rows.create(
        [
            Attachment(
                message=message, file_id=file.sha256, name=file.name[:255], type=file.type[:120],
                content_id=file.content_id[:500], inline=file.inline,
            )
            for arrival, message in zip(arrivals, messages, strict=True)
            for file in arrival.files
        ]
    )  # fmt: skip


def _continue(arrivals: Sequence[Arrival], tickets: Sequence[Ticket], at: datetime) -> None:
    """What the list shows of requests that go on; a person's word reopens a solved or waiting one."""
    changed: dict[int, Ticket] = {}
    for arrival, ticket in zip(arrivals, tickets, strict=True):
        if ticket is not arrival.ticket:
            continue
        came = _came(arrival, at)
        if arrival.wakes:
            ticket.unread = True
            ticket.state = _woken(ticket, arrival)
        if came >= ticket.last_message_at and arrival.kind == Message.Kind.WORDS:
            ticket.last_message_at, ticket.last_by = came, Ticket.Last.CLIENT
            ticket.last_words = words_of(arrival.reply_text)
        changed[ticket.pk] = ticket
    fields = ["unread", "state", "last_message_at", "last_by", "last_words"]
    if changed:
        Ticket.objects.bulk_update([changed[pk] for pk in sorted(changed)], fields)


def _woken(ticket: Ticket, arrival: Arrival) -> str:
    waited_for = (
        Ticket.State.WAITING_OTHER if arrival.circle == Message.Circle.VENDOR else Ticket.State.WAITING_CLIENT
    )
    if ticket.state == waited_for or ticket.state in CLOSED_STATES:
        return Ticket.State.OPEN
    return ticket.state


def _lines(arrival: Arrival, ticket: Ticket, message: Message, before: str) -> list[Line]:
    words = ["message.received"]
    if ticket is not arrival.ticket:
        words.insert(0, "ticket.opened")
    elif before == Ticket.State.SOLVED and ticket.state == Ticket.State.OPEN:
        words.append("ticket.reopened")
    facts: dict[str, object] = {
        "message": message.pk,
        "kind": arrival.kind,
        "circle": arrival.circle,
        "wakes": arrival.wakes,
    }
    public = arrival.circle == Message.Circle.CLIENT and not arrival.spam
    client = Entry.Actor.CLIENT
    return [
        Line(ticket.pk, word, message.at, teams=(ticket.team_id,), actor=client, public=public, facts=facts)
        for word in words
    ]


def words_of(text: str, limit: int = 160) -> str:
    """The first words in one line, for the list."""
    line = " ".join(text[: limit * 4].split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
