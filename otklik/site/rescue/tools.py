"""PostgreSQL's own programs that dump and load: the wheel's, or the machine's where the server is newer.

A password never stands in a command line, where `ps` shows it to all: it goes by the environment.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from otklik.site import pgprograms
from otklik.site.pgprograms import PostgresFault
from otklik.site.processes import end_with_parent
from otklik.site.rescue.faults import RescueFault


@dataclass(frozen=True, slots=True)
class Tools:
    """A folder with pg_dump, pg_restore and psql of one version."""

    folder: Path
    major: int

    def command(self, program: str, *words: str) -> list[str]:
        return [str(self.folder / program), *words]


def find(server_major: int) -> Tools:
    """Programs that understand a server of this major version. Raises RescueFault when there are none."""
    for folder in _folders():
        major = _major(folder)
        if major is not None and major >= server_major:
            return Tools(folder, major)
    raise RescueFault(
        f"На этой машине нет pg_dump для PostgreSQL {server_major}.\n"
        f"Поставьте клиентские программы этой версии (в Debian: postgresql-client-{server_major})."
    )


class Program:
    """One of these programs at work, between pipes."""

    def __init__(self, command: list[str], url: str, *, fed: bool, quiet: bool) -> None:
        self._name = Path(command[0]).name
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._process = subprocess.Popen(  # noqa: S603 - a program that we have found, no shell
            command, stdin=subprocess.PIPE if fed else subprocess.DEVNULL, stderr=self._said,
            stdout=subprocess.DEVNULL if quiet else subprocess.PIPE,
            env=environment(url) if url else pgprograms.clean_environment(),
            preexec_fn=end_with_parent(signal.SIGKILL),  # noqa: PLW1509 - called from the main thread only
        )  # fmt: skip

    def read(self, most: int) -> bytes:
        return self._process.stdout.read(most) if self._process.stdout else b""

    def readline(self) -> bytes:
        return self._process.stdout.readline() if self._process.stdout else b""

    def write(self, content: bytes) -> None:
        """Raises RescueFault, with the program's own words, when it has died."""
        try:
            if self._process.stdin:
                self._process.stdin.write(content)
        except BrokenPipeError:
            self.end()
            raise RescueFault(f"{self._name} закончила раньше времени.") from None

    def no_more(self) -> None:
        """It has been given everything."""
        if self._process.stdin and not self._process.stdin.closed:
            with suppress(BrokenPipeError):
                self._process.stdin.close()

    def end(self) -> None:
        """Wait for its end. Raises RescueFault with its own words when it was a bad one."""
        self.no_more()
        if self._process.stdout:
            self._process.stdout.close()
        code = self._process.wait()
        if code != 0:
            raise RescueFault(f"{self._name} не справилась (код {code}). Её слова:\n{self._words()}")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()

    def close(self) -> None:
        self._said.close()

    def _words(self) -> str:
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return "\n".join(lines[-5:])


@contextmanager
def running(
    command: list[str], url: str = "", *, fed: bool = False, quiet: bool = False
) -> Iterator[Program]:
    """A program that has ended well after the block; else RescueFault says why. When the block fails it is killed.

    url: the database it works with. fed: it is written to; quiet: what it prints goes nowhere.
    """
    program = Program(command, url, fed=fed, quiet=quiet)
    try:
        yield program
        program.end()
    except BaseException:
        program.kill()
        raise
    finally:
        program.close()


def environment(url: str) -> dict[str, str]:
    """What libpq takes from variables. url: of the database; its password is in here and nowhere else."""
    told = psycopg.conninfo.conninfo_to_dict(url)
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
    }
    names |= {
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
        "sslcert": "PGSSLCERT",
        "sslkey": "PGSSLKEY",
    }
    given = {names[key]: str(value) for key, value in told.items() if key in names}
    return pgprograms.clean_environment() | given | {"PGAPPNAME": "otklik rescue", "PGCONNECT_TIMEOUT": "10"}


def _folders() -> list[Path]:
    try:
        found = [pgprograms.shipped()]
    except PostgresFault:
        found = []  # an installation with a server of its own may do without the wheel
    on_path = shutil.which("pg_dump")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    by_version = sorted(
        pgprograms.DEBIAN.glob("*/bin"), key=lambda one: int(re.sub(r"\D", "", one.parent.name) or 0)
    )
    return [one for one in [*found, *by_version] if _is_whole(one)]


def _is_whole(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("pg_dump", "pg_restore", "psql"))


def _major(folder: Path) -> int | None:
    try:
        done = subprocess.run(  # noqa: S603 - a program that we have just found
            [str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\) (\d+)", done.stdout)
    return int(found[1]) if found else None
