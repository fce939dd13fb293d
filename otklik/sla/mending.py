"""The sweep that proves invariant 4: each open request that waits on us has exactly one open next news.

That there is never a second one the database itself refuses (news_one_standing); a missing one is found here, promised,
and told to the operator, since it means that some deed forgot its line in the journal.
"""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import connection, transaction
from django.utils import timezone

from otklik.desk.models import Ticket
from otklik.promises import promising
from otklik.sla import following

log = structlog.get_logger(__name__)
BATCH = 500

# What the follower has not read yet is no breach; asked of the few that lack news, not of each request.
# Read by the doctor too.
BREACHES = """
    WITH missing AS MATERIALIZED (
        SELECT t.id, t.number FROM desk_ticket t
        WHERE t.state IN ('new', 'open', 'waiting_other')
          AND NOT EXISTS (SELECT 1 FROM promises_nextnews n WHERE n.ticket_id = t.id AND n.ended_at IS NULL)
    )
    SELECT id, number FROM missing
    WHERE NOT EXISTS (
        SELECT 1 FROM journal_entry e WHERE e.ticket_id = missing.id AND (e.tx, e.id) > (
          COALESCE((SELECT tx FROM journal_follower WHERE name = %(follower)s), '0'),
          COALESCE((SELECT entry_id FROM journal_follower WHERE name = %(follower)s), 0)))
    LIMIT %(most)s
"""


def mend(*, clock: Callable[[], datetime] = timezone.now) -> int:
    """One step of the loop: promise what is missing; returns how many were mended."""
    found = breaches()
    if not found:
        return 0
    at = clock()
    with transaction.atomic():
        waiting = Ticket.objects.filter(pk__in=found, state__in=following.WAITS_ON_US)
        locked = waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk")
        due_at = following.usual(at)
        mended = promising.open_many([(ticket.pk, due_at) for ticket in locked], at=at)
    if mended:
        numbers = sorted(found.values())[:20]
        log.error(
            "requests without next news", count=mended, numbers=numbers, remedy="promised anew; look at them"
        )
    return mended


def breaches() -> dict[int, int]:
    """Requests that wait on us with nothing promised: number by id, at most 500."""
    with connection.cursor() as cursor:
        cursor.execute(BREACHES, {"follower": following.FOLLOWER, "most": BATCH})
        return dict(cursor.fetchall())
