"""An installation to copy (the test's own database and a folder), and empty places to restore into."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from otklik.env import Env, env
from otklik.site.postgres import Embedded
from otklik.site.rescue import keeping, restoring
from otklik.site.rescue.archive import Secret
from otklik.site.rescue.keeping import Kept, Wish
from tests.running import database_url, end_sessions


def here() -> Env:
    """The installation whose rows the test makes."""
    url = database_url()
    return replace(env(), home=Path(settings.FILES_ROOT).parent, database_url=url, listen_url=url)


def backup(target: Path, **wish: object) -> Kept:
    return keeping.backup(here(), Wish(target, **wish))  # type: ignore[arg-type]  # Wish's own fields


def dropped(server: psycopg.Connection, name: str) -> None:
    end_sessions(server, name)
    server.execute(f"DROP DATABASE IF EXISTS {name}".encode())


@contextmanager
def empty_place(postgres: Embedded, folder: Path, name: str = "restored") -> Iterator[Env]:
    """An empty database and an empty home."""
    with psycopg.connect(postgres.url, autocommit=True) as server:
        dropped(server, name)
        server.execute(f"CREATE DATABASE {name}")
        url = postgres.url.replace("/otklik?", f"/{name}?")
        try:
            yield replace(env(), home=folder / name, database_url=url, listen_url=url)
        finally:
            dropped(server, name)


def restore(place: Env, file: Path, secret: Secret | None = None) -> restoring.Restored:
    return restoring.restore(place, file, lambda _header: secret or Secret("passphrase", b"none"))


def rows(place: Env, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(place.database_url) as connection:
        return connection.execute(query.encode()).fetchall()


def command(*words: str, place: Env) -> list[str]:
    return [sys.executable, "-m", "otklik", *words]


def variables(place: Env) -> dict[str, str]:
    url = place.database_url
    return {**os.environ, "OTKLIK_HOME": str(place.home), "OTKLIK_DATABASE_URL": url}


@contextmanager
def own_tables(postgres: Embedded, name: str = "original") -> Iterator[None]:
    """Django's connection leads to a new database with all tables and no rows meanwhile."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    with psycopg.connect(postgres.url, autocommit=True) as server:
        dropped(server, name)
        server.execute(f"CREATE DATABASE {name} TEMPLATE {usual}")
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            dropped(server, name)


def start(place: Env, *words: str) -> subprocess.Popen[bytes]:
    """`otklik …` as a process of its own, which may be killed."""
    return subprocess.Popen(  # noqa: S603 - our own program
        command(*words, place=place), env=variables(place), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
