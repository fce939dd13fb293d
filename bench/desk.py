"""A running `otklik demo` for measuring: started in a scratch folder, its processes found, ended at the end."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from otklik.site.role import command

SCRATCH = Path("/var/tmp")  # noqa: S108 - mkdtemp makes a name of its own
STARTED = re.compile(r"http://localhost:\d+")


class Desk:
    """address: where its pages are; started_s: from the command to the first page; stopped_s: from Ctrl-C."""

    stopped_s = 0.0

    def __init__(self, home: Path, words: Sequence[str], folder: Path, limit_s: float = 300) -> None:
        begin = time.perf_counter()
        self.home = home
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=clean_environment(home), start_new_session=True,
        )  # fmt: skip
        self.address = self._said_address(limit_s)
        answers(self.address)
        self.started_s = time.perf_counter() - begin

    def _said_address(self, limit_s: float) -> str:
        watchdog = threading.Timer(limit_s, self._process.kill)
        watchdog.start()
        said: list[str] = []
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said.append(line)
            found = STARTED.search(line)
            if found:
                watchdog.cancel()
                threading.Thread(target=self._process.stdout.read, daemon=True).start()
                return found.group()
        watchdog.cancel()
        raise SystemExit("".join(said[-15:]))

    def stop(self) -> None:
        """End it as Ctrl-C in a terminal does; stopped_s tells how long that took."""
        begin = time.perf_counter()
        os.killpg(self._process.pid, signal.SIGINT)
        self._process.wait(30)
        self.stopped_s = time.perf_counter() - begin

    def processes(self) -> dict[int, str]:
        """Its processes: id → command line."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
                told = (folder / "environ").read_bytes().decode(errors="replace")
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            if f"OTKLIK_HOME={self.home}\0" in told or str(self.home) in words:
                found[int(folder.name)] = words
            elif words.startswith("postgres:"):
                found[int(folder.name)] = f"{words} of {parent}"
        masters = {pid for pid, words in found.items() if f"-D {self.home}" in words}
        foreign = {
            pid for pid, words in found.items() if " of " in words and int(words.split()[-1]) not in masters
        }
        return {pid: words for pid, words in found.items() if pid not in foreign}


def clean_environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
    return kept | {"OTKLIK_HOME": str(home)}


def answers(address: str, path: str = "/") -> int:
    """The status that a page gives."""
    try:
        with urllib.request.urlopen(address + path, timeout=30) as answer:  # noqa: S310 - our own address
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def pss_mb(pid: int) -> float:
    """The memory of a process: its own, and its share of what it has in common with others. MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


@contextmanager
def desk(home: Path | None = None, words: Sequence[str] = (), folder: Path = Path()) -> Iterator[Desk]:
    """A demo in `home`, which is removed afterwards when it was made here."""
    made = Path(tempfile.mkdtemp(prefix="otklik-bench-", dir=SCRATCH)) if home is None else None
    place = home or made
    assert place is not None
    place.chmod(0o711)
    try:
        running = Desk(place, words or command("demo", str(place)), folder)
        try:
            yield running
        finally:
            running.stop()
    finally:
        if made:
            shutil.rmtree(made, ignore_errors=True)
