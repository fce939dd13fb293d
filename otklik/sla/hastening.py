"""What clients were told by their agreements is never later than the clocks that judge us (R-D4).

Deeds on one request are followed at once (sla/following.py). Here stands what concerns thousands of them: hours that
changed, and a cover that came between a letter and its first bond. What a person or a letter has told stays as it was
told.
"""

from datetime import datetime

from django.db import transaction

from otklik import rows
from otklik.promises import promising
from otklik.sla.telling import Book

# a clock that is late already hastens nothing. Uses clock_once, news_one_standing.
_LATER = """
    SELECT DISTINCT c.ticket_id FROM sla_clock c
      JOIN promises_nextnews n ON n.ticket_id = c.ticket_id AND n.ended_at IS NULL AND n.counted
     WHERE c.ticket_id >= %(since)s AND c.ticket_id < %(until)s AND c.state = 'running'
       AND c.kind IN ('response', 'next_reply', 'news') AND c.due_at < n.due_at AND c.due_at > %(at)s
     ORDER BY c.ticket_id LIMIT 500
"""


def hasten(since: int, until: int, *, at: datetime) -> int:
    """Of requests with ids from … to before …: how many hear of us earlier now."""
    found = [pk for (pk,) in rows.ask(_LATER, {"since": since, "until": until, "at": at})]
    if not found:
        return 0
    with transaction.atomic():
        promising.lock(found)
        book = Book(found)
        soon = {pk: book.clock(pk, at=at) for pk in found}
        return promising.hasten({pk: due for pk, due in soon.items() if due is not None}, at=at)
