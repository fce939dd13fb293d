"""The steps of a delivery, each one committed statement: taken, about to send the dot, answered.

Every step after the first is conditional on still holding the delivery, so two senders never act for one letter.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from otklik.channels.outbox.smtp import Answer, Fenced, Verdict
from otklik.desk import reaching
from otklik.desk.models import Delivery, Ticket
from otklik.journal import journaling
from otklik.journal.journaling import Line

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
State = Delivery.State

_CLAIM = """
    WITH due AS (
        SELECT d.id FROM desk_delivery d JOIN desk_message m ON m.id = d.message_id
        WHERE d.state IN ('waiting', 'retry') AND d.next_at <= %(at)s AND m.box_id = %(box)s
        ORDER BY d.next_at, d.id LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE desk_delivery d SET state = 'sending', attempts = d.attempts + 1, began_at = %(at)s, holder = %(holder)s,
        dot_at = NULL, next_at = NULL
    FROM due WHERE d.id = due.id
    RETURNING d.id
"""
_DUE_BOXES = """
    SELECT m.box_id, min(d.next_at) FROM desk_delivery d JOIN desk_message m ON m.id = d.message_id
    WHERE d.state IN ('waiting', 'retry') AND d.next_at <= %s GROUP BY m.box_id ORDER BY 2
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one delivery."""

    delivery: Delivery
    answer: Answer


def due_boxes(at: datetime) -> list[int | None]:
    """Boxes with something to send now, the longest waiting first; None stands for letters of a box that is gone."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE_BOXES, [at])
        return [row[0] for row in cursor.fetchall()]


def next_due() -> datetime | None:
    """When the next delivery falls due. Uses index delivery_due."""
    due = Delivery.objects.filter(state__in=[State.WAITING, State.RETRY]).order_by("next_at")
    return due.values_list("next_at", flat=True).first()


def claim(box_id: int, *, holder: int, at: datetime, limit: int) -> list[Delivery]:
    """Take what is due of a box: `sending` is committed when this returns. Others skip what we lock."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"box": box_id, "holder": holder, "at": at, "limit": limit})
        ids = [row[0] for row in cursor.fetchall()]
    return list(Delivery.objects.filter(pk__in=ids).order_by("message_id", "pk")) if ids else []


def mark_dot(deliveries: Sequence[Delivery], *, holder: int, at: datetime) -> None:
    """Commit that the next byte may make the letter leave. Raises Fenced when it is no longer ours to send."""
    with transaction.atomic():
        mine = Delivery.objects.filter(
            pk__in=[one.pk for one in deliveries], state=State.SENDING, holder=holder, dot_at=None
        )
        if mine.update(dot_at=at) != len(deliveries):
            raise Fenced("taken over by another sender")


def answered(results: Sequence[Result], *, holder: int, at: datetime) -> None:
    """Write verdicts with their lines in the journal. What somebody else has settled meanwhile stays settled."""
    with transaction.atomic():
        locked = Delivery.objects.select_for_update().in_bulk([one.delivery.pk for one in results])
        done: list[tuple[Delivery, str]] = []
        for result in results:
            row = locked.get(result.delivery.pk)
            if row is not None and _ours(row, result, holder):
                done.append((_changed(row, result.answer, at), result.answer.words))
        tell([row for row, _words in done], at=at)


def _ours(row: Delivery, result: Result, holder: int) -> bool:
    if row.state == State.SENDING:
        return row.holder == holder and row.attempts == result.delivery.attempts
    # others gave us up for dead after the dot, and then the server's word came after all
    return row.state == State.UNKNOWN and row.holder == holder and result.answer.verdict == Verdict.SENT


def _changed(row: Delivery, answer: Answer, at: datetime) -> Delivery:
    row.state, row.reason = answer.verdict, answer.words[:1000]
    row.ended_at = at
    if answer.verdict == Verdict.RETRY:
        row.dot_at = None  # the server said that it did not take the letter
        later = _later(row.attempts, at)
        if later is None:
            row.state = State.FAILED
        else:
            row.next_at, row.ended_at = later, None
    elif answer.verdict == Verdict.SENT:
        row.reason = ""
    elif answer.verdict == Verdict.UNKNOWN and row.evidence:
        row.state = State.SENT  # a copy of it has been seen already
    row.save(update_fields=["state", "reason", "ended_at", "next_at", "dot_at"])
    return row


def _later(attempts: int, at: datetime) -> datetime | None:
    """When to try again, a fifth around the stated pause; None after the last one."""
    if attempts > len(PAUSES):
        return None
    return at + PAUSES[attempts - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, no secret


_WORDS = {
    State.SENT: "delivery.sent",
    State.FAILED: "delivery.failed",
    State.HELD: "delivery.held",
    State.BOUNCED: "delivery.bounced",
}


def tell(rows: Sequence[Delivery], *, at: datetime, facts: Mapping[str, object] | None = None) -> None:
    """Journal lines of states that people see; what failed or came back makes its request unread.

    A last answer that did not reach the client opens its request again, and its lines say `lost`.
    """
    spoken = [row for row in rows if row.state in _WORDS]
    if not spoken:
        return
    teams = ticket_teams([row.message_id for row in spoken])
    bad = {row.message_id for row in spoken if row.state in reaching.LOST}
    if bad:
        Ticket.objects.filter(pk__in={teams[one][0] for one in bad}).update(unread=True)
    lost = reaching.reopen_lost(bad, at=at) if bad else frozenset()
    journaling.write_many(
        [
            Line(
                teams[row.message_id][0],
                _WORDS[State(row.state)],
                at,
                teams=(teams[row.message_id][1],),
                facts={
                    "message": row.message_id,
                    "delivery": row.pk,
                    **({"lost": True} if row.message_id in lost and row.state in reaching.LOST else {}),
                    **(facts or {}),
                },
            )
            for row in spoken
        ]
    )


def ticket_teams(message_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Ticket and team of each message."""
    rows = Ticket.objects.filter(messages__in=message_ids)
    return {
        message: (ticket, team) for message, ticket, team in rows.values_list("messages", "pk", "team_id")
    }


def fail_boxless(*, at: datetime) -> int:
    """Letters whose box somebody has removed: they cannot leave, and their authors must know."""
    words = _("Ящика, из которого писали, больше нет. Выберите другой адрес в поле «От» и напишите снова.")
    with transaction.atomic():
        due = Delivery.objects.filter(
            state__in=[State.WAITING, State.RETRY], next_at__lte=at, message__box=None
        )
        rows = list(due.select_for_update(of=("self",), skip_locked=True)[:100])
        for row in rows:
            _changed(row, Answer(Verdict.FAILED, words), at)
        tell(rows, at=at)
    return len(rows)
