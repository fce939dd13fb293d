"""`otklik doctor`: what is wrong with this installation, and what to do about each thing."""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

from otklik.env import Env, env

LEAST_DISK_GB = 1.0
CLOCK_LIMIT = timedelta(seconds=2)  # clients are told times to the minute
LEAST_POSTGRES = 16


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. advice: what to do when it isn't good."""

    good: bool
    text: str
    advice: str = ""


def tell() -> int:
    """Print every finding; returns 1 if something isn't good, else 0."""
    findings = [finding for check in CHECKS for finding in check(env())]
    for finding in findings:
        sys.stdout.write(f"{'✓' if finding.good else '✗'} {finding.text}\n")
        if not finding.good:
            sys.stdout.write(f"  → {finding.advice}\n")
    bad = sum(not finding.good for finding in findings)
    sys.stdout.write("Всё в порядке.\n" if not bad else f"Требует внимания: {bad}.\n")
    return 1 if bad else 0


def home(env: Env) -> Iterator[Finding]:
    if not env.home.is_dir():
        yield Finding(False, f"Папки {env.home} нет.", "Запустите otklik up: он её создаст.")
        return
    free_gb = shutil.disk_usage(env.home).free / 1e9
    yield Finding(
        free_gb >= LEAST_DISK_GB,
        f"Место на диске с {env.home}: свободно {free_gb:.1f} ГБ.",
        f"Освободите место: меньше {LEAST_DISK_GB:.0f} ГБ не хватит надолго, письма с вложениями перестанут приходить.",
    )


def key(env: Env) -> Iterator[Finding]:
    yield Finding(
        bool(env.secret_key),
        "Секретный ключ есть." if env.secret_key else "Секретного ключа нет.",
        "Запустите otklik up (он создаст ключ в своей папке) или задайте OTKLIK_SECRET_KEY_FILE.",
    )


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
    with _django(env) as ready:
        if not ready:
            return
        from django.db import DatabaseError, connection
        from django.db.migrations.executor import MigrationExecutor

        try:
            executor = MigrationExecutor(connection)
            steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError:
            return  # database() has told
        yield Finding(
            not steps,
            "Таблицы соответствуют этой версии."
            if not steps
            else f"Таблицы старее этой версии: шагов {len(steps)}.",
            "Выполните otklik migrate (otklik up делает это сам).",
        )


@contextmanager
def _django(env: Env) -> Iterator[bool]:
    """Django, if it has what it needs to start."""
    if not (env.secret_key and env.database_url):
        yield False
        return
    from otklik.site import roles

    roles.django()
    yield True


def news(env: Env) -> Iterator[Finding]:
    """Each request that waits on us has a time by which its client hears of us."""
    with _django(env) as ready:
        if not ready:
            return
        from django.db import DatabaseError

        from otklik.sla import mending

        try:
            missing = sorted(mending.breaches().values())
        except DatabaseError:
            return  # database() or tables() has told
        named = ", ".join(f"№ {number}" for number in missing[:5])
        yield Finding(
            not missing,
            "У каждого запроса, который ждёт нас, есть срок следующей новости."
            if not missing
            else f"Запросы ждут нас без срока следующей новости: {len(missing)} ({named}).",
            "Рабочий процесс (otklik up или otklik worker) назначит срок сам в течение пяти минут. "
            "Если запросы остались, посмотрите его журнал.",
        )


def ports(env: Env) -> Iterator[Finding]:
    listening = {"Страницы": (env.host, env.port), "Живая лента": (env.host, env.live_port)}
    if env.door_port:
        listening["Приём писем по SMTP"] = (env.door_host, env.door_port)
    for name, (host, port) in listening.items():
        good = _answers(host, port)
        yield Finding(
            good, f"{name}, {host}:{port}: {'отвечает' if good else 'никто не отвечает'}.",
            "Запустите otklik up; если он выбрал другой порт, адрес стоит в его первых строках.",
        )  # fmt: skip


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True


CHECKS: tuple[Callable[[Env], Iterator[Finding]], ...] = (home, key, database, notices, tables, news, ports)
