"""Our letters in the Sent folder of servers that do not put them there themselves: people look there."""

import contextlib
import imaplib
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from procrastinate import RetryStrategy

from otklik.channels.email import imap
from otklik.channels.models import Box
from otklik.channels.outbox import composing, evidence, settling
from otklik.desk.models import Delivery
from otklik.jobs.queue import app


def wants_copies(box: Box) -> bool:
    """A server with a Sent folder that stays empty unless we fill it."""
    return box.kind == Box.Kind.IMAP and bool(box.sent_folder) and not box.keeps_sent


@app.task(queue="letters", retry=RetryStrategy(max_attempts=5, exponential_wait=20))
def keep_in_sent(delivery_ids: list[int], trace_id: str = "") -> None:  # noqa: ARG001 - jobs.queue reads the trace
    """Deferred when the server took the letter. A letter without its copy is no fault: five tries, then none."""
    keep(delivery_ids, at=timezone.now())


def keep(delivery_ids: Sequence[int], *, at: datetime) -> bool:
    """Lay one copy of a message into Sent; False when it lies there already or the box wants none.

    delivery_ids: those of one copy. Goes to the network. Raises OSError, imaplib.IMAP4.error, NoCredentials.
    """
    deliveries = list(Delivery.objects.filter(pk__in=delivery_ids))
    if not deliveries:
        return False
    batch = composing.load([deliveries[0].message_id], at=at)
    message = batch.messages[deliveries[0].message_id]
    if message.box is None or not wants_copies(message.box):
        return False
    copy = composing.copies(batch, message, deliveries)[0]
    return _lay(message.box, message.message_id, composing.compose(batch, message, copy))


def _lay(box: Box, message_id: str, raw: bytes) -> bool:
    mailbox = imap.connect(box)
    try:
        line = imap.sign_in(mailbox, box)
        line.open(box.sent_folder)
        named = settling.deliveries_named_in(raw)
        if any(settling.deliveries_named_in(one) == named for one in evidence.heads(line, message_id)):
            return False
        mailbox.append(raw, box.sent_folder, dt=None, flag_set=["\\Seen"])
        return True
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            mailbox.client.shutdown()
