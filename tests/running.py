"""The real processes of Otklik: pages, live stream, worker with intake and outbox.

`running` is one set a module: its loops would take rows of tests that run no processes.
"""

import functools
import http.client
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from otklik.site.postgres import Embedded
from otklik.site.role import command
from tests.mailservers import free_port

READY_LIMIT_S = 90
_numbers = itertools.count(1)
ROLES = {"web": ["web"], "live": ["live"], "worker": ["work", "worker", "intake"]}


@dataclass
class Running:
    """Processes by role; `variables` is their environment."""

    home: Path
    port: int
    live_port: int
    door_port: int
    variables: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self, *roles: str) -> None:
        for role in roles:
            with (self.home / f"{role}.log").open("ab") as log:
                self.processes[role] = subprocess.Popen(  # noqa: S603 - our own command
                    command(*ROLES[role]), env=self.variables, stdout=log, stderr=log, start_new_session=True
                )

    def wait(self) -> None:
        """Until pages and door answer."""
        deadline = time.monotonic() + READY_LIMIT_S
        while not (self._answers() and _listens(self.door_port)):
            dead = [role for role, one in self.processes.items() if one.poll() is not None]
            if dead or time.monotonic() > deadline:
                pytest.fail(f"Процессы не запустились: {dead}\n{self.log()}")
            time.sleep(0.05)

    def kill(self, role: str) -> None:
        """SIGKILL to the process with its children, as a power cut would."""
        process = self.processes[role]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def log(self) -> str:
        return "\n".join(
            f"--- {path.name}\n{path.read_text()[-3000:]}" for path in sorted(self.home.glob("*.log"))
        )

    def _answers(self) -> bool:
        with closing(http.client.HTTPConnection("localhost", self.port, timeout=5)) as pages:
            try:
                pages.request("GET", "/healthz")
                return pages.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                return False


def database_url() -> str:
    """The address of the database that Django's connection has."""
    values = connection.settings_dict
    host, port = quote(str(values["HOST"]), safe=""), values["PORT"]
    return f"postgresql://{values['USER']}@/{values['NAME']}?host={host}&port={port}"


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def make_running(**more: str) -> Running:
    """Choose folder and ports; nothing runs yet."""
    home = Path(tempfile.mkdtemp(prefix="running-", dir=os.environ["OTKLIK_HOME"]))
    home.chmod(0o711)
    port, live_port, door_port = free_port(), free_port(), free_port()
    told = {
        "OTKLIK_DATABASE_URL": database_url(), "OTKLIK_PORT": str(port),
        "OTKLIK_LIVE_PORT": str(live_port), "OTKLIK_DOOR_PORT": str(door_port),
        "OTKLIK_BASE_URL": f"http://localhost:{port}", "OTKLIK_LIVE_URL": f"http://localhost:{live_port}/live",
    }  # fmt: skip
    return Running(home, port, live_port, door_port, {**os.environ, **told, **more})


@pytest.fixture(scope="module")
def running(postgres: Embedded, django_db_blocker: pytest.FixtureRequest) -> Iterator[Running]:
    """All processes up, on a database of their own that the tests of the module share: no `db` fixture, no marks.

    Emptying the common test database after each test would wait in a ring for the working loops.
    """
    with django_db_blocker.unblock(), everything(postgres) as ours:  # type: ignore[attr-defined]  # has no public type
        yield ours


@contextmanager
def everything(postgres: Embedded, **more: str) -> Iterator[Running]:
    """All processes on a new database, with these variables besides; Django's connection leads there meanwhile."""
    with own_database(postgres, like=with_tables(postgres.url)):
        ours = make_running(**more)
        ours.start(*ROLES)
        try:
            ours.wait()
            yield ours
        finally:
            ours.stop()
            shutil.rmtree(ours.home, ignore_errors=True)


@functools.cache
def with_tables(server_url: str) -> str:
    """The name of a database that the tests' own and every set of processes begin as copies of.

    Making the tables takes seconds.
    """
    name = "running_tables"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    address = re.sub(r"/[^/?]*\?", f"/{name}?", server_url, count=1)
    told = os.environ | {"OTKLIK_DATABASE_URL": address}
    subprocess.run(command("migrate"), env=told, check=True, capture_output=True)  # noqa: S603 - ours
    return name


@contextmanager
def own_database(postgres: Embedded, like: str = "template1") -> Iterator[None]:
    """Django's connection leads to a new database meanwhile: empty, or a copy of one that nobody works with."""
    usual, name = connection.settings_dict["NAME"], f"running_{next(_numbers)}"
    connection.close()
    with psycopg.connect(postgres.url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            end_sessions(server, name)
            server.execute(f'DROP DATABASE "{name}"')


def end_sessions(server: psycopg.Connection, name: str) -> None:
    """End ours on this database. FORCE would stumble over an autovacuum worker, which only a plain DROP waits for."""
    server.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
        [name],
    )
