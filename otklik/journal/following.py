"""Reading the journal in the order of its transactions, losing nothing.

Ids commit out of order, so a reader that remembers the last id skips what commits late. A follower goes by (tx, id) and
only below the snapshot's floor: whatever lies under it is finished for good (design §2).
"""

from collections.abc import Callable, Collection, Sequence

from django.db import connection, transaction

from otklik.journal.models import Entry, Follower

# one statement, one snapshot: the last entry comes along whatever its word, since the follower stands on it next
_BELOW_THE_FLOOR = """
    WITH below AS MATERIALIZED (
        SELECT id, tx, at, actor, user_id, ticket_id, word, facts, audience, public
        FROM journal_entry
        WHERE (tx, id) > (%s::xid8, %s) AND tx < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY tx, id LIMIT %s
    )
    SELECT id, tx::text AS tx, at, actor, user_id, ticket_id, word, facts, audience, public FROM below
    WHERE %s::text[] IS NULL OR word = ANY(%s::text[])
        OR (tx, id) = (SELECT tx, id FROM below ORDER BY tx DESC, id DESC LIMIT 1)
    ORDER BY below.tx, id
"""


def follow(
    name: str,
    take: Callable[[Sequence[Entry]], Entry | None],
    *,
    limit: int = 500,
    words: Collection[str] | None = None,
) -> int:
    """Give the next entries to `take` in one transaction with the remembered place; returns how many were read.

    words: the only ones that `take` wants; the others are passed over where they lie. Two processes may call it at
    once: the second waits for nothing and gets 0. What `take` raises undoes its step; a `take` whose time is over
    returns the last entry it took: those behind it come again.
    """
    wanted = None if words is None else sorted(words)
    with transaction.atomic():
        follower = _mine(name)
        if follower is None:
            return 0
        values = [follower.tx, follower.entry_id, limit, wanted, wanted]
        entries = list(Entry.objects.raw(_BELOW_THE_FLOOR, values))
        if entries:
            meant = [one for one in entries if words is None or one.word in words]
            last = (take(meant) if meant else None) or entries[-1]
            Follower.objects.filter(pk=follower.pk).update(tx=last.tx, entry_id=last.pk)
    return len(entries)


def begin(name: str) -> None:
    """A new follower reads from here on, not what was written before it was here. Nothing for one that has begun."""
    if Follower.objects.filter(name=name).exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        Follower.objects.get_or_create(name=name, defaults={"tx": cursor.fetchone()[0]})


def _mine(name: str) -> Follower | None:
    Follower.objects.get_or_create(name=name)
    return Follower.objects.select_for_update(skip_locked=True).filter(name=name).first()
