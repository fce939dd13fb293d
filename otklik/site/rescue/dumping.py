"""One moment of a database: a snapshot that rows, counts and the list of files are all read by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from otklik.site.rescue import census, places, tools
from otklik.site.rescue.census import Count
from otklik.site.rescue.faults import RescueFault
from otklik.site.rescue.places import MARK, Connection

PIECE_BYTES = 1024 * 1024
_WORDS = (
    "--format=custom", "--schema=public", "--no-owner", "--no-acl", "--no-comments", "--no-publications",
    "--no-subscriptions", "--no-security-labels", "--no-tablespaces", f"--exclude-table={MARK}", "--no-password",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A stored file by its name, which is its SHA-256."""

    sha256: str
    size_bytes: int


class Moment:
    """An open snapshot. Everything that it tells is of the same instant, whatever is written meanwhile."""

    def __init__(self, connection: Connection, url: str) -> None:
        self._connection, self._url = connection, url
        row = connection.execute("SELECT pg_export_snapshot(), now()").fetchone()
        assert row is not None  # noqa: S101 - a SELECT without FROM gives one row
        assert isinstance(row[1], datetime)  # noqa: S101 - now() is a time
        self._snapshot, self.at = str(row[0]), row[1].astimezone(UTC)
        self.major = connection.info.server_version // 10000

    def size_bytes(self) -> int:
        """About how much the database takes on its disk: for showing progress."""
        row = self._connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(str(row[0])) if row else 0

    def census(self, tell: census.Tell) -> dict[str, Count]:
        return census.take(self._connection, tell)

    def migrations(self) -> list[tuple[str, str]]:
        """(room, name) of every step that the tables have taken."""
        rows = self._connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
        return [(str(app), str(name)) for app, name in rows]

    def files(self) -> list[File]:
        rows = self._connection.execute(
            "SELECT sha256, size_bytes FROM desk_storedfile ORDER BY sha256"
        ).fetchall()
        return [File(str(sha256), int(str(size))) for sha256, size in rows]

    @contextmanager
    def dump(self, *, compress: int = 1) -> Iterator[Iterator[bytes]]:
        """pg_dump's stream in its custom format. Raises RescueFault when it ends badly."""
        words = tools.find(self.major).command("pg_dump", *_WORDS, f"--compress={compress}")
        with tools.running([*words, f"--snapshot={self._snapshot}"], self._url) as program:
            yield iter(lambda: program.read(PIECE_BYTES), b"")


@contextmanager
def moment(url: str) -> Iterator[Moment]:
    """Raises RescueFault: no database, no tables of ours, or a restore that has not ended."""
    with places.connect(url) as connection:
        if places.is_half_done(connection):
            raise RescueFault(
                "В этой базе незаконченное восстановление: копировать нечего. Сначала доведите otklik restore до конца."
            )
        names = places.tables(connection)
        if "django_migrations" not in names or "desk_ticket" not in names:
            raise RescueFault("В этой базе нет таблиц Отклика: копировать нечего.")
        connection.rollback()
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Moment(connection, url)
