"""Rows of automatic letters: a message with its recipient, its delivery and its count, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from otklik import rows, tracing
from otklik.channels.outbox import claiming
from otklik.channels.outbox.automatic import Fate, Wish
from otklik.channels.outbox.rows import AutomaticLetter
from otklik.clients.identifying import domain_of, normal
from otklik.desk import replying
from otklik.desk.answers import MOST_REFERENCES
from otklik.desk.models import Delivery, Message, Recipient, Ticket
from otklik.jobs import wakeups
from otklik.journeys.models import Letter


@dataclass(frozen=True, slots=True)
class Plan:
    """One automatic letter. answers: the message it replies to; page_letter: the client's page owes it.

    counted: against the letters that come after it (automatic.judge).
    """

    wish: Wish
    fate: Fate
    ticket: Ticket
    kind: str  # Message.Kind
    name: str
    subject: str
    text: str
    answers: Message | None = None
    page_letter: Letter | None = None
    counted: bool = True


def make(plans: Sequence[Plan], *, author: str, at: datetime) -> list[Message]:
    """The caller holds the transaction. Skipped plans make nothing; held ones wait for a person. Five queries."""
    plans = [plan for plan in plans if plan.fate != Fate.SKIP]
    if not plans:
        return []
    messages = rows.create([_message(plan, author, at) for plan in plans])
    pairs = list(zip(plans, messages, strict=True))
    rows.create(
        [
            Recipient(message=message, line=Recipient.Line.TO, address=plan.wish.address, name=plan.name)
            for plan, message in pairs
        ]
    )
    deliveries = rows.create([_delivery(plan, message, at) for plan, message in pairs])
    rows.create(
        [
            AutomaticLetter(
                message=message,
                box=plan.wish.box,
                address=normal(plan.wish.address),
                at=at,
                counted=plan.counted,
                page_letter=plan.page_letter,
            )
            for plan, message in pairs
        ]
    )
    claiming.tell([one for one in deliveries if one.state == Delivery.State.HELD], at=at)
    wakeups.tell("outbox")
    return messages


def _delivery(plan: Plan, message: Message, at: datetime) -> Delivery:
    made = Delivery(message=message, address=plan.wish.address, next_at=at, trace_id=tracing.current())
    if plan.fate == Fate.HOLD:
        made.state, made.next_at, made.reason = Delivery.State.HELD, None, plan.wish.box.fuse_reason
    return made


def _message(plan: Plan, author: str, at: datetime) -> Message:
    answers = plan.answers
    chain = [*answers.references.split(), answers.message_id] if answers and answers.message_id else []
    return Message(
        ticket=plan.ticket,
        direction=Message.Direction.OUT,
        kind=plan.kind,
        channel="email",
        box=plan.wish.box,
        author_name=author,
        at=at,
        subject=plan.subject[:1000],
        text=plan.text,
        reply_text=plan.text,
        message_id=replying.new_message_id(plan.ticket, domain_of(plan.wish.box.address)),
        in_reply_to=answers.message_id if answers else "",
        references=" ".join(chain[-MOST_REFERENCES:]),
        answers=answers,
        send_after=at,
    )
