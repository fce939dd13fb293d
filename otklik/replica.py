"""Reads that may lag go to a streaming replica, where there is one that is near enough (design §9).

A thread of the process measures the replica once a second: how far it has replayed, and how old that is. Inside
`lagging()` the router and connection() lead to it; web/lagging.py decides for whom. Writes always go to the primary.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

import psycopg
import structlog
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DEFAULT_DB_ALIAS

from otklik.env import env

ALIAS = "replica"
LAG_LIMIT_S = 5.0  # a replica that is further behind is not asked
EVERY_S = 1.0
STALE_S = 3.0  # a measure that is older tells nothing: whoever should answer it may hang
CONNECT_LIMIT_S = 2
# a machine that lost its power says nothing: seconds until the kernel gives it up
PATIENCE = {"connect_timeout": CONNECT_LIMIT_S, "tcp_user_timeout": 3000, "keepalives_idle": 5}
_LSN = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")
_ALIAS: ContextVar[str] = ContextVar("the database of reads that may lag", default=DEFAULT_DB_ALIAS)
# the same database of the same cluster: another one's rows must not be shown
WHOSE = (
    "(SELECT system_identifier FROM pg_control_system()),"
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)
log = structlog.get_logger()


def lsn(text: str) -> int | None:
    """A place in PostgreSQL's log out of «16/B374D848»; None when it isn't one."""
    if not _LSN.fullmatch(text):
        return None
    high, low = text.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def connection() -> BaseDatabaseWrapper:
    """Where this read goes: the primary, inside lagging() the replica. For SQL written by hand."""
    return connections[_ALIAS.get()]


@contextmanager
def lagging() -> Iterator[None]:
    """Reads inside go to the replica. Whoever calls it has asked standing() first."""
    token = _ALIAS.set(ALIAS)
    try:
        yield
    finally:
        _ALIAS.reset(token)


class Router:
    """Django's router: reads inside lagging() from the replica, all else from the primary."""

    def db_for_read(self, _model: type[models.Model], **_hints: object) -> str:
        return _ALIAS.get()

    def db_for_write(self, _model: type[models.Model], **_hints: object) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, _one: models.Model, _other: models.Model, **_hints: object) -> bool:
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: object) -> bool:
        return db == DEFAULT_DB_ALIAS


@dataclass(frozen=True, slots=True)
class Standing:
    """What was measured last. replayed: the replica has everything up to it; lag_s: so old is what it lacks."""

    replayed: int = 0
    lag_s: float | None = None  # None: not known, or it is away
    at: float = 0.0  # monotonic

    def is_near(self, now: float) -> bool:
        return self.lag_s is not None and self.lag_s <= LAG_LIMIT_S and now - self.at <= STALE_S


class Gauge:
    """How old the replica's state is: the last moment at which the primary's log ended where it has come by now.

    By places in the log, not by pg_last_xact_replay_timestamp(): that grows while nobody writes, and says nothing of
    a replica whose line to the primary is cut. Moments are monotonic seconds.
    """

    def __init__(self) -> None:
        self._ends: deque[tuple[float, int]] = deque(maxlen=120)

    def standing(self, at: float, written: int, replayed: int) -> Standing:
        """written: where the primary's log ended at `at`; replayed: where the replica was right after."""
        self._ends.append((at, written))
        reached = [moment for moment, end in self._ends if end <= replayed]
        while reached and self._ends[0][0] < reached[-1]:
            self._ends.popleft()
        return Standing(replayed, at - reached[-1] if reached else None, at)


class Watcher:
    """The thread that measures; one a process, begun by the first reader who asks."""

    def __init__(self, primary: str, replica: str) -> None:
        self._primary, self._replica = primary, replica
        self._standing = Standing()
        self._told = ""
        self._begun = threading.Lock()
        self._thread: threading.Thread | None = None

    def standing(self) -> Standing:
        with self._begun:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="replica", daemon=True)
                self._thread.start()
        return self._standing

    def doubt(self, cause: str) -> None:
        """A read failed there: nobody else goes until it was measured again."""
        self._standing = Standing()
        self._tell("replica is away", cause=cause)

    def _run(self) -> None:
        while True:
            try:
                self._measure()
            except (psycopg.Error, _Foreign) as fault:
                self.doubt(str(fault).strip().split("\n", 1)[0])
            time.sleep(EVERY_S)

    def _measure(self) -> None:
        """Until one of the two goes away. Raises psycopg.Error, _Foreign."""
        with closing(_dial(self._primary)) as primary, closing(_dial(self._replica)) as replica:
            if _row(primary, f"SELECT {WHOSE}") != _row(replica, f"SELECT {WHOSE}"):
                raise _Foreign("it is a copy of another database")
            gauge = Gauge()
            while True:
                at = time.monotonic()
                (written,) = _row(primary, "SELECT pg_current_wal_flush_lsn()::text")
                is_replica, replayed = _row(
                    replica, "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn()::text"
                )
                if not is_replica:
                    raise _Foreign("it is no replica, it takes writes of its own")
                self._standing = gauge.standing(at, lsn(str(written)) or 0, lsn(str(replayed)) or 0)
                self._tell_lag(self._standing.lag_s)
                time.sleep(EVERY_S)

    def _tell_lag(self, lag_s: float | None) -> None:
        if lag_s is not None and lag_s <= LAG_LIMIT_S:
            self._tell("")
        elif lag_s is not None or self._told:  # the first measure of a busy primary is one behind
            self._tell("replica is late", lag_s=lag_s and round(lag_s, 1))

    def _tell(self, event: str, **more: object) -> None:
        """One line when it changes."""
        if event == self._told:
            return
        if event:
            log.warning(event, remedy="all is read from the primary; see otklik doctor", **more)
        else:
            log.info("replica is near again")
        self._told = event


class _Foreign(Exception):
    """What answers at the replica's address is none of ours."""


def _dial(url: str) -> psycopg.Connection[tuple[object, ...]]:
    address = psycopg.conninfo.make_conninfo(url, application_name="otklik gauge", **PATIENCE)
    return psycopg.connect(address, autocommit=True, prepare_threshold=None)


def _row(line: psycopg.Connection[tuple[object, ...]], query: str) -> tuple[object, ...]:
    row = line.execute(query.encode()).fetchone()
    assert row is not None  # noqa: S101 - a SELECT of values gives one row
    return row


@cache
def watcher() -> Watcher | None:
    """None where there is no replica."""
    return Watcher(env().database_url, env().replica_url) if env().replica_url else None
