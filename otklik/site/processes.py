"""Starting child processes that end with us, and their logs."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

PR_SET_PDEATHSIG = 1
LOG_LIMIT_BYTES = 10 * 1024 * 1024


def bind_to_parent(ending: signal.Signals) -> None:
    """Ask the kernel to send `ending` to this process when its parent dies, a SIGKILL included.

    The kernel means the thread that forked us. Nothing happens where there is no such thing (macOS).
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(ending), 0, 0, 0)


def end_with_parent(ending: signal.Signals) -> Callable[[], None]:
    """The same as a preexec_fn for a child about to be started; call it, and Popen, in the main thread."""
    prctl = ctypes.CDLL(None).prctl if sys.platform.startswith("linux") else None
    parent = os.getpid()

    def bind() -> None:  # between fork and exec: no import, no lock, nothing that allocates much
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(ending), 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    return bind


def open_log(path: Path) -> BinaryIO:
    """Open a log for adding; one that has grown past 10 MiB becomes `.1` first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(path.suffix + ".1"))
    return path.open("ab")


def last_lines(path: Path, count: int = 5) -> str:
    """The last lines of a log, for telling why its process ended. '' when there is none."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
    except OSError:
        return ""
    return "\n".join(map(_read, lines))


def _read(line: str) -> str:
    """A line of a log as a person reads it: logs.py writes JSON for programs."""
    try:
        told = json.loads(line)
        return "\n".join(str(told[name]) for name in ("message", "cause", "exception") if told.get(name))
    except (ValueError, TypeError, KeyError):
        return line
