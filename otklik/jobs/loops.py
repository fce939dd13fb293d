"""What runs all the time beside the pages: loops that take what is due, and services that listen.

Each runs in a thread of its own, is started again when it fails, and ends between two ticks at SIGTERM.
`site/schedule.py` lists them all; `otklik worker` and `otklik intake` run those of their roles.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import structlog
from django.db import close_old_connections, connections

from otklik import tracing
from otklik.jobs.pauses import Pauses

log = structlog.get_logger()
Role = Literal["worker", "intake"]
IDLE_S = 5  # a loop that rests longer gives its connection back: ten idle ones cost 60 MB


@dataclass(frozen=True, slots=True)
class Loop:
    """A sweep: `tick` does what is due in one bounded batch and returns how much it did.

    Something done: it is called again at once. Nothing: after `pause_s`, or when a deed says `wake` by
    wakeups.tell(). It must be safe to run in two processes at the same time (SKIP LOCKED).
    """

    name: str
    tick: Callable[[], int]
    pause_s: float
    role: Role = "worker"
    wake: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """Something that listens (a mail door, open IMAP lines): `run` works until the event is set.

    A `run` that returns before that, or raises, is started again after a growing pause.
    """

    name: str
    run: Callable[[threading.Event], None]
    role: Role = "intake"


class Runner:
    """Runs loops and services in threads until stop(). One a process."""

    def __init__(self, parts: Iterable[Loop | Service]) -> None:
        self.stopping = threading.Event()
        self._parts = list(parts)
        self._bells = {part.name: threading.Event() for part in self._parts}
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        for part in self._parts:
            keep = self._keep_loop if isinstance(part, Loop) else self._keep_service
            thread = threading.Thread(target=keep, args=(part,), name=part.name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def wake(self, word: str) -> None:
        """Call the loops of this word at once; an empty word calls all (something may have been missed)."""
        for part in self._parts:
            if isinstance(part, Loop) and (not word or part.wake == word):
                self._bells[part.name].set()

    def stop(self, limit_s: float) -> list[str]:
        """Ask all to end after what they are at; returns the names of those that didn't within `limit_s`."""
        self.stopping.set()
        for bell in self._bells.values():
            bell.set()
        share_s = limit_s / max(1, len(self._threads))
        for thread in self._threads:
            thread.join(share_s)
        return [thread.name for thread in self._threads if thread.is_alive()]

    def _keep_loop(self, loop: Loop) -> None:
        bell, pauses = self._bells[loop.name], Pauses()
        while not self.stopping.is_set():
            bell.clear()
            try:
                with tracing.of(""):
                    done = loop.tick()
            except Exception as fault:  # noqa: BLE001 - the edge: any fault is told, and tried again
                _tell("loop failed", loop.name, fault, pauses.next_s)
                connections.close_all()
                self.stopping.wait(pauses.take())
                continue
            pauses.reset()
            if not done:
                _rest(loop.pause_s)
                bell.wait(loop.pause_s)
        connections.close_all()

    def _keep_service(self, service: Service) -> None:
        pauses = Pauses()
        while not self.stopping.is_set():
            try:
                service.run(self.stopping)
                if not self.stopping.is_set():
                    _tell("service ended", service.name, None, pauses.next_s)
            except Exception as fault:  # noqa: BLE001 - the edge: any fault is told, and tried again
                _tell("service failed", service.name, fault, pauses.next_s)
            connections.close_all()
            self.stopping.wait(pauses.take())


def _rest(pause_s: float) -> None:
    if pause_s >= IDLE_S:
        connections.close_all()
    else:
        close_old_connections()


def _tell(event: str, name: str, fault: Exception | None, retry_s: float) -> None:
    cause = f"{type(fault).__name__}: {fault}".split("\n", 1)[0] if fault else ""
    log.error(event, name=name, cause=cause, retry_s=retry_s, exc_info=fault if retry_s == 0 else None)
