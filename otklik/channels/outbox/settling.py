"""What became of letters nobody answered for: evidence first, then a person; never a second try by ourselves.

NotUnclear   the delivery is not (or no longer) one that a person may decide about
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.channels.outbox import claiming, holding
from otklik.desk import reaching
from otklik.desk.models import Delivery, Ticket
from otklik.errors import Stale
from otklik.jobs import wakeups
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.web.language import in_company_language

GRACE = timedelta(seconds=20)  # a sender that lost only the database may still write the server's answer
LONGEST = timedelta(minutes=15)  # no letter takes longer: whoever holds it then is stuck
ASK_AFTER = timedelta(minutes=10)
State = Delivery.State
_HEAD_BYTES = 64 * 1024
_NAMED = re.compile(rb"^X-Otklik-Delivery:[ \t]*((?:\d{1,18}[ \t\n]*)+)", re.IGNORECASE | re.MULTILINE)


class NotUnclear(Stale):
    code = "delivery.not_unclear"


def settle_abandoned(*, at: datetime) -> int:
    """Deliveries in `sending` whose sender is gone: without the mark of the dot they are tried again, else unknown."""
    with transaction.atomic():
        stuck = Delivery.objects.filter(state=State.SENDING).filter(
            ~Q(holder__in=holding.alive()) | Q(holder=None) | Q(began_at__lt=at - LONGEST)
        )
        ids = list(stuck.select_for_update(skip_locked=True).values_list("pk", flat=True)[:500])
        if not ids:
            return 0
        rows = Delivery.objects.filter(pk__in=ids, state=State.SENDING)
        again = rows.filter(dot_at=None).update(state=State.RETRY, next_at=at)
        seen = list(rows.filter(dot_at__isnull=False).exclude(evidence=""))
        rows.filter(pk__in=[one.pk for one in seen]).update(state=State.SENT, ended_at=at)
        unclear = rows.filter(dot_at__lt=at - GRACE, evidence="").update(state=State.UNKNOWN, ended_at=at)
        _tell(seen, "delivery.settled", at=at, by=None)
        if again:
            wakeups.tell("outbox")
    return again + len(seen) + unclear


def seen(message_id: str, *, at: datetime, delivery_ids: Sequence[int] = (), evidence: str = "") -> int:
    """A letter of ours was seen outside: its unclear deliveries are sent. Returns how many were settled.

    message_id: with or without <>. delivery_ids: from the letter's X-Otklik-Delivery; without them a message that left
    in several copies stays unclear, since the one copy seen says nothing of the others.
    """
    evidence = evidence or _("письмо видели в нашем ящике")
    with transaction.atomic():
        rows = Delivery.objects.select_for_update().filter(message__message_id=message_id.strip("<> "))
        whole = list(rows)
        if not delivery_ids and len(whole) > 1:
            return 0
        meant = [one for one in whole if not delivery_ids or one.pk in delivery_ids]
        # a copy may overtake the sender's own note: kept on the row, it decides if that note never comes
        early = [one.pk for one in meant if one.state == State.SENDING and one.dot_at]
        rows.filter(pk__in=early).update(evidence=evidence[:200])
        settled = [one for one in meant if one.state == State.UNKNOWN]
        for one in settled:
            one.state, one.evidence, one.ended_at = State.SENT, evidence[:200], at
            one.save(update_fields=["state", "evidence", "ended_at"])
        _tell(settled, "delivery.settled", at=at, by=None)
    return len(settled)


def deliveries_named_in(raw: bytes) -> list[int]:
    """Ids in X-Otklik-Delivery of a letter of ours that came back to us: which copy of the message this is."""
    head = raw[:_HEAD_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = _NAMED.search(head)
    return [int(one) for one in found[1].split()] if found else []


def ask(*, at: datetime) -> int:
    """Ask a person about what has been unclear for ten minutes: the request is unread, its thread asks."""
    with transaction.atomic():
        unclear = Delivery.objects.filter(
            state=State.UNKNOWN, asked_at=None, began_at__lt=at - ASK_AFTER
        )  # index delivery_unsettled
        rows = list(unclear.select_for_update(skip_locked=True)[:200])
        Delivery.objects.filter(pk__in=[one.pk for one in rows]).update(asked_at=at)
        Ticket.objects.filter(messages__deliveries__in=rows).update(unread=True)
        _tell(rows, "delivery.unknown", at=at, by=None)
    return len(rows)


def resend(delivery: Delivery, *, by: User, at: datetime) -> Delivery:
    """«Отправить ещё раз»: what is unclear, failed, or waits for its next try leaves now. Raises NotUnclear.

    A request that the failure opened again waits for the client as before.
    """
    with transaction.atomic():
        row = _locked(delivery, (State.UNKNOWN, State.FAILED, State.RETRY))
        row.state, row.settled_by, row.next_at = State.RETRY, by, at
        row.attempts, row.dot_at, row.ended_at, row.asked_at = 0, None, None, None
        row.save(
            update_fields=["state", "settled_by", "next_at", "attempts", "dot_at", "ended_at", "asked_at"]
        )
        _tell([row], "delivery.settled", at=at, by=by)
        reaching.take_back_reopening(row.message, by=by, at=at)
        wakeups.tell("outbox")
    return row


def count_as_sent(delivery: Delivery, *, by: User, at: datetime) -> Delivery:
    """«Считать отправленным»: a person knows that the letter came. Raises NotUnclear."""
    with transaction.atomic():
        row = _locked(delivery, (State.UNKNOWN,))
        row.state, row.settled_by, row.ended_at = State.SENT, by, at
        with in_company_language():
            row.evidence = _("%(name)s считает письмо отправленным") % {"name": by.name}
        row.save(update_fields=["state", "settled_by", "ended_at", "evidence"])
        _tell([row], "delivery.settled", at=at, by=by)
    return row


def _locked(delivery: Delivery, states: Iterable[str]) -> Delivery:
    row = Delivery.objects.select_for_update().filter(pk=delivery.pk, state__in=list(states)).first()
    if row is None:
        raise NotUnclear(
            _("Это письмо кто-то уже разобрал."), _("Обновите страницу: там видно, что с ним стало.")
        )
    return row


def _tell(rows: Sequence[Delivery], word: str, *, at: datetime, by: User | None) -> None:
    teams = claiming.ticket_teams([row.message_id for row in rows]) if rows else {}
    journaling.write_many(
        [
            Line(
                teams[row.message_id][0],
                word,
                at,
                teams=(teams[row.message_id][1],),
                by=by,
                facts={"message": row.message_id, "delivery": row.pk, "state": row.state},
            )
            for row in rows
        ]
    )
