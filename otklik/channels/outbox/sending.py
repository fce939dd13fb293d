"""The outbox at work: wakes when something is due, gives each box a thread that keeps its line open.

A server that hangs holds up its own box only. What a killed sender left behind is settled first (settling.py).
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db import DatabaseError, connections
from django.utils import timezone

from otklik.channels.outbox import claiming, settling
from otklik.channels.outbox.holding import Holder
from otklik.channels.outbox.posting import PATIENCE, Post
from otklik.channels.outbox.smtp import Patience

log = structlog.get_logger(__name__)
MOST_BOXES = 8  # at the same time; the others wait for a free thread
REST_S = 10.0  # a box with nothing to send keeps its line this long
LOOK_S = 5.0  # at the latest we look again, should a wake-up be lost
BUSY_S = 0.25
ABANDONED_EVERY_S = 5.0
FAULT_REST_S = 5.0  # a box whose thread broke is not begun again at once


class _Worker:
    """The thread of one box."""

    def __init__(self, post: Post, stopping: threading.Event) -> None:
        self.bell = threading.Event()
        self._post = post
        self._stopping = stopping
        self.thread = threading.Thread(target=self._run, name=f"outbox {post.box_id}", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self.bell.clear()
                if self._post.batch(self._stopping.is_set):
                    continue
                connections.close_all()
                if not self.bell.wait(REST_S):
                    break
                self._post.wake()
        except DatabaseError as fault:
            log.warning("outbox pauses", box=self._post.box_id, cause=str(fault).split("\n", 1)[0])
            self._rest_after_a_fault()
        except Exception:
            log.exception("outbox of a box failed", box=self._post.box_id)
            self._rest_after_a_fault()
        finally:
            self._post.close()
            connections.close_all()

    def _rest_after_a_fault(self) -> None:
        """While this thread lives no other is begun for its box."""
        connections.close_all()
        self._stopping.wait(FAULT_REST_S)


class Sender:
    """All boxes of one process, with their threads."""

    def __init__(self, holder: int, patience: Patience = PATIENCE) -> None:
        self._holder = holder
        self._patience = patience
        self._workers: dict[int, _Worker] = {}
        self._stopping = threading.Event()

    def turn(self) -> None:
        """Wake the threads of boxes with something due; start those that are missing."""
        self._workers = {box: one for box, one in self._workers.items() if one.thread.is_alive()}
        for box_id in claiming.due_boxes(timezone.now()):
            if box_id is None:
                claiming.fail_boxless(at=timezone.now())
            elif box_id in self._workers:
                self._workers[box_id].bell.set()
            elif len(self._workers) < MOST_BOXES:
                post = Post(box_id, self._holder, self._patience)
                self._workers[box_id] = _Worker(post, self._stopping)

    def stop(self, limit_s: float) -> None:
        """Let each thread end the letter it is at."""
        self._stopping.set()
        deadline = time.monotonic() + limit_s
        for one in self._workers.values():
            one.bell.set()
        for one in self._workers.values():
            one.thread.join(max(0.0, deadline - time.monotonic()))


def run(stopping: threading.Event) -> None:
    """The service «outbox» (site/schedule.py). Raises psycopg.Error or DatabaseError when the database goes away."""
    holder = Holder()
    sender = Sender(holder.number)
    every = _Every(ABANDONED_EVERY_S, lambda: settling.settle_abandoned(at=timezone.now()))
    try:
        while not stopping.is_set():
            every.tick()
            sender.turn()
            pause_s = _pause_s()
            if pause_s == LOOK_S:
                connections.close_all()  # a resting process needs no connection but the holder's
            holder.wait("outbox", pause_s, stopping)
    finally:
        sender.stop(limit_s=5)
        holder.close()


class _Every:
    """Calls something at most once in so many seconds."""

    def __init__(self, pause_s: float, call: Callable[[], object]) -> None:
        self._pause_s, self._call, self._next = pause_s, call, 0.0

    def tick(self) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._pause_s
            self._call()


def _pause_s() -> float:
    """Until the next delivery falls due, at most LOOK_S: an undo that ends is not waited on a second longer."""
    due = claiming.next_due()
    if due is None:
        return LOOK_S
    left = (due - timezone.now()) / timedelta(seconds=1)
    if left <= 0:
        return BUSY_S  # turn() has just given it to a thread, which is at it or waits for a slow server
    return min(LOOK_S, max(0.02, left))
