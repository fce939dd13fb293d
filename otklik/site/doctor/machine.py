"""This machine: the folder, its disk and rights, the key, the clock and the rules of time zones."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg

from otklik.env import Env
from otklik.site import home as homes
from otklik.site.doctor.finding import Finding, with_tables

LEAST_DISK_GB = 1.0
AHEAD_LIMIT = timedelta(minutes=2)


def home(env: Env) -> Iterator[Finding]:
    """There, with room, whole."""
    if not env.home.is_dir():
        yield Finding(False, f"Папки {env.home} нет.", "Запустите otklik up: он её создаст.")
        return
    free_gb = shutil.disk_usage(env.home).free / 1e9
    yield Finding(
        free_gb >= LEAST_DISK_GB,
        f"Место на диске с {env.home}: свободно {free_gb:.1f} ГБ.",
        f"Освободите место: меньше {LEAST_DISK_GB:.0f} ГБ не хватит надолго, письма с вложениями перестанут приходить.",
    )
    if (env.home / homes.RESTORING).exists():
        yield Finding(
            False, "Восстановление из копии не закончено.",
            "Повторите otklik restore ФАЙЛ: он начнёт заново и доведёт до конца.",
        )  # fmt: skip


def rights(env: Env) -> Iterator[Finding]:
    """What only the owner may read is so, and what we must write can be written."""
    if not env.home.is_dir():
        return
    open_ones = [path for path in _private(env.home) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    yield Finding(
        not open_ones,
        "Ключ и файлы закрыты от других пользователей машины."
        if not open_ones
        else f"Другие пользователи машины могут войти: {', '.join(path.name for path in open_ones)}.",
        f"Закройте: chmod go-rwx {' '.join(str(path) for path in open_ones)}",
    )
    locked = [
        path for path in (env.home / "files", env.home / "log") if path.is_dir() and not _writable(path)
    ]
    if locked:
        yield Finding(
            False, f"Нельзя писать в {', '.join(str(path) for path in locked)}.",
            "Отдайте папку пользователю, от имени которого работает Отклик: chown -R ПОЛЬЗОВАТЕЛЬ ПАПКА",
        )  # fmt: skip


def owner(env: Env) -> Iterator[Finding]:
    """The program needs no root: whoever broke into it would have the machine. A container is a border of its own."""
    if env.practice_port or not env.home.is_dir() or _in_container():
        return
    if env.home.stat().st_uid == 0:
        yield Finding(
            True, "Отклик работает от root: ему это не нужно.",
            "Заведите своего пользователя и службу: deploy/systemd/otklik.service, шаги в docs/administrator.md.",
            warns=True,
        )  # fmt: skip


def _in_container() -> bool:
    marks = (Path("/.dockerenv"), Path("/run/.containerenv"))
    return any(mark.exists() for mark in marks) or bool(os.environ.get("container"))  # noqa: SIM112 - its name is so


def _private(folder: Path) -> list[Path]:
    return [
        path
        for name in ("secret.key", "secret.key.old", "database.url", "files")
        if (path := folder / name).exists()
    ]


def _writable(folder: Path) -> bool:
    trial = folder / ".doctor"
    try:
        trial.touch()
        trial.unlink()
    except OSError:
        return False
    return True


def key(env: Env) -> Iterator[Finding]:
    yield Finding(
        bool(env.secret_key),
        "Секретный ключ есть." if env.secret_key else "Секретного ключа нет.",
        "Запустите otklik up (он создаст ключ в своей папке) или задайте OTKLIK_SECRET_KEY_FILE.",
    )


@with_tables
def key_fits(env: Env) -> Iterator[Finding]:  # noqa: ARG001 - a check's signature
    """All secrets were sealed with this key, not with another."""
    from otklik.channels import resealing

    standing = resealing.standing()
    if standing.unreadable:
        yield Finding(
            False, f"Ключ не подходит: {', '.join(standing.unreadable[:5])}.",
            "Верните прежний ключ: OTKLIK_SECRET_KEY, OTKLIK_OLD_SECRET_KEYS или secret.key, secret.key.old. Его нет? "
            "Введите пароли заново (Настройки → Почта, Службы входа), второй шаг входа снимает администратор.",
        )  # fmt: skip
    if standing.old:
        yield Finding(
            False, f"Под прежним ключом ещё {standing.old} (пароли ящиков, службы и второй шаг входа).",
            "Закройте их нынешним: otklik keys rotate. До этого прежний ключ не выбрасывайте.",
        )  # fmt: skip


def zone(env: Env) -> Iterator[Finding]:
    """The zone is known here and to the database, and both count alike: clients are told times by it."""
    try:
        here = datetime.now(ZoneInfo(env.timezone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        yield Finding(
            False, f"Часового пояса {env.timezone} на этой машине нет.",
            "Поставьте данные о поясах (в Debian пакет tzdata) или исправьте OTKLIK_TIMEZONE.",
        )  # fmt: skip
        return
    there = _zone_of_database(env)
    if there is not None:
        yield Finding(
            there == here,
            f"Пояс {env.timezone}: машина и база считают одинаково."
            if there == here
            else f"Пояс {env.timezone}: машина и база считают по-разному, данные о поясах устарели.",
            "Обновите tzdata на этой машине и PostgreSQL на сервере.",
        )


def _zone_of_database(env: Env) -> timedelta | None:
    """None where the database can't be asked; a day behind where it doesn't know the zone."""
    try:
        with psycopg.connect(env.database_url, connect_timeout=5) as connection:
            row = connection.execute(
                "SELECT (now() AT TIME ZONE %s) - (now() AT TIME ZONE 'UTC')", [env.timezone]
            ).fetchone()
    except psycopg.errors.InvalidParameterValue:
        return timedelta(days=-1)
    except psycopg.Error:
        return None
    return row[0] if row else None


@with_tables
def past(env: Env) -> Iterator[Finding]:  # noqa: ARG001 - a check's signature
    """Nothing was written in the future: then a clock was, or is, wrong."""
    from otklik.journal.models import Entry

    last = Entry.objects.order_by("-pk").values_list("at", flat=True).first()
    if last is None:
        return
    ahead = last - datetime.now(UTC)
    yield Finding(
        ahead <= AHEAD_LIMIT,
        "Часы этой машины не отстают от записей."
        if ahead <= AHEAD_LIMIT
        else f"Последняя запись сделана на {ahead.total_seconds() / 60:.0f} мин позже, чем сейчас на этих часах.",
        "Сверьте часы этой машины (timedatectl): сейчас или недавно они были неверны, сроки посчитаны по ним.",
    )
