"""What the loops ask each time when every request of the database is open, a hundred of anything due or missing.

The rows stand in a schema of their own, in front of the real one, and go with the transaction: the product's own deeds
and statements meet them, the made database keeps as it was.
"""

import logging
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.db import connection, transaction
from django.utils import timezone

from bench import quiet
from otklik.channels.outbox import claiming
from otklik.sla import following, mending

DUE = 100
ROUNDS = 7
_TABLES = ("desk_ticket", "promises_nextnews", "desk_delivery")

# a clone of a table without the indexes of words, which no sweep reads
_CLONE = """
CREATE SCHEMA bench_open;
CREATE TABLE bench_open.desk_ticket (LIKE public.desk_ticket INCLUDING DEFAULTS INCLUDING IDENTITY);
CREATE TABLE bench_open.promises_nextnews (LIKE public.promises_nextnews INCLUDING DEFAULTS INCLUDING IDENTITY);
CREATE TABLE bench_open.desk_delivery (LIKE public.desk_delivery INCLUDING DEFAULTS INCLUDING IDENTITY);
SET LOCAL search_path = bench_open, public;
"""
_OPEN = """
INSERT INTO bench_open.desk_ticket ({columns}) OVERRIDING SYSTEM VALUE
SELECT {values} FROM public.desk_ticket
"""
# Nothing is updated afterwards: PostgreSQL would not use indexes made later in the same transaction.
# The first hundred have lost their news, the next hundred's is due, the rest lies ahead
_NEWS = """
INSERT INTO bench_open.promises_nextnews (ticket_id, due_at, made_at, outcome, reason, counted)
SELECT id, CASE WHEN place <= 2 * %(due)s THEN now() - interval '1 minute' ELSE now() + place * interval '1 second' END,
       now() - interval '1 day', '', '', true
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM bench_open.desk_ticket) t WHERE place > %(due)s
"""
_DELIVERIES = """
INSERT INTO bench_open.desk_delivery (message_id, address, state, attempts, next_at, reason, evidence, trace_id)
SELECT id, 'client@firm.example', 'waiting', 0,
       CASE WHEN place <= %(due)s THEN now() - interval '1 second' ELSE now() + interval '1 hour' END, '', '', ''
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM desk_message WHERE direction = 'out'
         LIMIT (SELECT count(*) FROM desk_ticket)) m
"""
_READ_ON = """
INSERT INTO journal_follower (name, tx, entry_id) SELECT %(follower)s, tx, id FROM journal_entry
 ORDER BY tx DESC, id DESC LIMIT 1 ON CONFLICT (name) DO UPDATE SET tx = EXCLUDED.tx, entry_id = EXCLUDED.entry_id
"""
# what a notice of delay will take: uses news_due
_DUE_NEWS = """
SELECT id, ticket_id FROM promises_nextnews WHERE ended_at IS NULL AND due_at <= now() ORDER BY due_at LIMIT 500
   FOR UPDATE SKIP LOCKED
"""


def figures() -> Iterator[tuple[str, float]]:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL)
    )  # stdout bears figures
    with all_open() as count:
        found = mending.breaches(at=timezone.now())
        assert len(found) == DUE, (len(found), count)
        yield "sweep of missing news, all open", median(lambda: mending.breaches(at=timezone.now()))
        yield "missing news promised anew, all open", median(lambda: undone(mending.mend))
        yield "sweep of due news, all open", median(lambda: undone(_due_news))
        yield "sweep of due letters, all waiting", median(lambda: undone(_claim))
        yield "every open request proved at once (doctor)", timed(mending.breaches)


@contextmanager
def all_open() -> Iterator[int]:
    """How many requests are open now; nothing of it stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLONE)
        cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = 'public.desk_ticket'::regclass AND attnum > 0"
                       " AND NOT attisdropped ORDER BY attnum")  # fmt: skip
        columns = [name for (name,) in cursor.fetchall()]
        lost = f"id IN (SELECT id FROM public.desk_ticket ORDER BY id LIMIT {DUE})"  # noqa: S608 - a number of ours
        changed = {
            "state": "'open'",
            "next_due_at": f"CASE WHEN {lost} THEN NULL ELSE now() + id * interval '1 second' END",
            "next_due_kind": f"CASE WHEN {lost} THEN '' ELSE 'answer' END",
        }
        values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
        cursor.execute(_OPEN.format(columns=", ".join(f'"{name}"' for name in columns), values=values))
        for statement in (_NEWS, _DELIVERIES):
            cursor.execute(statement, {"due": DUE})
        cursor.execute(_READ_ON, {"follower": following.FOLLOWER})
        _index(cursor.execute, cursor.fetchall)
        cursor.execute("SELECT count(*) FROM desk_ticket WHERE state = 'open'")
        yield cursor.fetchone()[0]
        transaction.set_rollback(True)


def _index(execute: Callable[..., object], rows: Callable[[], list[tuple[str]]]) -> None:
    for table in _TABLES:
        execute(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = %s AND indexdef NOT LIKE"
            " '%%USING gin%%'", [table],
        )  # fmt: skip
        for (definition,) in rows():
            execute(definition.replace(" ON public.", " ON bench_open."))
        execute(f"ANALYZE bench_open.{table}")


def _due_news() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DUE_NEWS)
        assert len(cursor.fetchall()) == DUE


def _claim() -> None:
    at = timezone.now() + timedelta(seconds=1)
    taken = [
        one
        for box in claiming.due_boxes(at)
        if box
        for one in claiming.claim(box, holder=1, at=at, limit=500)
    ]
    assert len(taken) == DUE, len(taken)


def undone(deed: Callable[[], object]) -> None:
    """Done and taken back, so that it can be done again."""
    with transaction.atomic():
        deed()
        transaction.set_rollback(True)


def median(deed: Callable[[], object]) -> float:
    deed()  # warm, as a loop meets it
    quiet.wait()
    return statistics.median(timed(deed) for _ in range(ROUNDS))


def timed(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return (time.perf_counter() - began) * 1000
