"""How far a long command has come: one line that renews itself at a terminal, a line a tenth in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TextIO

EVERY_S = 0.5
MEGABYTE = 1_000_000


class Progress:
    """One stage. total: bytes, 0 when nobody knows."""

    def __init__(self, stage: str, total: int = 0, out: TextIO | None = None) -> None:
        self._stage, self._total = stage, total
        self._out = out or sys.stderr
        self._done = 0
        self._said_at = 0.0
        self._tenth = -1

    def add(self, count: int) -> None:
        self._done += count
        if self._out.isatty():
            if time.monotonic() - self._said_at > EVERY_S:
                self._said_at = time.monotonic()
                self._out.write(f"\r{self._line()}\x1b[K")
                self._out.flush()
        elif self._total and self._done * 10 // self._total > self._tenth:
            self._tenth = self._done * 10 // self._total
            self._out.write(f"{self._line()}\n")

    def through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces, counted."""
        for piece in pieces:
            self.add(len(piece))
            yield piece

    def end(self) -> None:
        if self._out.isatty():
            self._out.write(f"\r{self._stage}: {size(self._done)}\x1b[K\n")
            self._out.flush()

    def _line(self) -> str:
        if not self._total:
            return f"{self._stage}: {size(self._done)}"
        share = min(99, self._done * 100 // self._total)
        return f"{self._stage}: {share} % ({size(self._done)})"


def size(count: int) -> str:
    """«12,3 МБ» for a person."""
    if count >= 1000 * MEGABYTE:
        return f"{count / (1000 * MEGABYTE):.1f} ГБ".replace(".", ",")
    return f"{count / MEGABYTE:.1f} МБ".replace(".", ",")
