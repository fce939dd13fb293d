"""A dump into an empty database: all of it in one transaction, or nothing.

pg_restore turns the dump into SQL that psql runs without its own commands (pg_restore asks for that mode itself), so
the file of a copy can do nothing outside the database. The transaction is ours: a stream that was cut is never
committed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from otklik.site.rescue import tools
from otklik.site.rescue.tools import Program

PIECE_BYTES = 1024 * 1024
HEAD_LINES = 100
# what servers before 17 don't know; the session ends with the loading anyway
_NEWER = (b"SET transaction_timeout",)


class _Feeder(threading.Thread):
    """Gives the dump to pg_restore while its SQL is read on the other side."""

    def __init__(self, program: Program, pieces: Iterable[bytes]) -> None:
        super().__init__(name="dump", daemon=True)
        self.fault: BaseException | None = None
        self._program, self._pieces = program, pieces

    def run(self) -> None:
        try:
            for piece in self._pieces:
                self._program.write(piece)
            self._program.no_more()
        except BaseException as fault:  # noqa: BLE001 - raised again in the thread that loads
            self.fault = fault
            self._program.kill()


def load(url: str, server_major: int, pieces: Iterable[bytes]) -> None:
    """Run a dump's SQL in the database at `url`, which holds none of its tables. Raises RescueFault, Damaged."""
    found = tools.find(server_major)
    reads = found.command("pg_restore", "--schema=public", "--no-owner", "--no-acl", "--file=-")
    runs = found.command(
        "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--no-password", "--file=-"
    )
    with tools.running(runs, url, fed=True, quiet=True) as psql, tools.running(reads, fed=True) as restore:
        feeder = _Feeder(restore, pieces)
        feeder.start()
        try:
            psql.write(b"BEGIN;\n")
            _pour(restore, psql)
        except BaseException:
            restore.kill()  # else the feeder would wait for ever
            raise
        finally:
            feeder.join()
        if feeder.fault is not None:
            raise feeder.fault
        restore.end()
        psql.write(b"COMMIT;\n")


def _pour(source: Program, target: Program) -> None:
    for _number in range(HEAD_LINES):
        line = source.readline()
        if not line.startswith(_NEWER):
            target.write(line)
    while piece := source.read(PIECE_BYTES):
        target.write(piece)
