"""Starting child processes that end with us, and their logs."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

PR_SET_PDEATHSIG = 1
LOG_LIMIT_BYTES = 10 * 1024 * 1024


def end_with_parent(ending: signal.Signals) -> Callable[[], None] | None:
    """A preexec_fn: the kernel sends `ending` to the child when its parent dies, a SIGKILL included.

    Start such children from the main thread: the kernel means the thread that forked. None where the
    system has no such thing (macOS): there the children of a killed parent must be ended by the next start.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, int(ending), 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and the line above
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
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
    except OSError:
        return ""
