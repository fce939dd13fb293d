"""The processes of an installation, each of which may be killed; started again as the supervisor would."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from otklik.site import home as homes
from otklik.site.parts import Part
from otklik.site.pgprograms import PostgresFault
from otklik.site.postgres import Embedded
from otklik.site.role import command
from tests.mailservers import free_port

ROOT = Path(__file__).resolve().parents[2]
PARTS = {"web": ("web",), "worker": ("work", "worker"), "intake": ("work", "intake")}
VICTIMS = (*PARTS, "postgres")
POSTGRES_PAUSE_S = 0.3  # how long the database is away when it was killed, besides its own start


class Town:
    """One installation in a folder of its own. start() and keep() belong to the main thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.web_port, self.door_port = free_port(), free_port()
        # without fsync: a killed process loses nothing of what it wrote, only a power cut would
        self.postgres = Embedded(folder, durable=False)
        self.variables: dict[str, str] = {}
        self.box = 0
        self.sessions: list[str] = []
        self.killed: dict[str, int] = dict.fromkeys(VICTIMS, 0)
        self.killed_in_data = 0  # kills of the worker with a letter between its mark and the server's answer
        self._parts: dict[str, Part] = {}
        self._postgres_from = 0.0

    def start(self, smtp_port: int, *, copy_to_self: bool) -> None:
        homes.make(self.folder)
        url = self.postgres.start()
        told = {
            "HOME": self.folder, "DATABASE_URL": url, "BASE_URL": f"http://localhost:{self.web_port}",
            "PORT": self.web_port, "DOOR_PORT": self.door_port,
            "ALLOW_NETWORKS": "127.0.0.0/8",
        }  # fmt: skip
        outside = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
        ours = {f"OTKLIK_{name}": str(value) for name, value in told.items()}
        self.variables = {**outside, **ours, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
        words = self._run(
            [sys.executable, "-m", "tests.chaos.furnish", str(smtp_port), "yes" if copy_to_self else "no"]
        )
        told_back = json.loads(words.splitlines()[-1])
        self.box, self.sessions = told_back["box"], told_back["sessions"]
        for name, role in PARTS.items():
            self._parts[name] = Part(
                name, command(*role), self.folder / "log" / f"{name}.log", lambda _words: None
            )
            self._parts[name].start(self.variables)

    def keep(self) -> None:
        """Start again what has fallen, the database after its pause."""
        if not self.postgres.is_running() and time.monotonic() > self._postgres_from:
            try:
                self.postgres.start()
            except PostgresFault:
                self._postgres_from = time.monotonic() + POSTGRES_PAUSE_S
        for part in self._parts.values():
            if part.process is None or part.process.poll() is not None:
                part.start(self.variables)

    def kill(self, victim: str) -> None:
        """SIGKILL to one process, as it stands at this instant."""
        self.killed[victim] += 1
        if victim == "postgres":
            pid = self.postgres.pid
            self._postgres_from = time.monotonic() + POSTGRES_PAUSE_S
        else:
            process = self._parts[victim].process
            pid = process.pid if process and process.poll() is None else None
        if pid is None:
            return
        if victim == "worker":
            os.kill(pid, signal.SIGSTOP)
            self.killed_in_data += self._in_data()
        os.kill(pid, signal.SIGKILL)

    def _in_data(self) -> int:
        """Letters between the mark and the answer, of which the frozen sender can say nothing more."""
        try:
            rows = self.rows(
                "SELECT count(*) FROM desk_delivery WHERE state = 'sending' AND dot_at IS NOT NULL"
            )
        except psycopg.Error:
            return 1
        return int(rows[0][0])

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:  # Any: columns of any type
        """What a query gives now. Raises psycopg.Error while the database is away."""
        with psycopg.connect(self.postgres.url, connect_timeout=3) as line:
            return line.execute(sql.encode(), values).fetchall()

    def stop(self) -> None:
        for part in self._parts.values():
            part.ask_to_end()
        for part in self._parts.values():
            part.end(time.monotonic() + 8)
        self.postgres.stop()

    def log(self, name: str, lines: int = 30) -> str:
        path = self.folder / "log" / f"{name}.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""

    def _run(self, words: list[str]) -> str:
        done = subprocess.run(  # noqa: S603 - our own commands
            words, env=self.variables, cwd=ROOT, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stderr[-3000:]}")
        return done.stdout


def wait_for(condition: Callable[[], bool], limit_s: float, meanwhile: Callable[[], None]) -> bool:
    """Whether it came true in time; `meanwhile` is called between the looks."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        try:
            if condition():
                return True
        except psycopg.Error:
            pass
        meanwhile()
        time.sleep(0.05)
    return False
