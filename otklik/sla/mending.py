"""The sweep that proves invariant 4: each open request that waits on us has exactly one open next news.

That there is never a second one the database itself refuses (news_one_standing); a missing one is found here, promised,
and told to the operator, since it means that some deed forgot its line in the journal. On its way the sweep brings
forward what was told for a later time than the clocks have it (hastening).
"""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import connection, transaction
from django.utils import timezone

from otklik.desk.models import Ticket
from otklik.promises import promising
from otklik.sla import following, hastening
from otklik.sla.telling import Book

log = structlog.get_logger(__name__)
BATCH = 500

ALL = 2**62
SLICE = 10_000  # requests that one step compares with the standing news, whatever they show
STEP_S = 300  # as often the loop comes (site/schedule.py): each time the next slice

# Cost follows what is missing, not what is open. A request that lost its news with the time that it shows stands in an
# index of its own (ticket_unpromised); that the shown time is true is proved slice by slice. What the follower has not
# read yet is no breach.
_BREACHES = """
    WITH missing AS MATERIALIZED (
        SELECT id, number FROM (
            SELECT id, number FROM desk_ticket
             WHERE state IN ('new', 'open', 'waiting_other') AND next_due_at IS NULL
            UNION
            SELECT id, number FROM desk_ticket
             WHERE state IN ('new', 'open', 'waiting_other')
               AND id >= %(since)s AND id < %(until)s
               AND NOT EXISTS (SELECT 1 FROM promises_nextnews n WHERE n.ticket_id = desk_ticket.id
                 AND n.ended_at IS NULL AND n.ticket_id >= %(since)s AND n.ticket_id < %(until)s)
        ) shown
        WHERE NOT EXISTS (SELECT 1 FROM promises_nextnews n WHERE n.ticket_id = shown.id AND n.ended_at IS NULL)
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
    at = clock()
    hastening.hasten(*_slice(at), at=at)
    found = breaches(at=at)
    if not found:
        return 0
    with transaction.atomic():
        waiting = Ticket.objects.filter(pk__in=found, state__in=following.WAITS_ON_US)
        locked = waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk")
        book, ids = Book(found), [ticket.pk for ticket in locked]
        pairs = [(pk, book.due(pk, promising.ANSWER, at=at)) for pk in ids]
        mended = promising.open_many(pairs, at=at, counted=True)
    if mended:
        numbers = sorted(found.values())[:20]
        log.error(
            "requests without next news", count=mended, numbers=numbers, remedy="promised anew; look at them"
        )
    return mended


def breaches(*, at: datetime | None = None) -> dict[int, int]:
    """Requests that wait on us with nothing promised: number by id, at most 500.

    at: the moment of a step, which looks at its slice only; None looks at all of them (the doctor).
    """
    since, until = _slice(at) if at else (0, ALL)
    values: dict[str, str | int] = {
        "follower": following.FOLLOWER, "most": BATCH, "since": since, "until": until
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BREACHES, values)
        return dict(cursor.fetchall())


def _slice(at: datetime) -> tuple[int, int]:
    """Ids from … to before …: by the clock, so that nobody need remember which one was the last. Ids begin with 1."""
    newest = Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 1
    since = int(at.timestamp()) // STEP_S % ((newest - 1) // SLICE + 1) * SLICE + 1
    return since, since + SLICE
