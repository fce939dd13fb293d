"""Filling an empty database: indexes away, COPY by two processes, indexes back. The database remembers each step."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from bench.data import letters, tables
from bench.data.plan import Plan, Size, plan
from bench.data.vocabulary import vocabulary

PROCESSES = 2
# Foreign keys are checked by triggers; made rows keep them, and checking 30,000,000 would take longer than writing.
SESSION = """
    SET session_replication_role = replica;
    SET synchronous_commit = off;
    SET maintenance_work_mem = '1GB';
    SET work_mem = '256MB';
"""
REMEMBERED = """
    CREATE TABLE IF NOT EXISTS bench_done (step text PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS bench_index (name text PRIMARY KEY, sql text NOT NULL, of_table text NOT NULL);
    CREATE TABLE IF NOT EXISTS bench_until (until bigint NOT NULL);
"""
# of the tables that grow by the million; constraints and their indexes stay
INDEXES = """
    SELECT i.indexname, i.indexdef, i.tablename FROM pg_indexes i
     WHERE i.tablename = ANY('{desk_message,desk_recipient,desk_delivery,desk_ticket,desk_participant,desk_attachment,
         desk_note,desk_ticket_tags,journal_entry,promises_nextnews}')
       AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)
"""
# tables that got their ids by COPY
NUMBERED = (
    "staff_team", "accounts_user", "desk_tag", "clients_organisation", "clients_client", "clients_identity",
    "desk_ticket", "desk_message",
)  # fmt: skip


@dataclass(slots=True)
class Filling:
    """url: as the superuser; tell: a line of progress for people."""

    url: str
    size: Size
    tell: Callable[[str], None]

    def fill(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as database:
            database.execute(REMEMBERED)
            made = plan(self.size, self._until(database))
            words = vocabulary()
            self._once(database, "indexes away", _drop_indexes)
            for step in tables.before(made, words):
                self._once(database, step.name, step.do)
            self._letters(database, made)
            for step in tables.after():
                self._once(database, step.name, step.do)
            self._indexes_back(database)
            self._once(database, "sequences", _sequences)
            self._once(database, "followers", _followers)
            self.tell("VACUUM ANALYZE")
            database.execute("VACUUM (ANALYZE)")

    def _until(self, database: psycopg.Connection) -> int:
        """The moment at which the made world stands: a run that is continued stays at it."""
        row = database.execute("SELECT until FROM bench_until").fetchone()
        if row:
            return int(row[0])
        until = int(time.time())
        database.execute("INSERT INTO bench_until VALUES (%s)", [until])
        return until

    def _once(
        self, database: psycopg.Connection, name: str, do: Callable[[psycopg.Connection], None]
    ) -> None:
        if _is_done(database, name):
            return
        started = time.monotonic()
        with database.transaction():
            for statement in SESSION.split(";\n"):
                if statement.strip():
                    database.execute(statement)
            do(database)
            database.execute("INSERT INTO bench_done VALUES (%s)", [name])
        self.tell(f"{name}: {time.monotonic() - started:.0f} s")

    def _letters(self, database: psycopg.Connection, made: Plan) -> None:
        """By chunks of 50,000; each is a transaction of its own, so that a run may be stopped and continued."""
        begins = range(0, self.size.messages, letters.CHUNK)
        left = [one for one in begins if not _is_done(database, f"letters {one}")]
        if not left:
            return
        started = time.monotonic()
        _Worker.ready = _Worker(self.url, made)
        with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
            for number, _begin in enumerate(pool.imap(_copy_chunk, left), 1):
                rate = number * letters.CHUNK / (time.monotonic() - started)
                rest_s = (len(left) - number) * letters.CHUNK / rate
                self.tell(
                    f"messages: {number} of {len(left)} parts, {rate:,.0f} a second, {rest_s:.0f} s left"
                )

    def _indexes_back(self, database: psycopg.Connection) -> None:
        for name, sql in database.execute(
            "SELECT name, sql FROM bench_index ORDER BY of_table, name"
        ).fetchall():
            self._once(database, f"index {name}", tables.runs(sql))


class _Worker:
    """What the copying processes have from their parent."""

    ready: "_Worker"

    def __init__(self, url: str, made: Plan) -> None:
        self.url, self.plan, self.words = url, made, vocabulary()
        self.pool = letters.subjects(self.words)


def _copy_chunk(begin: int) -> int:
    work = _Worker.ready
    end = min(begin + letters.CHUNK, work.plan.size.messages)
    with psycopg.connect(work.url) as database:
        database.execute("SET session_replication_role = replica")
        with (
            database.cursor() as cursor,
            cursor.copy(f"COPY desk_message ({letters.COLUMNS}) FROM STDIN") as copy,
        ):
            for line in letters.lines(work.plan, begin, end, work.words, work.pool):
                copy.write(line)
        database.execute("INSERT INTO bench_done VALUES (%s)", [f"letters {begin}"])
    return begin


def _is_done(database: psycopg.Connection, name: str) -> bool:
    return bool(database.execute("SELECT 1 FROM bench_done WHERE step = %s", [name]).fetchone())


def _drop_indexes(database: psycopg.Connection) -> None:
    for name, sql, table in database.execute(INDEXES).fetchall():
        database.execute("INSERT INTO bench_index VALUES (%s, %s, %s)", [name, sql, table])
        database.execute(f'DROP INDEX "{name}"')


def _sequences(database: psycopg.Connection) -> None:
    for table in NUMBERED:
        database.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
        )
    database.execute("SELECT setval('otklik_ticket_number', (SELECT max(number) FROM desk_ticket))")


def _followers(database: psycopg.Connection) -> None:
    """Whoever reads the journal has read it: nothing is to be done for what was made."""
    database.execute("""INSERT INTO journal_follower (name, tx, entry_id) SELECT 'next news', tx, id FROM journal_entry
        ORDER BY tx DESC, id DESC LIMIT 1""")
