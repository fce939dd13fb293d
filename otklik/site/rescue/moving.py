"""`otklik move`: the whole database onto another server, checked, by the stream of a backup without its file.

Nobody works meanwhile: what was written after the snapshot would be lost. The source stays as it was until the target
is proved equal; then it is put aside, not deleted, so that nobody works with it by mistake.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from otklik.env import Env
from otklik.site import home as homes
from otklik.site.rescue import census, dumping, loading, places, restoring
from otklik.site.rescue.faults import RescueFault
from otklik.site.rescue.places import Place
from otklik.site.rescue.progress import Progress
from otklik.site.role import command

EMBEDDED = "embedded"
_USERS = """
    SELECT DISTINCT application_name FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'otklik%'
        AND application_name <> 'otklik rescue' ORDER BY 1
"""


def move(env: Env, target: str) -> list[str]:
    """target: postgresql://… or EMBEDDED. Returns sentences for the person. Raises RescueFault."""
    if target != EMBEDDED and not target.startswith(("postgresql://", "postgres://")):
        raise RescueFault(
            "Куда переносить? Назовите postgresql://user:password@host:5432/otklik, embedded или upgrade."
        )
    if not homes.is_external(env.home) and not (env.home / "postgres" / "data").is_dir():
        raise RescueFault(
            f"В папке {env.home} нет базы данных. Укажите другую: --home ПАПКА или OTKLIK_HOME."
        )
    if (target == EMBEDDED) != homes.is_external(env.home) and target == EMBEDDED:
        raise RescueFault("База и так встроенная.")
    with places.held(env) as source:
        if target == EMBEDDED:
            with places.embedded_beside(env) as url:
                _carry(source, url)
        else:
            _carry(source, target)
    return _to_embedded(env, source) if target == EMBEDDED else _to_external(env, source, target)


def _carry(source: Place, target: str) -> None:
    """Copy, compare, and let the target forget the numbers of the old server."""
    _refuse_users(source.url)
    _prepare(source.url, target)
    copy(source.url, target)
    told = json.dumps({"moved": True})
    variables = restoring.variables(target, home=source.home)
    done = subprocess.run(command("revive", told), stdout=subprocess.DEVNULL, check=False, env=variables)  # noqa: S603 - ours
    if done.returncode != 0:
        raise RescueFault(
            "Последний шаг не удался, подробности выше. Прежняя база цела; исправьте причину и повторите."
        )


def copy(source: str, target: str) -> None:
    """The rows of one moment into an empty database, and the proof that they are the same. Raises RescueFault."""
    with dumping.moment(source) as moment, places.connect(target) as line:
        progress = Progress("Переношу", moment.size_bytes())
        with moment.dump(compress=0) as pieces:
            loading.load(target, line.info.server_version // 10000, progress.through(pieces))
        progress.end()
        checking = Progress("Сверяю")
        differing = census.differences(moment.census(lambda _table: None), census.take(line))
        checking.end()
    if differing:
        raise RescueFault(
            "Перенесённое не сходится с прежней базой, она цела:\n  " + "\n  ".join(differing[:20])
        )


def _refuse_users(url: str) -> None:
    with places.connect(url) as connection:
        names = [str(row[0]) for row in connection.execute(_USERS).fetchall()]
    if names:
        raise RescueFault(
            f"С базой ещё работают: {', '.join(names)}. Остановите Отклик на всех машинах и повторите: "
            "что напишут во время переноса, пропало бы."
        )


def _prepare(source: str, target: str) -> None:
    """The target is empty, or carries what a move that was cut short has left."""
    with places.connect(target) as connection:
        if places.identity(connection) == _identity(source):
            raise RescueFault("Это та же самая база. Назовите другую.")
        names = places.tables(connection)
        if names and not places.is_half_done(connection):
            raise RescueFault(
                f"База назначения не пустая: в ней таблиц {len(names)}. Создайте новую, чтобы ничего не стереть."
            )
        places.refuse_deaf(connection)
        places.mark(connection, "move")
        connection.commit()
        places.wipe(connection)


def _identity(url: str) -> tuple[object, ...]:
    with places.connect(url) as connection:
        return places.identity(connection)


def _to_external(env: Env, source: Place, target: str) -> list[str]:
    homes.write_private(env.home / "database.url", target)
    homes.write_private(env.home / homes.EXTERNAL, "moved by otklik move")
    notes = ["Перенесено и сверено: всё сходится."]
    if source.is_embedded:
        aside = env.home / f"postgres.moved-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        (env.home / "postgres").rename(aside)
        notes.append(f"Встроенную базу отложил в {aside}: удалите её, когда убедитесь, что всё работает.")
    else:
        notes += _close(source.url)
    if homes.is_set("DATABASE_URL"):
        notes.append("Задайте новый адрес в OTKLIK_DATABASE_URL: сейчас там прежний.")
    notes += _other_addresses()
    notes.append("Запускайте otklik up как раньше; на других машинах задайте OTKLIK_DATABASE_URL.")
    return notes


def _other_addresses() -> list[str]:
    """What else leads to the old server: half of the work would go on there."""
    notes = []
    if homes.is_set("LISTEN_URL"):
        notes.append(
            "До запуска смените или уберите OTKLIK_LISTEN_URL: сейчас там прежняя база, "
            "и живая лента, задания и блокировки ящиков остались бы в ней."
        )
    if homes.is_set("REPLICA_URL"):
        notes.append("До запуска смените или уберите OTKLIK_REPLICA_URL: это реплика прежней базы.")
    return notes


def _to_embedded(env: Env, source: Place) -> list[str]:
    (env.home / homes.EXTERNAL).unlink(missing_ok=True)
    notes = ["Перенесено и сверено: всё сходится.", *_close(source.url)]
    if homes.is_set("DATABASE_URL"):
        notes.append("Уберите OTKLIK_DATABASE_URL: пока она задана, Отклик работает с прежней базой.")
    return [*notes, *_other_addresses(), "Запускайте otklik up как раньше."]


def _close(url: str) -> list[str]:
    """The old external database takes no more writing, should somebody start a process with its address."""
    with contextlib.suppress(psycopg.Error, RescueFault), places.connect(url, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
        return [f"Прежняя база {connection.info.dbname} теперь только для чтения."]
    return ["Прежняя база цела. Не запускайте с ней Отклик: запросы разошлись бы по двум базам."]
