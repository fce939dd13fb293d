"""Waking loops as soon as a deed has committed, by NOTIFY; the pauses of loops remain as a net."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg
from django.db import connection

from otklik.env import env

CHANNEL = "otklik_work"


def tell(word: str) -> None:
    """Wake the loops of this word, in all processes, when the running transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, word])


def listen(stopping: threading.Event, wake: Callable[[str], None], url: str = "") -> None:
    """Give each told word to `wake` until `stopping` is set; "" at the start, since something may be waiting.

    url: a direct address of the database; without it the one of this process. Raises psycopg.Error when the
    database goes away.
    """
    address = url or env().listen_url
    with psycopg.connect(address, autocommit=True, application_name="otklik wake-ups") as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        wake("")
        while not stopping.is_set():
            for notice in listener.notifies(timeout=1.0):
                wake(notice.payload)
                if stopping.is_set():
                    return
