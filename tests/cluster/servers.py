"""What stands around Otklik on several machines: PostgreSQL with a replica, PgBouncer, nginx. Debian's programs, run
from a folder of the test's own; the services of the system are not touched.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from otklik.site import pgprograms
from otklik.site.processes import end_with_parent
from tests.mailservers import certificate, free_port
from tests.site.rescue import debian

READY_LIMIT_S = 90
ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ("listen_addresses=", "fsync=off", "shared_buffers=32MB", "max_connections=150")


class Process:
    """A program in the foreground, and its log in `folder`."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, command: list[str], who: pgprograms.Runner, cwd: Path) -> None:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - a program that we have found
                command, user=who.uid, group=who.gid, extra_groups=None if who.uid is None else [], cwd=cwd,
                stdout=log, stderr=log, env=pgprograms.clean_environment(), start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509 - in the main thread only
            )  # fmt: skip

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


class Postgres(Process):
    """A server on a socket in its own folder."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(folder, name)
        self._programs, self._who = debian.programs(), pgprograms.runner()
        self.place = self._who.own(
            folder / name
        )  # its socket; the data lie below, since a copy takes all that is there
        self._data = self._who.own(self.place / "data")

    def url(self, user: str = "desk", database: str = "desk") -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.place), safe='')}"

    def make(self) -> None:
        """A new cluster, with a role that is no superuser and owns its database."""
        self._must(
            "initdb",
            "-D",
            ".",
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-sync",
            "--locale=C.UTF-8",
            "-E",
            "UTF8",
        )
        self.start()
        with self.line("postgres") as line:
            line.execute("CREATE ROLE desk LOGIN")
            line.execute("CREATE DATABASE desk OWNER desk")

    def copy(self, primary: "Postgres") -> None:
        """A streaming replica of that server."""
        self._must("pg_basebackup", "-h", str(primary.place), "-U", "postgres", "-D", ".", "-R", "-X", "stream",
                   "-c", "fast", "--no-sync")  # fmt: skip
        self.start()

    def start(self) -> None:
        options = [word for setting in SETTINGS for word in ("-c", setting)]
        self.run(
            [str(self._programs / "postgres"), "-D", ".", "-k", str(self.place), *options],
            self._who,
            self._data,
        )
        deadline = time.monotonic() + READY_LIMIT_S
        while True:
            try:
                psycopg.connect(self.url("postgres", "postgres")).close()
                return
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, (self.folder / f"{self.name}.log").read_text()[-2000:]
                time.sleep(0.05)

    def line(self, database: str = "desk") -> psycopg.Connection[tuple[object, ...]]:
        """A superuser's connection, each statement for itself."""
        return psycopg.connect(self.url("postgres", database), autocommit=True)

    def stop(self) -> None:
        self.end(signal.SIGQUIT)  # at once: nobody reads these files again

    def _must(self, program: str, *words: str) -> None:
        done = self._who.run([str(self._programs / program), *words], self._data)
        assert done.returncode == 0, done.stderr


class Pooler(Process):
    """PgBouncer in transaction mode before `primary`."""

    def __init__(self, folder: Path, primary: Postgres) -> None:
        super().__init__(folder, "pooler")
        self._who = pgprograms.runner()
        self.place = self._who.own(folder / "pooler")
        (self.place / "pgbouncer.ini").write_text(
            f"[databases]\ndesk = host={primary.place} dbname=desk user=desk\n"
            f"[pgbouncer]\nunix_socket_dir = {self.place}\nlisten_port = 6432\nauth_type = any\n"
            "pool_mode = transaction\nmax_client_conn = 300\ndefault_pool_size = 15\n"
        )
        self.url = f"postgresql://desk@/desk?host={quote(str(self.place), safe='')}&port=6432"

    def start(self) -> None:
        self.run([program("pgbouncer"), str(self.place / "pgbouncer.ini")], self._who, self.place)


class Proxy(Process):
    """nginx with the file that the product ships; only names, addresses and places are changed."""

    def __init__(self, folder: Path, pages: list[int], live: list[int]) -> None:
        super().__init__(folder, "proxy")
        self.port, self.ca = free_port(), certificate(folder, file="proxy")
        changed = {
            "10.0.0.11:8000": f"127.0.0.1:{pages[0]}", "10.0.0.12:8000": f"127.0.0.1:{pages[1]}",
            "10.0.0.11:8001": f"127.0.0.1:{live[0]}", "10.0.0.12:8001": f"127.0.0.1:{live[1]}",
            "listen 443": f"listen 127.0.0.1:{self.port}", "server_name desk.example.ru": "server_name localhost",
            "/etc/ssl/desk.example.ru.pem": str(self.ca), "/etc/ssl/desk.example.ru.key": str(folder / "proxy.key"),
        }  # fmt: skip
        shipped = (ROOT / "deploy" / "nginx.conf").read_text()
        for word, ours in changed.items():
            assert word in shipped, f"deploy/nginx.conf has no «{word}» any more"
            shipped = shipped.replace(word, ours)
        places = [
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        ]
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            f"{user} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr warn;\n"
            f"events {{ worker_connections 1024; }}\nhttp {{ access_log off; {' '.join(places)}\n{shipped} }}"
        )

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def start(self) -> None:
        self.run([program("nginx"), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")],
                 pgprograms.Runner("ourselves"), self.folder)  # fmt: skip
        deadline = time.monotonic() + READY_LIMIT_S
        while not listens(self.port):
            assert time.monotonic() < deadline, (self.folder / "proxy.log").read_text()[-2000:]
            time.sleep(0.02)


def program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    assert found is not None, name
    return found


def listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0
