"""Whether this process can serve people now: for whoever sends it requests. Words without secrets, and quick.

Asked often while things are bad, so the last answer stands for a second and one thread alone looks.
"""

from __future__ import annotations

import pkgutil
import shutil
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from django.apps import apps
from django.db import connection

from otklik.env import Env
from otklik.site import home as homes

STANDS_S = 1.0
LIMIT_S = 2
LEAST_DISK_BYTES = 200_000_000  # below it letters with files soon find no room


@dataclass(frozen=True, slots=True)
class Readiness:
    """checks: name → «ok» or what is wrong."""

    checks: dict[str, str]

    @property
    def is_ready(self) -> bool:
        return set(self.checks.values()) == {"ok"}


class Watch:
    """The last answer of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: Readiness | None = None
        self._until = 0.0

    def look(self, env: Env) -> Readiness:
        """While one thread looks, the others get what was found before."""
        if self._last is not None and time.monotonic() < self._until:
            return self._last
        if not self._lock.acquire(blocking=self._last is None):
            assert self._last is not None  # noqa: S101 - then we would have waited
            return self._last
        try:
            self._last = look(env)
            self._until = time.monotonic() + STANDS_S
            return self._last
        finally:
            self._lock.release()


watch = Watch()


def look(env: Env) -> Readiness:
    """Asks the database once, by a connection of its own that can't hang."""
    database, tables = _database()
    return Readiness({"database": database, "migrations": tables, "disk": _disk(env), "key": _key(env)})


def _database() -> tuple[str, str]:
    """(the database, its tables). Reads no table of ours: with steps missing it may not be there."""
    patience = {"connect_timeout": LIMIT_S, "tcp_user_timeout": LIMIT_S * 1000}
    try:
        with psycopg.connect(**connection.get_connection_params() | patience) as there:
            # no option of the connection: PgBouncer refuses whoever comes with options=
            there.execute(f"SET LOCAL statement_timeout = '{LIMIT_S}s'")
            if there.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
                return "ok", "none applied: run otklik migrate"
            applied = set(there.execute("SELECT app, name FROM django_migrations").fetchall())
    except psycopg.Error as fault:
        return f"no answer ({type(fault).__name__})", "not known"
    missing = len(steps() - applied)
    return "ok", f"{missing} not applied: run otklik migrate" if missing else "ok"


@cache
def steps() -> frozenset[tuple[str, str]]:
    """All migrations of this version by the names of their files: importing them would cost megabytes."""
    return frozenset(
        (app.label, name)
        for app in apps.get_app_configs()
        for _finder, name, is_package in pkgutil.iter_modules([str(Path(app.path) / "migrations")])
        if not is_package and not name.startswith("_")
    )


def _disk(env: Env) -> str:
    if (env.home / homes.RESTORING).exists():
        return "a restore has not ended: repeat otklik restore"
    try:
        free = shutil.disk_usage(env.home).free
    except OSError as fault:
        return f"no folder of data ({type(fault).__name__})"
    return "ok" if free >= LEAST_DISK_BYTES else f"only {free // 1_000_000} MB free"


def _key(env: Env) -> str:
    return "ok" if env.secret_key else "OTKLIK_SECRET_KEY is not set"
