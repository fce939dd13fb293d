"""Which envelopes are read now: in batches, by several processes at once, a poisonous one alone (invariant 1).

The attempt is committed before the reading begins. So a letter that kills its process shows itself: after two
attempts it is read alone, after six it is not read any more and becomes a visible fault.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from otklik import rows
from otklik.channels.models import Envelope

MOST_LETTERS = 200
MOST_BYTES = 16 * 2**20
# Whoever took letters and said nothing for so long is dead. A batch renews its lease as it goes (renew).
LEASE = timedelta(seconds=20)
ALONE_AFTER = 2
# A reading that kills its child is known by the sandbox at once. This is for letters that seem to kill the whole
# process: killed from outside ten times in a batch's neighbourhood, healthy letters reached three (bench/chaos.py).
FAULT_AFTER = 6

# the first letter always fits, whatever its size
_TAKE = """
    WITH free AS (
        SELECT id, size_bytes FROM channels_envelope
        WHERE state = 'new' AND (taken_at IS NULL OR taken_at < %(dead)s) AND {attempts}
        ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ), fitting AS (
        SELECT id FROM (SELECT id, sum(size_bytes) OVER (ORDER BY id) - size_bytes AS before FROM free) sizes
        WHERE before < %(bytes)s
    )
    UPDATE channels_envelope SET attempts = attempts + 1, taken_at = %(at)s
    WHERE id IN (SELECT id FROM fitting) RETURNING {columns}
"""


def take(*, at: datetime, limit: int = MOST_LETTERS) -> list[Envelope]:
    """The next batch in the order of arrival, its attempt committed. A suspect comes alone, after all the healthy."""
    return _taken(f"attempts < {ALONE_AFTER}", at, limit) or _taken(f"attempts >= {ALONE_AFTER}", at, 1)


def _taken(attempts: str, at: datetime, limit: int) -> list[Envelope]:
    names = [field.attname for field in Envelope._meta.concrete_fields]  # noqa: SLF001 - a documented name of Django
    values: dict[str, datetime | int] = {"dead": at - LEASE, "at": at, "limit": limit, "bytes": MOST_BYTES}
    with rows.binary_cursor() as cursor:  # the letters come as bytes, not as text twice their size
        cursor.execute(_TAKE.format(attempts=attempts, columns=", ".join(names)), values)
        taken = [Envelope.from_db(connection.alias, names, row) for row in cursor.fetchall()]
    return sorted(taken, key=lambda envelope: envelope.pk)


def renew(envelopes: Sequence[Envelope], *, at: datetime) -> None:
    """We live and still hold these."""
    _still_new(envelopes).update(taken_at=at)


def give_back(envelopes: Sequence[Envelope]) -> None:
    """Not their fault: the disk is full, say. The attempt doesn't count."""
    for attempts in {envelope.attempts for envelope in envelopes}:
        same = [envelope for envelope in envelopes if envelope.attempts == attempts]
        _still_new(same).update(taken_at=None, attempts=max(0, attempts - 1))


def is_worn_out(envelope: Envelope) -> bool:
    """Six readings ended with the death of the process: no further one."""
    return envelope.attempts > FAULT_AFTER


def _still_new(envelopes: Sequence[Envelope]) -> QuerySet[Envelope]:
    return Envelope.objects.filter(pk__in=[one.pk for one in envelopes], state=Envelope.State.NEW)
