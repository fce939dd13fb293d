"""IMAP boxes are watched each in a thread of its own: IDLE where the server can, a look every five minutes besides.

One process watches a box at a time: an advisory lock of the process says which are its own. Two would lose nothing
either, since the same bytes are stored once.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import psycopg
import structlog
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from otklik.channels.email import credentials, fetching, imap, troubles
from otklik.channels.email.imap import Line
from otklik.channels.email.troubles import Trouble
from otklik.channels.models import Box
from otklik.channels.outbox.posting import TROUBLE
from otklik.env import env
from otklik.jobs import lines
from otklik.journal import journaling
from otklik.journal.journaling import Line as Entry

log = structlog.get_logger(__name__)
LOCKS = 0x6F7463  # «otc»: the class of the boxes' advisory locks
INBOX = "INBOX"
TICK_S = 2.0
PAUSES_S = (1, 5, 15, 60, 300)  # after a line that broke
SIGN_IN_PAUSES_S = (60, 300, 900)  # after a refused password: trying often locks mailboxes
ALIVE_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. idle: the longest IDLE (servers hang up at 30 minutes); look: between two looks without news."""

    look_s: float = 300
    connect_s: float = 20
    pauses_s: Sequence[float] = PAUSES_S
    sign_in_pauses_s: Sequence[float] = SIGN_IN_PAUSES_S


class Watch:
    """The thread of one box. stop() rings its bell, so it ends at once even in IDLE."""

    def __init__(self, box: Box, patience: Patience) -> None:
        self.box = box
        self._patience = patience
        self._stopping = threading.Event()
        self._bell, self._ear = socket.socketpair()
        self._doubles: set[int] = set()
        self._failed = 0
        self._thread = threading.Thread(target=self._run, name=f"box-{box.pk}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._bell.send(b"!")

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)
        if not self._thread.is_alive():
            self._bell.close()
            self._ear.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._watch()
            except Exception as fault:  # noqa: BLE001 - the edge of a channel: recorded, tried again
                pause_s = self._failure(fault)
                self._stopping.wait(pause_s)
            finally:
                connection.close()

    def _watch(self) -> None:
        """One life of a line: until it breaks or we are stopped."""
        with imap.dial(self.box, timeout_s=self._patience.connect_s) as line:
            looked_at = time.monotonic()
            self._look(line, back=True)
            while not self._stopping.is_set():
                connection.close()  # a box waits for hours: its connection is worth more elsewhere
                line.wait(self._patience.look_s, self._ear)
                if self._stopping.is_set():
                    return
                back = time.monotonic() - looked_at >= self._patience.look_s
                self._look(line, back=back)
                looked_at = time.monotonic() if back else looked_at

    def _look(self, line: Line, *, back: bool) -> None:
        at = timezone.now()
        got = fetching.fetch(line, self.box, INBOX, at=at)
        if back:
            fetching.look_back(line, self.box, INBOX, self._doubles, at=at)
        if got.stored:
            log.info("letters fetched", box=self.box.pk, stored=got.stored)
        self._failed = 0
        well(self.box, at=timezone.now())

    def _failure(self, fault: Exception) -> float:
        """Write down what is wrong; the seconds to wait before the next try."""
        trouble = troubles.of(fault, self.box)
        if trouble.is_sign_in:
            credentials.forget(self.box)
        pauses = self._patience.sign_in_pauses_s if trouble.is_sign_in else self._patience.pauses_s
        pause_s = pauses[min(self._failed, len(pauses) - 1)]
        self._failed += 1
        cause = f"{type(fault).__name__}: {trouble.said}"[:300]
        log.warning("box not read", box=self.box.pk, cause=cause, retry_s=pause_s)
        with contextlib.suppress(Exception):  # the database may be what is away
            ill(self.box, trouble, at=timezone.now())
        return pause_s


def well(box: Box, *, at: datetime) -> None:
    """The box was read now; an end of its trouble stands in the journal."""
    with transaction.atomic():
        # what the sending side found is not ours to take back
        troubled = Box.objects.filter(pk=box.pk).exclude(Q(trouble="") | Q(trouble__startswith=TROUBLE))
        if troubled.update(trouble="", trouble_at=None, alive_at=at):
            journaling.write(_entry(box, "box.recovered", at))
            return
        stale = Box.objects.filter(pk=box.pk).exclude(alive_at__gt=at - ALIVE_EVERY)
        stale.update(alive_at=at)


def ill(box: Box, trouble: Trouble, *, at: datetime) -> None:
    """What is wrong, as a sentence on the box; the beginning of a trouble stands in the journal."""
    with transaction.atomic():
        rows = Box.objects.filter(pk=box.pk)
        if rows.filter(trouble="").update(trouble=trouble.sentence, trouble_at=at):
            journaling.write(_entry(box, "box.trouble", at, trouble=trouble.sentence))
        else:
            rows.update(trouble=trouble.sentence)


def _entry(box: Box, word: str, at: datetime, **facts: object) -> Entry:
    return Entry(None, word, at, teams=(box.team_id,), facts={"box": box.pk, **facts})


@dataclass
class Watchers:
    """All boxes that this process watches. tick() starts and stops threads as rows change."""

    patience: Patience = field(default_factory=Patience)
    _watches: dict[int, tuple[object, Watch]] = field(default_factory=dict)
    _locks: psycopg.Connection[tuple[object, ...]] | None = None

    def run(self, stopping: threading.Event) -> None:
        """A service: until the event is set. Raises when the database goes away; called again then."""
        try:
            while not stopping.wait(0 if self._locks is None else TICK_S):
                self.tick()
        finally:
            self.close()

    def tick(self) -> None:
        """Look at the rows once. A changed box (a new password) gets a new thread."""
        locks = self._lock_line()
        boxes = {box.pk: box for box in Box.objects.filter(kind=Box.Kind.IMAP).exclude(mode=Box.Mode.OFF)}
        connection.close()
        boxes = {pk: box for pk, box in boxes.items() if box.connected_at is not None}
        for pk, (face, watch) in list(self._watches.items()):
            if pk not in boxes or _face(boxes[pk]) != face:
                self._end(pk, watch)
        for pk, box in boxes.items():
            if pk not in self._watches and _lock(locks, pk):
                watch = Watch(box, self.patience)
                self._watches[pk] = (_face(box), watch)
                watch.start()

    def close(self) -> None:
        """Stop all threads, give up all locks."""
        watches = {pk: watch for pk, (_known, watch) in self._watches.items()}
        for watch in watches.values():
            watch.stop()
        for pk, watch in watches.items():
            self._end(pk, watch)
        if self._locks is not None:
            self._locks.close()
            self._locks = None

    def _end(self, pk: int, watch: Watch) -> None:
        watch.stop()
        watch.join(5)
        del self._watches[pk]
        if self._locks is not None and not self._locks.closed:
            self._locks.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, pk])

    def _lock_line(self) -> psycopg.Connection[tuple[object, ...]]:
        """The connection whose life holds the locks. Raises psycopg.OperationalError when it has died."""
        if self._locks is None:
            told = psycopg.conninfo.conninfo_to_dict(env().listen_url)
            address = psycopg.conninfo.make_conninfo(**{**told, "dbname": connection.settings_dict["NAME"]})
            self._locks = lines.vital(address, "otklik boxes")
        self._locks.execute("SELECT 1")
        return self._locks


def _lock(line: psycopg.Connection[tuple[object, ...]], pk: int) -> bool:
    row = line.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, pk]).fetchone()
    return bool(row and row[0])


def _face(box: Box) -> object:
    """What of a box matters to its thread: another value means another thread."""
    return (
        box.address, box.imap_host, box.imap_port, box.imap_security, box.auth, box.username,
        bytes(box.secret or b""), box.history_days, box.connected_at,
    )  # fmt: skip


def run(stopping: threading.Event) -> None:
    """The boxes of this installation (a service)."""
    Watchers().run(stopping)
