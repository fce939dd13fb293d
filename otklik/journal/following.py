"""Reading the journal in the order of its transactions, losing nothing.

Ids commit out of order, so a reader that remembers the last id skips what commits late. A follower goes by (tx, id) and
only below the snapshot's floor: whatever lies under it is finished for good (design §2).
"""

from collections.abc import Callable, Sequence

from django.db import transaction

from otklik.journal.models import Entry, Follower

_BELOW_THE_FLOOR = """
    SELECT id, tx::text AS tx, at, actor, user_id, ticket_id, word, facts, audience, public
    FROM journal_entry
    WHERE (tx, id) > (%s::xid8, %s) AND tx < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY tx, id LIMIT %s
"""


def follow(name: str, take: Callable[[Sequence[Entry]], None], *, limit: int = 500) -> int:
    """Give the next entries to `take` in one transaction with the remembered place; returns how many there were.

    Two processes may call it at once: the second waits for nothing and gets 0. What `take` raises undoes its step.
    """
    with transaction.atomic():
        follower = _mine(name)
        if follower is None:
            return 0
        entries = list(Entry.objects.raw(_BELOW_THE_FLOOR, [follower.tx, follower.entry_id, limit]))
        if entries:
            take(entries)
            last = entries[-1]
            Follower.objects.filter(pk=follower.pk).update(tx=last.tx, entry_id=last.pk)
    return len(entries)


def _mine(name: str) -> Follower | None:
    Follower.objects.get_or_create(name=name)
    return Follower.objects.select_for_update(skip_locked=True).filter(name=name).first()
