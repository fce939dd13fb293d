"""A box that may not send (it only observes, or is off): nothing of it leaves, and nobody is left guessing."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.channels.models import Box
from otklik.channels.outbox import claiming
from otklik.channels.outbox.composing import AUTOMATIC
from otklik.desk.models import Delivery

State = Delivery.State


def quiet(box: Box, *, at: datetime) -> int:
    """End what waits in this box: people's letters come back to them with the reason, automatic ones just end.

    The desk refuses answers from such a box before they are queued; these were queued before it was switched.
    """
    words = {
        Box.Mode.OBSERVE: _("Ящик %s только читает письма. Включите ответы: Настройки → Почта."),
        Box.Mode.OFF: _("Ящик %s не работает. Включите его: Настройки → Почта."),
    }[Box.Mode(box.mode)] % box.address
    with transaction.atomic():
        due = Delivery.objects.filter(
            state__in=[State.WAITING, State.RETRY], next_at__lte=at, message__box=box
        )
        rows = list(due.select_related("message").select_for_update(of=("self",), skip_locked=True)[:100])
        for row in rows:
            row.state, row.reason, row.ended_at = State.FAILED, words, at
            row.save(update_fields=["state", "reason", "ended_at"])
        claiming.tell([row for row in rows if row.message.kind not in AUTOMATIC], at=at)
    return len(rows)
