"""Group commit: letters of concurrent sessions go into one transaction, and each session hears of its own."""

import asyncio
import errno
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.db import DatabaseError, connection
from django.utils import timezone

from otklik.channels.intake import storing
from otklik.channels.intake.storing import Raw

log = structlog.get_logger(__name__)
MOST_LETTERS = 500
MOST_BYTES = 64 * 2**20
# When letters come together, the next commit waits so long for more: of eight sessions it takes six letters, not three.
GATHER_S = 0.003
DISK_FULL = "53100"

OK = "250 2.0.0 OK"
LATER = "451 4.3.0 Try again later, the letter was not stored"
NO_ROOM = "452 4.3.1 No room on the disk, try again later"


class GroupCommit:
    """Stores letters for many coroutines of one loop. `store` gives a coroutine its SMTP answer.

    The database is used by one thread of its own. Nobody hears «250» before the commit.
    """

    def __init__(self, write: Callable[[Sequence[Raw]], None] | None = None) -> None:
        self._write = write or _write
        self._waiting: asyncio.Queue[tuple[list[Raw], asyncio.Future[str]]] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="door-commit")
        self._held: tuple[list[Raw], asyncio.Future[str]] | None = None

    async def store(self, letters: list[Raw]) -> str:
        """The same letter for its boxes: the answer to the sender once it is committed, or why not."""
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        await self._waiting.put((letters, answer))
        return await answer

    async def run(self) -> None:
        """Commit what waits, as much as fits at a time, until cancelled."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                batch = await self._batch()
                said = await loop.run_in_executor(self._thread, self._answers, [one[0] for one in batch])
                for (_letters, answer), words in zip(batch, said, strict=True):
                    if not answer.done():
                        answer.set_result(words)
                if len(batch) > 1:
                    await asyncio.sleep(GATHER_S)
        finally:
            self._thread.submit(_close)
            self._thread.shutdown(wait=True)  # a commit that has begun is seen through

    async def _batch(self) -> list[tuple[list[Raw], "asyncio.Future[str]"]]:
        """All that waits, within the limits; at least one."""
        first = self._held or await self._waiting.get()
        self._held = None
        batch, size_bytes = [first], _size(first[0])
        while not self._waiting.empty() and len(batch) < MOST_LETTERS:
            following = self._waiting.get_nowait()
            size_bytes += _size(following[0])
            if size_bytes > MOST_BYTES:
                self._held = following
                break
            batch.append(following)
        return batch

    def _answers(self, batch: list[list[Raw]]) -> list[str]:
        """Commit all at once; when that fails, each letter by itself, so that one spoils nothing for others."""
        words = self._committed([raw for letters in batch for raw in letters])
        if words == OK or len(batch) == 1:
            return [words] * len(batch)
        return [self._committed(letters) for letters in batch]

    def _committed(self, letters: list[Raw]) -> str:
        for attempt in (1, 2):
            try:
                self._write(letters)
            except DatabaseError as fault:
                connection.close()  # the next try begins with a new line to the server
                words = _reason(fault)
                if words == NO_ROOM or attempt == 2:
                    log.error("letters not stored", count=len(letters), cause=str(fault).split("\n", 1)[0])
                    return words
            else:
                return OK
        return LATER


def _write(letters: Sequence[Raw]) -> None:
    storing.store(letters, at=timezone.now())


def _close() -> None:
    connection.close()  # in the thread that opened it


def _size(letters: list[Raw]) -> int:
    return len(letters[0].content) if letters else 0


def _reason(fault: Exception) -> str:
    """Full is said by PostgreSQL's own code; everything else may pass."""
    cause = fault.__cause__
    full = getattr(cause, "sqlstate", None) == DISK_FULL or getattr(cause, "errno", None) == errno.ENOSPC
    return NO_ROOM if full else LATER
