"""How a process fares: its memory, for signs of life and figures. No Django: the live stream says it too."""

from __future__ import annotations

import os
import socket
from pathlib import Path

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def name() -> str:
    """Of this process, as other machines may call it."""
    return f"{socket.gethostname()}:{os.getpid()}"[:120]


def memory_bytes() -> int:
    """Resident; 0 where the system doesn't tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES
    except (OSError, IndexError, ValueError):
        return 0
