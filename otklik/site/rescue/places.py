"""Where an installation's rows and files are, brought up for as long as a command needs them.

An embedded database that `otklik up` runs is used as it runs; one that stands still is started, and stopped after.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from otklik.env import Env
from otklik.site import home as homes
from otklik.site.home import HomeFault, Lock
from otklik.site.pgprograms import PostgresFault
from otklik.site.postgres import Embedded
from otklik.site.rescue.faults import RescueFault

MARK = "otklik_restore"  # a table that stands while a restore is under way
Connection = psycopg.Connection[tuple[object, ...]]

_OURS = """
    SELECT format('DROP %s IF EXISTS %I CASCADE',
        CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, relname)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
        AND NOT relispartition AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = pg_class.oid
            AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i', 'e'))
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure) FROM pg_proc p
    WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('DROP TYPE IF EXISTS %I CASCADE', typname) FROM pg_type
    WHERE typnamespace = 'public'::regnamespace
        AND (typtype IN ('e', 'd') OR (SELECT relkind FROM pg_class c WHERE c.oid = typrelid) = 'c')
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = pg_type.oid AND d.deptype = 'e')
"""


@dataclass(frozen=True, slots=True)
class Place:
    """home: the folder with files and key; url: straight to the database, past any pooler."""

    home: Path
    url: str
    is_embedded: bool

    @property
    def files(self) -> Path:
        return self.home / "files"


@contextmanager
def source(env: Env) -> Iterator[Place]:
    """What is to be copied. Raises RescueFault when there is nothing."""
    if homes.is_external(env.home):
        yield Place(env.home, _straight(env), is_embedded=False)
        return
    if not (env.home / "postgres" / "data").is_dir():
        raise RescueFault(
            f"В папке {env.home} нет базы данных. Укажите другую: --home ПАПКА или OTKLIK_HOME."
        )
    lock = Lock(env.home)
    try:
        lock.take()
    except HomeFault:  # `otklik up` holds it and keeps the database running
        yield Place(env.home, _straight(env), is_embedded=True)
        return
    try:
        with running(Embedded(env.home)) as url:
            yield Place(env.home, url, is_embedded=True)
    finally:
        lock.release()


@contextmanager
def held(env: Env) -> Iterator[Place]:
    """A place that nobody else uses meanwhile: to restore into, to move from. Raises RescueFault."""
    lock = Lock(env.home)
    try:
        homes.make(env.home)
        lock.take()
    except HomeFault as fault:
        raise RescueFault(str(fault)) from fault
    try:
        if homes.is_external(env.home):
            yield Place(env.home, _straight(env), is_embedded=False)
        else:
            with running(Embedded(env.home)) as url:
                homes.write_private(env.home / "database.url", url)
                yield Place(env.home, url, is_embedded=True)
    finally:
        lock.release()


def _straight(env: Env) -> str:
    """The address past any pooler. Raises RescueFault where it leads to another database: forgotten in a move."""
    if env.listen_url != env.database_url:
        with connect(env.listen_url) as straight, connect(env.database_url) as usual:
            if identity(straight) != identity(usual):
                raise RescueFault(
                    "OTKLIK_DATABASE_URL и OTKLIK_LISTEN_URL ведут в разные базы. Вторая должна вести прямо в ту же: "
                    "исправьте её и повторите."
                )
    return env.listen_url


@contextmanager
def embedded_beside(env: Env) -> Iterator[str]:
    """The folder's own embedded server, while the installation still works with an external one."""
    with running(Embedded(env.home)) as url:
        yield url


@contextmanager
def running(server: Embedded) -> Iterator[str]:
    """Its address while it runs. Raises RescueFault."""
    try:
        url = server.start()
    except PostgresFault as fault:
        raise RescueFault(str(fault)) from fault
    try:
        yield url
    finally:
        server.stop()


def connect(url: str, *, autocommit: bool = False) -> Connection:
    """Raises RescueFault when nobody answers."""
    try:
        return psycopg.connect(
            url, connect_timeout=10, application_name="otklik rescue", autocommit=autocommit
        )
    except psycopg.Error as fault:
        cause = str(fault).strip().splitlines()[0]
        raise RescueFault(f"База данных не отвечает: {cause}\nПроверьте адрес и повторите.") from fault


def tables(connection: Connection) -> list[str]:
    """Names of all tables, our mark left out."""
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
        "AND relname <> %s ORDER BY relname",
        [MARK],
    ).fetchall()
    return [str(row[0]) for row in rows]


def identity(connection: Connection) -> tuple[object, ...]:
    """Which database this is, by whatever address it was reached."""
    row = connection.execute(
        "SELECT (SELECT system_identifier FROM pg_control_system()), oid FROM pg_database "
        "WHERE datname = current_database()"
    ).fetchone()
    return row or ()


def refuse_deaf(connection: Connection) -> None:
    """Raises RescueFault when the database's search can't tell Russian letters from signs."""
    row = connection.execute(
        "SELECT to_tsvector('russian', '«Письма»') @@ to_tsquery('russian', 'письмо')"
    ).fetchone()
    if not (row and row[0]):
        raise RescueFault(
            "База не различает русские буквы (LC_CTYPE=C): поиск в ней не нашёл бы половины слов. "
            "Создайте её заново: createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 ИМЯ"
        )


def is_half_done(connection: Connection) -> bool:
    """Whether a restore into this database began and has not ended."""
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{MARK}"]).fetchone()
    return bool(row and row[0])


def is_half_done_at(url: str) -> bool:
    """The same of an address; False where nobody answers, which whoever connects next tells better."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return is_half_done(connection)
    except psycopg.Error:
        return False


def mark(connection: Connection, copy_id: str) -> None:
    """From now on this database is ours to empty again, and nobody's to use."""
    connection.execute(
        sql.SQL("CREATE TABLE IF NOT EXISTS {} (copy text, at timestamptz)").format(sql.Identifier(MARK))
    )
    connection.execute(
        sql.SQL("INSERT INTO {} VALUES (%s, clock_timestamp())").format(sql.Identifier(MARK)), [copy_id]
    )


def wipe(connection: Connection) -> None:
    """Empty a database that carries the mark; the mark stays. Never called without it."""
    assert is_half_done(connection)  # noqa: S101 - the callers have looked
    for (statement,) in connection.execute(_OURS).fetchall():
        if f" {MARK} " not in str(statement):
            connection.execute(str(statement).encode())
