"""What a client of the example has in their mail already: their letters as they came to us, ours as they left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from otklik.channels.models import Envelope
from otklik.channels.outbox import composing
from otklik.clients.identifying import normal
from otklik.clients.models import Identity
from otklik.desk.models import Delivery, Message, Ticket
from otklik.site.practice import mailbox
from otklik.site.practice.mailbox import Filed

LEFT = (Delivery.State.SENT, Delivery.State.DELIVERED)
MOST_TICKETS = 12


def make(address: str, *, at: datetime) -> None:
    """Fill the mailbox of a known client, once."""
    identity = Identity.objects.filter(kind=Identity.Kind.EMAIL, value=normal(address)).first()
    if identity is None or mailbox.has_past(address):
        return
    recent = Ticket.objects.filter(participants__identity=identity).exclude(participants__part="vendor")
    ids = list(recent.order_by("-last_message_at").values_list("pk", flat=True)[:MOST_TICKETS])
    mailbox.keep_past(address, [*_sent(identity, ids), *_came(identity, ids, at)])


def _sent(identity: Identity, ticket_ids: list[int]) -> Iterator[Filed]:
    rows = Envelope.objects.filter(message__ticket__in=ticket_ids, message__identity=identity)
    for raw, at in rows.values_list("raw", "message__at"):
        if raw and at:
            yield Filed(bytes(raw), came=False, at=at)


def _came(identity: Identity, ticket_ids: list[int], at: datetime) -> Iterator[Filed]:
    deliveries = Delivery.objects.filter(
        message__ticket__in=ticket_ids,
        address__iexact=identity.value,
        state__in=LEFT,
        message__box__isnull=False,
    )
    by_message: dict[int, list[Delivery]] = {}
    for one in deliveries.filter(message__circle=Message.Circle.CLIENT).order_by("message_id"):
        by_message.setdefault(one.message_id, []).append(one)
    batch = composing.load(list(by_message), at=at)
    for pk, rows in by_message.items():
        message = batch.messages[pk]
        for copy in composing.copies(batch, message, rows):
            yield Filed(composing.compose(batch, message, copy), came=True, at=message.at)
