"""The bytes of letters go after a time that the company chose: what was made of them stays.

Only of letters whose end is settled, as a message or a decision. One that was not read, or could not be, keeps its
bytes whatever its age (invariant 1): «прочитать заново» must find them.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from otklik.channels.models import Envelope
from otklik.staff import queries as staff

BATCH = 500
SETTLED = (Envelope.State.DONE, Envelope.State.DECIDED)


def tick() -> int:
    """One step of the loop: letters trimmed."""
    return trim(at=timezone.now(), days=staff.company().raw_kept_days)


def trim(*, at: datetime, days: int) -> int:
    """Take the bytes of letters that were settled so many days ago, at most BATCH; 0 days: none ever.

    Uses index envelope_to_trim. Safe in two processes at once.
    """
    if not days:
        return 0
    old = Envelope.objects.filter(state__in=SETTLED, raw__isnull=False, done_at__lt=at - timedelta(days=days))
    ids = old.order_by("done_at").values_list("pk", flat=True)[:BATCH]
    return Envelope.objects.filter(pk__in=list(ids), state__in=SETTLED).update(raw=None)


def size_bytes() -> int:
    """How much the letters as they came take on the database's disk, with what was freed and not yet used again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('channels_envelope')")
        return int(cursor.fetchone()[0])
