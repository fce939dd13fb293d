"""A solved request in which we have promised something comes back to its owner before that is due (R-D3).

It stands in no list meanwhile, so nobody would see the time pass.
"""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from otklik.desk import solving
from otklik.desk.models import Ticket
from otklik.promises import promising

BEFORE = "4 hours"  # of a promise for sooner half of its time
BATCH = 100

# Once for each promise: news of a request is promised when it opens, so news that is younger than the moment says that
# its people have had it before their eyes since. Uses promise_due: open ones, due soon or not ended in time.
_DUE = """
    SELECT t.id, min(p.due_at) FROM promises_promise p JOIN desk_ticket t ON t.id = p.ticket_id
     CROSS JOIN LATERAL (SELECT p.due_at - least(%(before)s::interval, (p.due_at - p.made_at) / 2) AS at) back
     WHERE p.ended_at IS NULL AND p.due_at <= %(at)s + %(before)s::interval AND t.state = 'solved'
       AND back.at <= %(at)s
       AND NOT EXISTS (SELECT 1 FROM promises_nextnews n WHERE n.ticket_id = t.id AND n.made_at >= back.at)
     GROUP BY t.id ORDER BY 2 LIMIT %(batch)s
"""


def tick() -> int:
    """One step of the loop: requests that came back."""
    return bring_back(at=timezone.now())


def bring_back(*, at: datetime) -> int:
    """Open again what is due now; until then the client hears of us by the time that was promised."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"at": at, "before": BEFORE, "batch": BATCH})
        due = dict(cursor.fetchall())
    return sum(_bring_back(ticket_id, due_at, at) for ticket_id, due_at in sorted(due.items()))


def _bring_back(ticket_id: int, due_at: datetime, at: datetime) -> bool:
    with transaction.atomic():
        solved = Ticket.objects.select_for_update(of=("self",)).filter(
            pk=ticket_id, state=Ticket.State.SOLVED
        )
        ticket = solved.first()
        if ticket is None:
            return False
        solving.reopen(ticket, by=None, at=at)
        promising.open_many([(ticket_id, due_at)], at=at, kind=promising.NEWS)
    return True
