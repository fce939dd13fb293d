"""What the outbox adds to a letter in trouble on the desk's page (slot «message.delivery»)."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import timezone

from otklik.accounts.models import User
from otklik.channels.outbox import queries
from otklik.desk.models import Delivery

_TROUBLE = (Delivery.State.UNKNOWN, Delivery.State.FAILED, Delivery.State.BOUNCED, Delivery.State.HELD)


def trouble(agent: User, message_ids: Sequence[int]) -> dict[int, str]:  # noqa: ARG001 - a slot's signature
    """HTML by message id, with one query: why, what to do, and the way to the deeds."""
    fates = queries.states(message_ids, at=timezone.now())
    bad = {pk: [one for one in rows if one.state in _TROUBLE] for pk, rows in fates.items()}
    return {pk: render_to_string("outbox/trouble.html", {"fates": rows}) for pk, rows in bad.items() if rows}
