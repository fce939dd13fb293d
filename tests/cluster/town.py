"""Otklik on two machines: two of each process, one PostgreSQL with a replica, nginx before the pages.

The second machine reaches the database through PgBouncer in transaction mode, with a line of its own for listening.
"""

import http.client
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from django.db import connection
from django.test import Client

from otklik.accounts.models import User
from otklik.site.databases import database
from otklik.site.processes import end_with_parent
from otklik.site.role import command
from tests.cluster.servers import Pooler, Postgres, Proxy, listens
from tests.mailservers import free_port

ROLES = {"web": ("web",), "live": ("live",), "worker": ("work", "worker"), "intake": ("work", "intake")}
READY_LIMIT_S = 180
T = TypeVar("T")
TOKEN = "a" * 32  # against foreign forms: the cookie and the header must say the same, whatever it is


@dataclass
class Machine:
    """One set of processes."""

    home: Path
    variables: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    live_port: int = field(default_factory=free_port)
    door_port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *roles: str) -> None:
        for role in roles or tuple(ROLES):
            with (self.home / f"{role}.log").open("ab") as log:
                self.processes[role] = subprocess.Popen(  # noqa: S603 - our own command
                    command(*ROLES[role]),
                    env=self.variables,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509 - in the main thread only
                )

    def kill(self, role: str) -> None:
        """SIGKILL to the process with its children, as a power cut would."""
        process = self.processes[role]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def is_ready(self) -> bool:
        return listens(self.live_port) and listens(self.door_port) and self.has_pages()

    def has_pages(self) -> bool:
        try:
            return self.ask("/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def ask(self, path: str) -> tuple[int, str]:
        """Past the proxy. Raises OSError, http.client.HTTPException."""
        with closing(http.client.HTTPConnection("localhost", self.port, timeout=5)) as pages:
            pages.request("GET", path)
            answer = pages.getresponse()
            return answer.status, answer.read().decode()

    def log(self, role: str) -> str:
        return (self.home / f"{role}.log").read_text(errors="replace")


class Town:
    """All of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.primary, self.replica = Postgres(folder, "primary"), Postgres(folder, "replica")
        self.pooler = Pooler(folder, self.primary)
        self.machines = [Machine(folder / name) for name in ("one", "two")]
        self.proxy = Proxy(
            folder, [one.port for one in self.machines], [one.live_port for one in self.machines]
        )

    def start(self) -> None:
        self.primary.make()
        self.replica.copy(self.primary)
        self.pooler.start()
        (self.folder / "files").mkdir()
        for machine, url in zip(self.machines, (self.primary.url(), self.pooler.url), strict=True):
            machine.home.mkdir()
            (machine.home / "files").symlink_to(self.folder / "files")  # a shared folder
            machine.variables = os.environ | self._variables(machine, url)
        migrating = subprocess.run(  # noqa: S603 - ours, through the pooler: that must work too
            command("migrate"), env=self.machines[1].variables, capture_output=True, text=True, check=False
        )
        assert migrating.returncode == 0, migrating.stderr[-3000:]
        for machine in self.machines:
            machine.start()
        self.proxy.start()
        self.wait()

    def wait(self) -> None:
        """Until both machines answer."""
        deadline = time.monotonic() + READY_LIMIT_S
        while not all(machine.is_ready() for machine in self.machines):
            assert time.monotonic() < deadline, self.logs()
            time.sleep(0.05)

    def stop(self) -> None:
        running = [
            one for machine in self.machines for one in machine.processes.values() if one.poll() is None
        ]
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        for server in (self.proxy, self.pooler):
            server.end()
        self.replica.stop()
        self.primary.stop()

    def logs(self) -> str:
        paths = sorted(self.folder.glob("*/*.log")) + sorted(self.folder.glob("*.log"))
        return "\n".join(f"--- {path}\n{path.read_text(errors='replace')[-1500:]}" for path in paths)

    def browser(self, user: User) -> "Browser":
        return Browser(self.proxy, user)

    def _variables(self, machine: Machine, url: str) -> dict[str, str]:
        told = {
            "HOME": machine.home, "DATABASE_URL": url, "LISTEN_URL": self.primary.url(),
            "REPLICA_URL": self.replica.url(), "BASE_URL": self.proxy.url, "LIVE_URL": f"{self.proxy.url}/live",
            "PORT": machine.port, "LIVE_PORT": machine.live_port, "DOOR_PORT": machine.door_port,
        }  # fmt: skip
        return {f"OTKLIK_{name}": str(value) for name, value in told.items()}


class Browser:
    """A signed-in agent behind the proxy, on one line that is opened anew when it broke."""

    def __init__(self, proxy: Proxy, user: User) -> None:
        client = Client()
        client.force_login(user)
        # as settings.py names them over TLS
        self.cookies = {"__Host-sessionid": client.cookies["sessionid"].value, "__Host-csrftoken": TOKEN}
        self.proxy = proxy
        self.faults: list[str] = []  # what broke the line, for whoever reads why a test failed
        self._trust = ssl.create_default_context(cafile=proxy.ca)
        self._line = self.line()

    def line(self, timeout_s: float = 60) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(
            "localhost", self.proxy.port, timeout=timeout_s, context=self._trust
        )

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path, None, {})

    def post(self, path: str, form: dict[str, object]) -> int:
        """The status; 0 when the line broke before the answer."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN}
        return self._ask("POST", path, urlencode(form), headers | {"Referer": self.proxy.url})[0]

    def close(self) -> None:
        self._line.close()

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self._line.request(method, path, body, headers | {"Cookie": cookies})
            answer = self._line.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as fault:
            self.faults.append(f"{method} {path}: {fault!r}")
            self._line.close()
            return 0, ""
        for set_cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = set_cookie.partition(";")[0].partition("=")
            if name == "otklik_wrote":
                self.cookies[name] = value
        return answer.status, text


@contextmanager
def town(parent: Path) -> Iterator[Town]:
    """A started town; Django's connection leads to its primary meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="town-", dir=parent))
    folder.chmod(0o711)
    ours = Town(folder)
    try:
        ours.start()
        with django_at(ours.primary.url()):
            yield ours
    finally:
        ours.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def django_at(url: str) -> Iterator[None]:
    usual = dict(connection.settings_dict)
    connection.close()
    there = database(url)
    connection.settings_dict.update(
        {name: there[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    )
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(usual)


def until(condition: Callable[[], T], limit_s: float = 150) -> T:
    """What the condition gave when it came true."""
    deadline = time.monotonic() + limit_s
    while not (seen := condition()):
        assert time.monotonic() < deadline, f"{condition} не стало верным за {limit_s} с"
        time.sleep(0.02)
    return seen
