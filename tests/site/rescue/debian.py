"""A PostgreSQL server of somebody else's: Debian's, of another major version, on a socket of its own folder."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from otklik.site import pgprograms

READY_LIMIT_S = 30


def programs() -> Path:
    """Skips the test where there is no such server, except in CI, where it must be."""
    found = sorted(pgprograms.DEBIAN.glob("*/bin/postgres"))
    if not found:
        pytest.skip("нет внешнего PostgreSQL (scripts/test-machine)")
    return found[-1].parent


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Its address; the role is no superuser and owns its database. folder: one that the server's user may enter."""
    found, who = programs(), pgprograms.runner()
    data = who.own(folder / "external")
    made = who.run([str(found / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync",
                    "--locale=C.UTF-8", "-E", "UTF8"], folder)  # fmt: skip
    assert made.returncode == 0, made.stderr
    command = [
        str(found / "postgres"),
        "-D",
        str(data),
        "-k",
        str(data),
        "-c",
        "listen_addresses=",
        "-c",
        "fsync=off",
    ]
    with (folder / "external.log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 - a program that we have found
            command, user=who.uid, group=who.gid, extra_groups=[], cwd=data, stdout=log, stderr=log,
            env=pgprograms.clean_environment(), start_new_session=True,
        )  # fmt: skip
    try:
        host = quote(str(data), safe="")
        _prepare(f"postgresql://postgres@/postgres?host={host}")
        yield f"postgresql://desk@/desk?host={host}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
        shutil.rmtree(data, ignore_errors=True)


def _prepare(url: str) -> None:
    deadline = time.monotonic() + READY_LIMIT_S
    while True:
        try:
            with psycopg.connect(url, autocommit=True) as line:
                line.execute("CREATE ROLE desk LOGIN")
                line.execute("CREATE DATABASE desk OWNER desk")
                return
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
