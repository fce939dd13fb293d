"""The intake's sweep: envelopes in batches → letters → requests. One loop a process, any number of processes."""

import contextlib
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone

from otklik.channels.email.sandbox import Sandbox
from otklik.channels.intake import reading, taking, taking_in
from otklik.channels.intake.reading import Read
from otklik.channels.models import Envelope
from otklik.desk.files import File, NoRoom

log = structlog.get_logger(__name__)
SLICE = 25  # letters read between two signs of life
AWAY = (OperationalError, InterfaceError)  # the database is away, or two batches met in a deadlock
NOT_THEIRS = (NoRoom, OSError, *AWAY)  # not the letters' fault: the attempt doesn't count
STREAM = taking.MOST_LETTERS // 4  # so many at once: more are on their way
# Under a stream a batch gathers for so long: what each costs besides its letters, some 40 ways to the server and back
# and four loops called by the journal, is paid fewer times. A lone letter waits for nothing.
GATHER_S = 0.4
IDLE_TICKS = 12  # after so many empty ticks the reading child goes: it costs 30 MB


class Sweeper:
    """Takes what is due; keeps one reading child. Under a stream the next batch is read while one is taken in.

    For one thread: the reading ahead has its own, and the child serves one of them at a time.
    """

    def __init__(self, sandbox: Sandbox | None = None) -> None:
        self._sandbox = sandbox or Sandbox()
        self._idle = 0
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="intake-reader")
        self._ahead: Future[list[Read]] | None = None
        self._taken_at = time.monotonic()  # the last batch

    def tick(self) -> int:
        """One batch; returns how many letters it was. Raises files.NoRoom and django.db.Error: nothing is lost then."""
        reads = self._next()
        if not reads:
            self._rest()
            return 0
        self._idle = 0
        if len(reads) >= STREAM:
            gather_s = GATHER_S if len(reads) < taking.MOST_LETTERS else 0
            self._ahead = self._reader.submit(self._read_ahead, gather_s)
        try:
            self._take_in(reads)
        except NOT_THEIRS:
            _give_back([read.envelope for read in reads])
            raise
        return len(reads)

    def close(self) -> None:
        """End the child; a batch that was read ahead waits for the next sweeper."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            with contextlib.suppress(Exception):
                _give_back([read.envelope for read in ahead.result()])
        self._reader.submit(_hang_up)
        self._reader.shutdown()
        self._sandbox.close()

    def _next(self) -> list[Read]:
        ahead, self._ahead = self._ahead, None
        return self._read() if ahead is None else ahead.result() or self._read()

    def _read_ahead(self, gather_s: float) -> list[Read]:
        """In the reader's thread; its connection stays until the stream ends or something fails."""
        time.sleep(max(0.0, self._taken_at + gather_s - time.monotonic()))
        reads: list[Read] = []
        try:
            reads = self._read()
        finally:
            if len(reads) < STREAM:
                _hang_up()
        return reads

    def _read(self) -> list[Read]:
        """Take a batch and read it, with signs of life in between."""
        self._taken_at = time.monotonic()
        envelopes = taking.take(at=timezone.now())
        reads: list[Read] = []
        said_at = timezone.now()
        try:
            for start in range(0, len(envelopes), SLICE):
                if timezone.now() - said_at > taking.LEASE / 4:
                    said_at = timezone.now()
                    taking.renew(envelopes, at=said_at)
                reads += reading.read_many(envelopes[start : start + SLICE], self._sandbox)
        except NOT_THEIRS:
            _give_back(envelopes)
            raise
        return reads

    def _take_in(self, reads: Sequence[Read]) -> None:
        """All at once; if that fails, one by one, so that a bad letter stops nobody else's."""
        stored = taking_in.files_of(reads)
        try:
            taking_in.take_in(reads, stored, at=timezone.now())
        except Exception as fault:  # the edge: a letter's fault, told and recorded below
            if _is_away(fault):
                raise
            log.warning("batch taken apart", letters=len(reads), cause=_first_line(fault))
            for read in reads:
                self._take_in_alone(read, stored[read.envelope.pk])

    def _take_in_alone(self, read: Read, stored: tuple[File, ...]) -> None:
        try:
            taking_in.take_in([read], {read.envelope.pk: stored}, at=timezone.now())
        except Exception as fault:  # the same
            if _is_away(fault):
                raise
            cause = _first_line(fault)
            log.error("letter not taken in", envelope=read.envelope.pk, box=read.envelope.box_id, cause=cause)
            taking_in.refused(read, cause, at=timezone.now())

    def _rest(self) -> None:
        self._idle += 1
        if self._idle == IDLE_TICKS:
            self._sandbox.close()


def _hang_up() -> None:
    connection.close()  # of this thread


def _give_back(envelopes: Sequence[Envelope]) -> None:
    with contextlib.suppress(DatabaseError):  # then the lease runs out by itself
        taking.give_back(envelopes)


def _is_away(fault: Exception) -> bool:
    """Whether it is the database's fault. Class 54, a value larger than PostgreSQL takes, is the letter's."""
    code = getattr(fault.__cause__, "sqlstate", None) or ""
    return isinstance(fault, AWAY) and not code.startswith("54")


def _first_line(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}".split("\n", 1)[0][:300]


_sweeper: Sweeper | None = None


def tick() -> int:
    """For the schedule: the sweep of this process."""
    global _sweeper  # noqa: PLW0603 - one reading child a process, kept between ticks
    if _sweeper is None:
        _sweeper = Sweeper()
    return _sweeper.tick()
