"""The intake's reader of letters: a child process with limits of time and memory, so that no bytes can hurt us.

The child runs `otklik.mime.read` and nothing else: no Django, 1 GB of address space, 2 s of wall clock a letter.
A child that dies, hangs or grows is killed and started again; the letter that did it comes back as `Poisoned`
and the rest of the batch is read by the next child. Speed: ≥ 450 letters of 20 KB a second end to end on one core.
"""

import io
import os
import pickle
import re
import resource
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Literal, Self

from otklik.mime import Letter, letter, read

LIMIT_S = 2.0
LIMIT_BYTES = 1024**3
_BIG_BYTES = 25 * 1024 * 1024  # from here on one letter at a time
_AHEAD_BYTES = 1024 * 1024  # sent to the child before its answers are awaited
_AHEAD = 32
_START_S = 20.0
_ORPHAN_S = 30  # a child whose parent was killed while it hangs ends itself
_EXIT_MEMORY = 77
_FRAME = struct.Struct("!Q")
_READY = b"ready"
_OUT_OF_MEMORY = b"memory"
_SCAN_BYTES = 64 * 1024

Reason = Literal["time", "memory", "crash"]


@dataclass(frozen=True, slots=True)
class Poisoned:
    """A letter that could not be read within the limits; what a look at its first 64 KB still tells."""

    reason: Reason
    from_email: str
    subject: str


class NotStarted(OSError):
    """The child cannot even begin: no letter is to blame for that."""


class _Dead(Exception):
    """The child gave no answer: `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class Sandbox:
    """A context manager around one child. Not for several threads: each takes its own.

    limit_s, limit_bytes: smaller ones are for tests; the product keeps the contract's.
    """

    def __init__(self, limit_s: float = LIMIT_S, limit_bytes: int = LIMIT_BYTES) -> None:
        """Remember the limits; the child starts with the first letter."""
        self._limit_s = limit_s
        self._limit_bytes = limit_bytes
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child. The sandbox may be used again: it starts another."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    @property
    def pid(self) -> int | None:
        """Process id of the living child, for the operator's page."""
        return self._child.pid if self._child is not None else None

    def read_many(self, letters: Sequence[bytes]) -> list[Letter | Poisoned]:
        """One result for each letter, in order. Never raises for what a letter holds; NotStarted without a child."""
        results: list[Letter | Poisoned] = []
        while len(results) < len(letters):
            try:
                self._read_on(letters, results)
            except _Dead as fault:
                self.close()
                if len(results) < len(letters):
                    results.append(_poisoned(letters[len(results)], fault.reason))
        return results

    def _read_on(self, letters: Sequence[bytes], results: list[Letter | Poisoned]) -> None:
        """Keep the child busy: letters go ahead of the answers, within bounds, and answers come in order."""
        child = self._living()
        sent = len(results)
        ahead = 0
        while len(results) < len(letters):
            while sent < len(letters) and _may_send(letters[sent], sent - len(results), ahead):
                child.send(letters[sent])
                ahead += len(letters[sent])
                sent += 1
            answer = child.receive(self._limit_s)
            if answer == _OUT_OF_MEMORY:
                raise _Dead("memory")
            ahead -= len(letters[len(results)])
            results.append(_letter(answer))

    def _living(self) -> "_Child":
        if self._child is None:
            self._child = _Child(self._limit_bytes)
        return self._child


def _may_send(letter: bytes, waiting: int, ahead: int) -> bool:
    if not waiting:
        return True
    return waiting < _AHEAD and ahead + len(letter) <= _AHEAD_BYTES and len(letter) < _BIG_BYTES


class _Answer(pickle.Unpickler):
    """Values of a letter and nothing else: a child that hostile bytes have taken over can't run anything here."""

    _KNOWN = frozenset((letter.__name__, name) for name in vars(letter) if name[0].isupper()) | {
        ("datetime", "date"), ("datetime", "datetime"), ("datetime", "timedelta"), ("datetime", "timezone"),
    }  # fmt: skip

    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in self._KNOWN:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a letter")
        return super().find_class(module, name)


def _letter(answer: bytes) -> Letter:
    try:
        found = _Answer(io.BytesIO(answer)).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, ValueError) as fault:
        raise _Dead("crash") from fault
    if not isinstance(found, Letter):
        raise _Dead("crash")
    return found


class _Child:
    """The child process and its two pipes, framed by a length of eight bytes."""

    def __init__(self, limit_bytes: int) -> None:
        command = [sys.executable, "-m", "otklik.channels.email.sandbox", str(limit_bytes)]
        self._process = subprocess.Popen(  # noqa: S603  # our own module, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.pid = self._process.pid
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the reader child has no pipes")
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)
        self._outbox: list[memoryview] = []
        self._inbox = bytearray()
        if not self._has_begun():
            self.kill()
            raise NotStarted(f"the reader child {self.pid} did not start: see its error output")

    def _has_begun(self) -> bool:
        try:
            return self.receive(_START_S) == _READY
        except _Dead:
            return False

    def send(self, letter: bytes) -> None:
        """Queue a letter; it goes out while answers are awaited, so that full pipes can't lock both sides."""
        self._outbox += [memoryview(_FRAME.pack(len(letter))), memoryview(letter)]

    def receive(self, limit_s: float) -> bytes:
        """The next answer. The clock runs only while the child has nothing to say: it is that letter's time."""
        end = time.monotonic() + limit_s
        while True:
            answer = self._taken()
            if answer is not None:
                return answer
            left = end - time.monotonic()
            if left <= 0:
                raise _Dead("time")
            readable, writable, _ = select.select([self._from], [self._to] if self._outbox else [], [], left)
            if writable:
                end = max(end, time.monotonic() + limit_s) if self._write() else end
            if readable:
                self._read()

    def _taken(self) -> bytes | None:
        if len(self._inbox) < _FRAME.size:
            return None
        (size,) = _FRAME.unpack_from(self._inbox)
        if len(self._inbox) < _FRAME.size + size:
            return None
        answer = bytes(memoryview(self._inbox)[_FRAME.size : _FRAME.size + size])
        del self._inbox[: _FRAME.size + size]
        return answer

    def _write(self) -> bool:
        """Push what the pipe takes; True when a letter is still on its way, whose time hasn't begun."""
        try:
            while self._outbox:
                done = os.write(self._to, self._outbox[0][: 1 << 20])
                self._outbox[0] = self._outbox[0][done:]
                if self._outbox[0]:
                    return True
                self._outbox.pop(0)
        except BlockingIOError:
            return True
        except OSError:
            self._outbox.clear()  # it died; what it answered before still lies in the other pipe
        return False

    def _read(self) -> None:
        try:
            piece = os.read(self._from, 1 << 20)
        except BlockingIOError:
            return
        if not piece:
            raise _Dead(self._cause())
        self._inbox += piece

    def _cause(self) -> Reason:
        try:
            code = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return "crash"
        return "memory" if code in {_EXIT_MEMORY, -9} else "crash"

    def kill(self) -> None:
        """End the process and reap it."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()


def _poisoned(raw: bytes, reason: Reason) -> Poisoned:
    """Author and subject by two small looks at the raw head; this runs in the parent, so it only copies bytes."""
    head = raw[:_SCAN_BYTES]
    sender = _header(head, b"from").rpartition("<")[2].rstrip("> ")
    return Poisoned(reason, sender[:250], _header(head, b"subject")[:250])


def _header(head: bytes, name: bytes) -> str:
    """The first line of a header, 8-bit bytes as �; encoded words stay as they are for nothing may be decoded here."""
    found = re.search(rb"^" + name + rb":[ \t]{0,20}([^\r\n]{0,500})", head, re.IGNORECASE | re.MULTILINE)
    text = found[1].decode("utf_8", "replace") if found else ""
    return "".join(char for char in text if char.isprintable())


def _serve(letters: IO[bytes], answers: IO[bytes], reader: Callable[[bytes], Letter]) -> None:
    """The child: letter in, answer out, until the parent's end of the pipe closes."""
    while True:
        frame = letters.read(_FRAME.size)
        if len(frame) < _FRAME.size:
            return
        raw = letters.read(_FRAME.unpack(frame)[0])
        signal.alarm(_ORPHAN_S)
        try:
            answer = pickle.dumps(reader(raw), protocol=pickle.HIGHEST_PROTOCOL)
        except MemoryError:
            answer = _OUT_OF_MEMORY
        signal.alarm(0)
        answers.write(_FRAME.pack(len(answer)))
        answers.write(answer)
        answers.flush()


def _main() -> None:
    """Take the limit of memory first, then say that we are ready."""
    limit = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not break the frames
    read(b"Content-Type: text/html\n\n<p>.")  # imports what the first letter would wait for
    answers.write(_FRAME.pack(len(_READY)) + _READY)
    answers.flush()
    try:
        _serve(sys.stdin.buffer, answers, read)
    except MemoryError:
        os._exit(_EXIT_MEMORY)
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    _main()
