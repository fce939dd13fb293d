"""Letters to our own people are rows that are owed: taken when due, tried again, done at last. Of three kinds alike."""

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from otklik.accounts.models import AccountLetter
from otklik.channels.outbox.claiming import PAUSES
from otklik.channels.outbox.rows import Alarm, StaffLetter
from otklik.channels.outbox.smtp import Answer, Verdict

Owed = TypeVar("Owed", Alarm, StaffLetter, AccountLetter)
BATCH = 20


def claim(rows: QuerySet[Owed], *, at: datetime) -> list[Owed]:
    """Those of `rows` that are due, at most BATCH: the try is counted and the next planned before anything is sent."""
    with transaction.atomic():
        due = rows.filter(done_at=None, next_at__lte=at).order_by("next_at")
        taken = list(due.select_for_update(of=("self",), skip_locked=True)[:BATCH])
        for row in taken:
            row.attempts += 1
            row.next_at = at + PAUSES[min(row.attempts, len(PAUSES)) - 1]
            row.save(update_fields=["attempts", "next_at"])
    return taken


def mark(row: Alarm | StaffLetter | AccountLetter, *, at: datetime) -> None:
    """Before the dot: done, so that a crash never makes a second letter."""
    type(row).objects.filter(pk=row.pk).update(done_at=at)


def put(row: Alarm | StaffLetter | AccountLetter, answer: Answer, *, at: datetime) -> None:
    """What came of a try: done, or once more at its next time."""
    given_up = answer.verdict == Verdict.FAILED or row.attempts > len(PAUSES)
    again = answer.verdict == Verdict.RETRY and not given_up
    fault = "" if answer.verdict == Verdict.SENT else answer.words[:1000]
    type(row).objects.filter(pk=row.pk).update(done_at=None if again else at, fault=fault)
