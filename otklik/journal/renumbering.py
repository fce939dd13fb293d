"""The journal in a database that counts transactions anew: after a restore, or a move to another server.

Readers go by (tx, id) below the snapshot's floor. Numbers out of the old server may lie above all of the new one's: the
entries would be seen by nobody for months, and new ones would sort before them. So numbers that lie too high are made
smaller, in their order, and each reader stays just where it was: nothing is skipped, nothing told twice.
"""

from django.db import connection, transaction

LAST_ID = 2**63 - 1

# what some reader has not read yet, by transaction: these must stay apart and in order
_UNREAD = """
    CREATE TEMPORARY TABLE renumbered ON COMMIT DROP AS
    SELECT tx AS was, (dense_rank() OVER (ORDER BY tx) + %(base)s)::text::xid8 AS now
    FROM (SELECT DISTINCT tx FROM journal_entry WHERE (tx, id) > (%(tx)s::xid8, %(id)s)) unread
"""
_COUNT = "SELECT count(DISTINCT tx) FROM journal_entry WHERE (tx, id) > (%(tx)s::xid8, %(id)s)"
_ENTRIES = """
    UPDATE journal_entry e SET tx = COALESCE((SELECT now FROM renumbered WHERE was = e.tx), %(base)s::text::xid8)
    WHERE e.tx >= %(base)s::text::xid8
"""
# A reader inside what is unread keeps its place there; one whose own transaction is gone, or was read by all, stands
# behind the whole of the one before.
_FOLLOWERS = """
    UPDATE journal_follower f SET
        tx = COALESCE((SELECT now FROM renumbered WHERE was <= f.tx ORDER BY was DESC LIMIT 1), %(base)s::text::xid8),
        entry_id = CASE WHEN EXISTS (SELECT 1 FROM renumbered WHERE was = f.tx) THEN f.entry_id ELSE %(last)s END
    WHERE f.tx >= %(base)s::text::xid8
"""
# in the server: a statement sent for each would take ten times as long
_STEPS = "DO $$ BEGIN FOR n IN 1..{:d} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"


def renumber() -> int:
    """Bring the numbers below those of this server; returns how many entries changed. Outside of transactions.

    Nobody else may work with the database meanwhile. Where there are more unread transactions than the server has
    counted so far, it is made to count on: some 100,000 a second.
    """
    unread = _unread()
    while (current := _count_on(0)) < unread + 2:
        _count_on(min(unread + 2 - current, 10_000))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        here = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT greatest((SELECT max(tx) FROM journal_entry), (SELECT max(tx) FROM journal_follower))::text"
        )
        highest = cursor.fetchone()[0]
        if highest is None or int(highest) < here:
            return 0
        tx, entry_id = _floor()
        cursor.execute(_UNREAD, {"base": here - 1 - unread, "tx": tx, "id": entry_id})
        cursor.execute("CREATE UNIQUE INDEX ON renumbered (was)")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_stays")
        cursor.execute(_ENTRIES, {"base": here - 1 - unread})
        changed: int = cursor.rowcount
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER journal_stays")
        cursor.execute(_FOLLOWERS, {"base": here - 1 - unread, "last": LAST_ID})
    return changed


def _floor() -> tuple[str, int]:
    """The place of the reader furthest behind; without readers the end: nobody waits for anything."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tx::text, entry_id FROM journal_follower ORDER BY tx, entry_id LIMIT 1")
        row = cursor.fetchone()
        if row is None:
            cursor.execute("SELECT tx::text, id FROM journal_entry ORDER BY tx DESC, id DESC LIMIT 1")
            row = cursor.fetchone()
    return (str(row[0]), int(row[1])) if row else ("0", 0)


def _unread() -> int:
    tx, entry_id = _floor()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"tx": tx, "id": entry_id})
        return int(cursor.fetchone()[0])


def _count_on(steps: int) -> int:
    """Use up so many transaction numbers; returns the last one."""
    with connection.cursor() as cursor:
        if steps:
            cursor.execute(_STEPS.format(steps))
        cursor.execute("SELECT pg_current_xact_id()::text")
        return int(cursor.fetchone()[0])
