"""Who sends: a number held by an advisory lock, so that the death of a sender shows at once.

The number stands in each delivery that its sender took. The lock ends with its connection: a number without a lock has
nobody behind it. Should the database forget a sender that lives, nothing is lost: the mark before the dot is refused to
whoever no longer holds the delivery (claiming.mark_dot).
"""

from __future__ import annotations

import secrets
import threading
import time
from typing import Any

import psycopg
from django.db import connection

from otklik.env import env
from otklik.jobs import lines
from otklik.jobs.wakeups import CHANNEL

LOOK_S = 0.5  # how long an end that is asked for may wait
LOCKS = 0x6F7462  # «otb»: the class of our advisory locks

_ALIVE = (
    "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 AND granted"
)


class Holder:
    """One sender's number and the connection that holds it; the same connection hears what is due."""

    def __init__(self) -> None:
        self.number = secrets.randbelow(2**31 - 1) + 1
        self._line = lines.vital(_address(), "otklik outbox")
        self._line.execute("SELECT pg_advisory_lock(%s, %s)", [LOCKS, self.number])
        self._line.execute(f"LISTEN {CHANNEL}")

    def wait(self, word: str, limit_s: float, stopping: threading.Event) -> None:
        """Until somebody tells `word`, at most limit_s. Raises psycopg.Error when the database went away."""
        deadline = time.monotonic() + limit_s
        while (left := deadline - time.monotonic()) > 0 and not stopping.is_set():
            for notice in self._line.notifies(timeout=min(left, LOOK_S)):
                if notice.payload == word:
                    return

    def close(self) -> None:
        self._line.close()


def alive() -> list[int]:
    """Numbers of the senders that live now."""
    with connection.cursor() as cursor:
        cursor.execute(_ALIVE, [LOCKS])
        return [int(row[0]) for row in cursor.fetchall()]


def _address() -> str:
    """Straight to the server, past any pooler; to the database that this process really uses (tests have their own)."""
    told: dict[str, Any] = dict(
        psycopg.conninfo.conninfo_to_dict(env().listen_url)
    )  # Any: of libpq, of many kinds
    usual = psycopg.conninfo.conninfo_to_dict(env().database_url).get("dbname")
    used = connection.settings_dict["NAME"]
    if used != usual:
        told["dbname"] = used
    return psycopg.conninfo.make_conninfo(**told)
