"""The database: reachable, new enough, able to tell letters, heard, with room for us and the tables of this version."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from otklik import replica as replicas
from otklik.env import Env
from otklik.site.doctor.finding import Finding, has_django, some

CLOCK_LIMIT = timedelta(seconds=2)  # clients are told times to the minute
LEAST_POSTGRES = 15  # Debian 12's
LEAST_CONNECTIONS = 30  # one set of processes at its busiest; each further machine needs as many


def database(env: Env) -> Iterator[Finding]:
    if not env.database_url:
        yield Finding(
            False, "База данных не запущена ни разу.", "Запустите otklik up или задайте OTKLIK_DATABASE_URL."
        )
        return
    try:
        with psycopg.connect(env.database_url, connect_timeout=5) as connection:
            yield from _inside(connection)
    except psycopg.OperationalError as fault:
        cause = str(fault).strip().splitlines()[0]
        yield Finding(
            False, f"База данных не отвечает: {cause}",
            "Встроенная работает, пока работает otklik up: запустите его. "
            "Свою проверьте по адресу из OTKLIK_DATABASE_URL.",
        )  # fmt: skip


def _inside(connection: psycopg.Connection) -> Iterator[Finding]:
    major = connection.info.server_version // 10000
    yield Finding(
        major >= LEAST_POSTGRES, f"База данных отвечает: PostgreSQL {major}.",
        f"Обновите сервер: нужен PostgreSQL {LEAST_POSTGRES} или новее.",
    )  # fmt: skip
    yield _letters(connection)
    yield _clock(connection)
    yield _room(connection)


def _letters(connection: psycopg.Connection) -> Finding:
    row = connection.execute(
        "SELECT to_tsvector('russian', '«Письма»') @@ to_tsquery('russian', 'письмо')"
    ).fetchone()
    return Finding(
        bool(row and row[0]),
        "Поиск различает русские буквы." if row and row[0] else "Поиск не различает русские буквы и кавычки.",
        "База создана с LC_CTYPE=C. Создайте её заново с UTF-8 (например, LC_CTYPE 'C.UTF-8') и перенесите данные.",
    )


def _clock(connection: psycopg.Connection) -> Finding:
    before = datetime.now(UTC)
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    after = datetime.now(UTC)
    assert row is not None  # noqa: S101 - a SELECT without FROM gives one row
    apart = max(before - row[0], row[0] - after, timedelta())
    return Finding(
        apart <= CLOCK_LIMIT,
        f"Часы этой машины и базы расходятся на {apart.total_seconds():.1f} с.",
        "Включите синхронизацию времени на обеих машинах (timedatectl set-ntp true): от часов зависят сроки.",
    )


def _room(connection: psycopg.Connection) -> Finding:
    row = connection.execute(
        "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int, "
        "(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')"
    ).fetchone()
    assert row is not None  # noqa: S101 - a SELECT without FROM gives one row
    most, used = row
    return Finding(
        most >= LEAST_CONNECTIONS and used <= most * 0.9,
        f"Соединений с базой занято {used} из {most}.",
        f"Поднимите max_connections: одной машине Отклика нужно до {LEAST_CONNECTIONS}, каждой следующей столько же.",
    )


def replica(env: Env) -> Iterator[Finding]:
    """The copy that reads may lag behind on: there, ours, and not too far behind."""
    if not env.replica_url:
        return
    try:
        with psycopg.connect(env.replica_url, connect_timeout=5) as copy:
            yield _replica(env, copy)
    except psycopg.OperationalError as fault:
        cause = str(fault).strip().splitlines()[0]
        yield Finding(
            False, f"Реплика не отвечает: {cause}",
            "Поднимите её или уберите OTKLIK_REPLICA_URL: без реплики всё читается с основной базы.",
        )  # fmt: skip


def _replica(env: Env, copy: psycopg.Connection) -> Finding:
    """Asks the primary where its log ends, and waits for the replica to come there."""
    replayed = "SELECT pg_wal_lsn_diff(%s::pg_lsn, pg_last_wal_replay_lsn())"
    copy.autocommit = True
    with psycopg.connect(env.database_url, connect_timeout=5) as primary:
        end, *ours = _one(primary, f"SELECT pg_current_wal_flush_lsn()::text, {replicas.WHOSE}")
    is_replica, *theirs = _one(copy, f"SELECT pg_is_in_recovery(), {replicas.WHOSE}")
    if not is_replica or ours != theirs:
        return Finding(
            False, "По адресу реплики отвечает самостоятельная база.",
            "Исправьте OTKLIK_REPLICA_URL: там должна быть потоковая реплика основной базы, с той же базой данных.",
        )  # fmt: skip
    deadline = time.monotonic() + replicas.LAG_LIMIT_S
    while (behind := _one(copy, replayed, end)[0]) > 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    return Finding(
        behind <= 0,
        "Реплика успевает за основной базой."
        if behind <= 0
        else f"Реплика отстаёт больше чем на {replicas.LAG_LIMIT_S:.0f} с, на {behind / 2**20:.1f} МБ журнала.",
        "Пока она не догонит, всё читается с основной базы. Посмотрите репликацию на сервере PostgreSQL: "
        "pg_stat_replication на основном, pg_is_wal_replay_paused() и журнал на реплике.",
    )


def _one(
    line: psycopg.Connection, query: str, *values: object
) -> tuple[Any, ...]:  # Any: columns of any type
    row = line.execute(query.encode(), values or None).fetchone()
    assert row is not None  # noqa: S101 - a SELECT of values gives one row
    return row


def notices(env: Env) -> Iterator[Finding]:
    """LISTEN must hear: behind PgBouncer in transaction mode it doesn't."""
    if not env.listen_url:
        return
    try:
        with psycopg.connect(env.listen_url, connect_timeout=5, autocommit=True) as connection:
            connection.execute("LISTEN otklik_doctor")
            connection.execute("NOTIFY otklik_doctor")
            heard = any(True for _ in connection.notifies(timeout=2, stop_after=1))
    except psycopg.Error:
        return  # database() has told
    yield Finding(
        heard,
        "Живые обновления доходят." if heard else "Живые обновления не доходят (LISTEN ничего не слышит).",
        "Задайте в OTKLIK_LISTEN_URL прямой адрес PostgreSQL, мимо PgBouncer.",
    )


def tables(env: Env) -> Iterator[Finding]:
    """Of this version, neither older nor newer."""
    if not has_django(env):
        return
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        unknown = sorted(set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes))
    except DatabaseError:
        return  # database() has told
    yield Finding(
        not steps,
        "Таблицы соответствуют этой версии."
        if not steps
        else f"Таблицы старее этой версии: шагов {len(steps)}.",
        "Выполните otklik migrate (otklik up делает это сам).",
    )
    if unknown:
        named = some([".".join(one) for one in unknown])
        yield Finding(
            False, f"Таблицы новее этой версии: она не знает шагов {named}.",
            "Поставьте ту версию Отклика, которая работала с этой базой, или новее.",
        )  # fmt: skip
