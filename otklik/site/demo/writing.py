"""Cases to rows, all at once and in their final state: no deed can write the past, and nothing here may leave again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from otklik.channels.outbox import acknowledging
from otklik.clients.models import Identity
from otklik.desk.models import Delivery, Draft, Message, Note, Ticket
from otklik.desk.receiving import words_of
from otklik.site.demo import agreed, house, letters, news
from otklik.site.demo.agreed import Agreed
from otklik.site.demo.casting import Case, Step
from otklik.site.demo.house import House
from otklik.site.demo.letters import Came
from otklik.site.demo.news import Promises
from otklik.site.demo.shifts import Shifts
from otklik.staff.models import Company

SECOND = timedelta(seconds=1)
CLIENT, VENDOR = Message.Circle.CLIENT, Message.Circle.VENDOR
State = Delivery.State


@dataclass(slots=True)
class Done:
    """One thing that happened in a case, with its row. deliveries: of an outgoing message."""

    step: Step | None
    at: datetime
    message: Message | None = None
    note: Note | None = None
    draft: Draft | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    came: Came | None = None


@dataclass(slots=True)
class Written:
    """A case with its rows, not saved yet except the ticket."""

    case: Case
    ticket: Ticket
    promises: Promises
    done: list[Done] = field(default_factory=list)

    def heard(self, circle: str) -> list[Message]:
        return [one.message for one in self.done if one.message and one.message.circle == circle]


@dataclass(frozen=True, slots=True)
class Desk:
    """What all cases share."""

    house: House
    shifts: Shifts
    agreed: Agreed
    company: Company
    vendors: dict[str, Identity]
    identities: dict[str, Identity]  # of all clients, by address


def tickets(cases: Sequence[Case], desk: Desk) -> list[Written]:
    """Save the tickets with what the list shows of them; the rest follows in `rows`."""
    made = [_ticket(case, desk) for case in cases]
    promises = [
        news.of(case, ticket, desk.house.users, desk.agreed, desk.shifts)
        for case, ticket in zip(cases, made, strict=True)
    ]
    for ticket, promised in zip(made, promises, strict=True):
        if promised.standing:
            ticket.next_due_at, ticket.next_due_kind = promised.standing.due_at, promised.kind
    Ticket.objects.bulk_create(made)
    numbers = dict(Ticket.objects.values_list("pk", "number"))
    for ticket in made:
        ticket.number = numbers[ticket.pk]
    return [
        Written(case, ticket, promised) for case, ticket, promised in zip(cases, made, promises, strict=True)
    ]


def _ticket(case: Case, desk: Desk) -> Ticket:
    said = [step for step in case.steps if step.turn.kind in {"клиент", "ответ"}]
    last = said[-1]
    seen_by_us = case.state not in (Ticket.State.NEW, Ticket.State.OPEN) or last.turn.is_ours
    return Ticket(
        subject=case.subject[:500],
        client=case.guest.client,
        organisation=case.guest.client.organisation,
        channel="email",
        box=desk.house.boxes[case.box],
        team=desk.house.teams[case.level],
        owner=desk.house.users[case.owner.key] if case.owner else None,
        state=case.state,
        priority=agreed.priority_of(case.talk.options),
        result=_result(case) if case.state in (Ticket.State.SOLVED, Ticket.State.CLOSED) else "",
        created_at=case.steps[0].at,
        last_words=words_of(last.text),
        last_message_at=last.at,
        last_by=Ticket.Last.AGENT if last.turn.is_ours else Ticket.Last.CLIENT,
        unread=_in_trouble(case) or (not seen_by_us and (case.state == Ticket.State.NEW or _often(case))),
    )


def _result(case: Case) -> str:
    result = case.talk.options.get("итог", "")
    for name, value in case.slots.items():
        result = result.replace(f"{{{name}}}", value)
    return result[:300]


def _in_trouble(case: Case) -> bool:
    """A letter of ours came back, failed or may not have left: somebody has to look."""
    return any(
        word in step.turn.options for step in case.steps for word in ("вернулось", "не ушло", "неясно")
    )


def _often(case: Case) -> bool:
    """Two of three that wait for an answer nobody has opened yet."""
    return int(hashlib.sha256(case.subject.encode()).hexdigest(), 16) % 3 > 0


def rows(written: Sequence[Written], desk: Desk) -> None:
    """Fill `done` of each with messages, notes and deliveries in the order of time."""
    for one in written:
        for step in one.case.steps:
            one.done.append(_WRITERS[step.turn.kind](one, step, desk))
            if len(one.done) == 1 and one.case.state != Ticket.State.SPAM:
                one.done.append(_acknowledgement(one, desk))


def _client(one: Written, step: Step, desk: Desk) -> Done:
    copies = [
        desk.identities[key.strip()] for key in step.turn.options.get("копия", "").split(",") if key.strip()
    ]
    came = letters.from_client(one.case, step, one.heard(CLIENT), copies)
    return Done(step, step.at, message=_incoming(one, step, came, CLIENT), came=came)


def _vendor(one: Written, step: Step, desk: Desk) -> Done:
    before = one.heard(VENDOR)
    asked = next(item for item in reversed(one.done) if item.message is before[-1])
    vendor = desk.vendors[asked.deliveries[0].address]
    came = letters.from_vendor(one.case, step, before, vendor)
    return Done(step, step.at, message=_incoming(one, step, came, VENDOR), came=came)


def _incoming(one: Written, step: Step, came: Came, circle: str) -> Message:
    letter = came.letter
    return Message(
        ticket=one.ticket,
        direction=Message.Direction.IN,
        circle=circle,
        channel="email",
        box=one.ticket.box,
        identity=came.identity,
        author_name=letter.from_name[:500],
        at=step.at,
        said_at=letter.date,
        subject=letter.subject[:1000],
        text=letter.text,
        html=letter.html or "",
        reply_text=letter.reply_text,
        quoted_text=letter.quoted_text,
        message_id=letter.message_id.strip("<>"),
        in_reply_to=letter.in_reply_to.strip("<>"),
        references=" ".join(reference.strip("<>") for reference in letter.references),
        odd=list(letter.warnings),
    )


def _answer(one: Written, step: Step, desk: Desk) -> Done:
    heard = [item.came for item in one.done if item.came and item.message and item.message.circle == CLIENT]
    address = heard[-1].identity.shown if heard else one.case.guest.identities[0].shown
    return _outgoing(one, step, address, CLIENT, desk)


def _asked(one: Written, step: Step, desk: Desk) -> Done:
    return _outgoing(one, step, step.turn.options["кому"], VENDOR, desk)


def _outgoing(one: Written, step: Step, address: str, circle: str, desk: Desk) -> Done:
    assert step.agent is not None  # noqa: S101 - every turn of ours has one
    user = desk.house.users[step.agent.key]
    message = _message_out(one, step.at, step.text, circle)
    message.user, message.author_name, message.send_after = user, user.name, step.at + 10 * SECOND
    return Done(step, step.at, message=message, deliveries=[_delivery(message, address, step)])


def _message_out(one: Written, at: datetime, text: str, circle: str) -> Message:
    before = one.heard(circle)
    seed = f"{one.case.talk.key} {one.ticket.number} {len(one.done)}"
    return Message(
        ticket=one.ticket,
        direction=Message.Direction.OUT,
        circle=circle,
        channel="email",
        box=one.ticket.box,
        at=at,
        subject=acknowledging.subject(one.case.subject) if before else one.case.subject,
        text=text,
        reply_text=text,
        message_id=f"t.{one.ticket.number}.m.{hashlib.sha256(seed.encode()).hexdigest()[:20]}@{house.DOMAIN}",
        in_reply_to=before[-1].message_id if before else "",
        references=" ".join(message.message_id for message in before[-20:]),
        send_after=at,
    )


def _delivery(message: Message, address: str, step: Step | None) -> Delivery:
    """How it fared: nearly always it simply left."""
    began = (message.send_after or message.at) + SECOND
    row = Delivery(
        message=message, address=address, attempts=1, began_at=began, dot_at=began, ended_at=began + SECOND
    )
    row.state = State.SENT
    options = step.turn.options if step else {}
    if "вернулось" in options:
        row.state, row.reason, row.ended_at = State.BOUNCED, options["вернулось"], began + 40 * SECOND
    elif "не ушло" in options:
        row.state, row.reason, row.dot_at = State.FAILED, options["не ушло"], None
    elif "неясно" in options:
        row.state, row.reason, row.asked_at = State.UNKNOWN, options["неясно"], began + timedelta(minutes=10)
    return row


def _note(one: Written, step: Step, desk: Desk) -> Done:
    assert step.agent is not None  # noqa: S101 - every turn of ours has one
    text = f"Что уже пробовали: {step.text}" if step.turn.kind == "передать" else step.text
    note = Note(ticket=one.ticket, user=desk.house.users[step.agent.key], at=step.at, text=text)
    return Done(step, step.at, note=note)


def _acknowledgement(one: Written, desk: Desk) -> Done:
    """The automatic letter that the outbox would have made."""
    first = one.done[0]
    assert first.came is not None  # noqa: S101 - a case begins with a client's letter
    at = first.at + 2 * SECOND
    due_at = one.promises.rows[0].due_at if one.promises.rows else None
    team = desk.house.teams[house.BOXES[one.case.box]]
    text = acknowledging.words(one.ticket, team, due_at, desk.company, at=at)
    message = _message_out(one, at, text, CLIENT)
    message.kind, message.author_name = Message.Kind.ACK, desk.company.name
    return Done(None, at, message=message, deliveries=[_delivery(message, first.came.identity.shown, None)])


def _draft(one: Written, step: Step, desk: Desk) -> Done:
    assert step.agent is not None  # noqa: S101 - every turn of ours has one
    address = one.case.guest.identities[0].shown
    draft = Draft(
        user=desk.house.users[step.agent.key], ticket=one.ticket, mode=Draft.Mode.REPLY, text=step.text,
        to=[address], box=one.ticket.box, saved_at=step.at,
    )  # fmt: skip
    return Done(step, step.at, draft=draft)


_WRITERS: dict[str, Callable[[Written, Step, Desk], Done]] = {
    "клиент": _client, "ответ": _answer, "заметка": _note, "черновик": _draft, "передать": _note, "поставщику": _asked,
    "поставщик": _vendor,
}  # fmt: skip
