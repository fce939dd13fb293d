"""What the database costs a request, and how often it failed this process. Parameters are never looked at."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.db.utils import InterfaceError, OperationalError

log = structlog.get_logger(__name__)
SLOW_QUERY_S = 0.5
SHOWN = 1000  # characters of a slow statement


class Spent(threading.local):
    """Statements of this thread since the last take()."""

    statements = 0
    seconds = 0.0

    def take(self) -> tuple[int, float]:
        told = self.statements, self.seconds
        self.statements, self.seconds = 0, 0.0
        return told


spent = Spent()
_lock = threading.Lock()
_faults = 0


def fault() -> None:
    """The database could not be reached, or went away under a statement."""
    global _faults  # noqa: PLW0603 - one count a process
    with _lock:
        _faults += 1


def faults() -> int:
    """Since this process began."""
    return _faults


def watched(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """A wrapper of Django's statements (Any: Django's own signature)."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    except (OperationalError, InterfaceError):
        fault()
        raise
    finally:
        seconds = time.perf_counter() - began
        spent.statements += 1
        spent.seconds += seconds
        if seconds >= SLOW_QUERY_S:
            statement = " ".join(str(sql).split())[:SHOWN]
            log.warning("slow query", duration_ms=round(seconds * 1000), statement=statement)
