"""The embedded PostgreSQL: one cluster under a home folder, run by whoever holds the Embedded object.

Nobody else of the machine gets in: the server listens on a unix socket only, in a folder that just its
owner enters, and takes (peer) the owner's and root's accounts alone. There is no password to lose.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from otklik.site import pgprograms
from otklik.site.pgprograms import MAJOR, PostgresFault
from otklik.site.processes import end_with_parent, last_lines, open_log

START_LIMIT_S = 30
STOP_LIMIT_S = 8
LONGEST_SOCKET = 100  # bytes; the kernel takes 107 on Linux and 103 on macOS
PORT = 5432  # only a part of the socket's name
ROLE = "otklik"
NOBODYS_PID = 2**22 + 1  # above the highest that Linux gives
READY = "data.ready"  # a new version's folder, proved whole, about to take the place of the old one
SMALL = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "jit": "off",  # our queries are short: planning a compilation costs more than it saves
    "io_method": "sync",  # the three I/O workers of 18 are not worth their memory here
    # reading ahead tells the kernel of each page beforehand; of those it has already that doubles the time of a search
    "effective_io_concurrency": "0",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # a refused statement or row would stand there with a client's words in it
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
BUILTIN_LOCALE_SINCE, IO_METHOD_SINCE = 17, 18
# what a killed process wrote survives, what a power cut took does not
FORGETFUL = {"fsync": "off", "full_page_writes": "off"}


class Embedded:
    """A PostgreSQL server with its data in `home/postgres`.

    home: absolute; made if it isn't there. durable=False gives up safety at a power cut for speed (tests).
    Not for two holders at once: the supervisor's lock on the home sees to that. major, data, port: another version of
    the server, another folder of its data and another name of its socket, while it moves (rescue/upgrading.py).
    """

    def __init__(
        self, home: Path, *, durable: bool = True, major: str = MAJOR, data: str = "data", port: int = PORT
    ) -> None:
        self.home = home
        self.durable = durable
        self.major = major
        self.log = home / "log" / "postgres.log"
        self._port = port
        self._folder = home / "postgres"
        self._data = self._folder / data
        self._runner: pgprograms.Runner | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the database for psycopg and Django; good only while the server runs."""
        return self._url(ROLE, ROLE)

    @property
    def pid(self) -> int | None:
        """The process id of the server, None when it doesn't run."""
        return self._process.pid if self._process and self.is_running() else None

    def is_running(self) -> bool:
        """Whether the server that start() brought up is still there."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> str:
        """Bring the server up, making the cluster at the first time; returns its address.

        After a SIGKILL the processes of the last server may hold its memory for a while: a refused start
        is tried again for half a minute. Raises PostgresFault.
        """
        programs = self._prepared()
        self._end_orphan()
        deadline = time.monotonic() + START_LIMIT_S
        while not self._started(programs, deadline):
            if time.monotonic() > deadline:
                raise PostgresFault(
                    f"Встроенный PostgreSQL не запустился за {START_LIMIT_S} секунд. Журнал: {self.log}\n"
                    f"{last_lines(self.log)}"
                )
            time.sleep(0.3)
        self._make_database()
        return self.url

    def stop(self) -> None:
        """End the server: sessions are cut and everything is written; by force after 8 seconds."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        for ending in (signal.SIGINT, signal.SIGQUIT):  # «fast», then «immediate» of PostgreSQL
            process.send_signal(ending)
            try:
                process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                continue
            return
        process.kill()
        process.wait()

    def _prepared(self) -> Path:
        """See that folders, programs and cluster are there; returns the folder of the programs."""
        self._runner = who = pgprograms.runner()
        if not self.home.exists():
            self.home.mkdir(parents=True)
            self.home.chmod(0o700 if who.uid is None else 0o711)  # the server's user passes through
        who.own(self._folder)
        if who.run(["test", "-w", str(self._folder)], self.home).returncode != 0:
            raise PostgresFault(
                f"PostgreSQL работает от имени {who.name}, а он не может войти в {self.home}.\n"
                "Укажите папку, в которую он войдёт, например: --home /var/lib/otklik"
            )
        programs = pgprograms.programs(who, self.home, self.major)
        if not self._data.exists() and self._data.with_name(READY).exists():
            self._data.with_name(READY).rename(
                self._data
            )  # a move to this version was cut short at its last step
        if not self._data.exists():
            self._make_cluster(who, programs)
        made_by = data_major(self._data)
        if made_by != self.major:
            raise PostgresFault(
                f"Данные в {self._data} записал PostgreSQL {made_by}, а встроен {self.major}.\n"
                "Выполните otklik move upgrade: он перенесёт их в новую версию и сверит."
            )
        return programs

    def _make_cluster(self, who: pgprograms.Runner, programs: Path) -> None:
        """initdb into a folder beside, renamed when whole: a half-made cluster is never taken for one."""
        half = self._data.with_name(f"{self._data.name}.new")
        shutil.rmtree(half, ignore_errors=True)
        command = [str(programs / "initdb"), "-D", str(half), "-U", "postgres", "--encoding=UTF8"]
        if int(self.major) >= BUILTIN_LOCALE_SINCE:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += [
            "--locale=C",
            f"--lc-ctype={pgprograms.utf8_locale(self.home)}",
            "--auth=peer",
            "--no-instructions",
        ]
        done = who.run(command if self.durable else [*command, "--no-sync"], self._folder)
        if done.returncode != 0:
            raise PostgresFault(f"Не вышло создать базу в {half}:\n{done.stderr.strip()}")
        (half / "pg_hba.conf").write_text("local all all peer map=otklik\n", encoding="utf-8")
        users = sorted({who.name, "root"})
        lines = [f'otklik "{user}" {role}\n' for user in users for role in (ROLE, "postgres")]
        (half / "pg_ident.conf").write_text("".join(lines), encoding="utf-8")
        half.rename(self._data)

    def _started(self, programs: Path, deadline: float) -> bool:
        """Start the server once; False when it ended by itself or didn't answer in time."""
        who = self._runner
        assert who is not None  # noqa: S101 - _prepared() ran before
        settings = SMALL | {"unix_socket_directories": f'"{self._socket_folder()}"', "port": str(self._port)}
        if int(self.major) < IO_METHOD_SINCE:
            del settings["io_method"]
        if not self.durable:
            settings |= FORGETFUL
        command = [str(programs / "postgres"), "-D", str(self._data)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with open_log(self.log) as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder,
                user=who.uid, group=who.gid, extra_groups=None if who.uid is None else [],
                env=pgprograms.clean_environment(), start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGINT),  # noqa: PLW1509 - called from the main thread only
            )  # fmt: skip
        while time.monotonic() < deadline and self.is_running():
            try:
                psycopg.connect(self._url("postgres", "postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return True
        self.stop()
        return False

    def _make_database(self) -> None:
        """The role that the product works as is no superuser; it may make databases (tests, restoring)."""
        with psycopg.connect(self._url("postgres", "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE]).fetchone():
                connection.execute(f"CREATE DATABASE {ROLE} OWNER {ROLE}")

    def _end_orphan(self) -> None:
        """End a server that outlived its supervisor (possible only where the kernel doesn't do it for us)."""
        try:
            pid = int((self._data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        except (OSError, ValueError):
            return
        listing = subprocess.run(  # noqa: S603 - a number that we have just read
            ["ps", "-o", "args=", "-p", str(pid)],  # noqa: S607 - ps lies elsewhere on each system
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if str(self._data) not in listing.stdout:
            self._forget_reused(pid)
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_LIMIT_S
        while (self._data / "postmaster.pid").exists() and time.monotonic() < deadline:
            time.sleep(0.1)

    def _forget_reused(self, pid: int) -> None:
        """After a power cut the number in the server's notes may be another process's: it would never start again.

        The notes stay, since by them the server looks for what is left of the last one; only the number becomes one
        that nobody has.
        """
        for note in (self._data / "postmaster.pid", self._socket_folder() / f".s.PGSQL.{self._port}.lock"):
            try:
                lines = note.read_text(encoding="utf-8").split("\n")
            except OSError:
                continue
            if lines[0].strip() == str(pid) and _is_alive(pid):
                note.write_text("\n".join([str(NOBODYS_PID), *lines[1:]]), encoding="utf-8")

    def _socket_folder(self) -> Path:
        """`home/postgres`, or a short private folder of /tmp when that path can't be an address."""
        fits = len(os.fsencode(self._folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET
        if fits and "," not in str(self._folder):  # libpq takes a comma for the next of several hosts
            return self._folder
        who = self._runner or pgprograms.runner()
        uid = os.geteuid() if who.uid is None else who.uid
        mark = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"otklik-{uid}-{mark}"
        if not folder.is_symlink():
            who.own(folder)
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != uid or seen.st_mode & 0o077:
            raise PostgresFault(f"Папка {folder} чужая. Удалите её и запустите otklik ещё раз.")
        return folder

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self._socket_folder()), safe='')}&port={self._port}"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def data_major(data: Path) -> str:
    """The major version that wrote this cluster's folder. Raises OSError when it is none."""
    return (data / "PG_VERSION").read_text(encoding="ascii").strip()
