"""How long to wait before trying again what failed."""

from __future__ import annotations

import time

LONGEST_S = 30.0
CALM_S = 60.0  # what ran this long had recovered: its next fault is a first one again


class Pauses:
    """Nothing before the first retry, then 1, 2, 4 … 30 seconds, until reset() or a calm minute."""

    def __init__(self) -> None:
        self.next_s = 0.0
        self._last = time.monotonic()

    def take(self) -> float:
        """The pause to keep now, in seconds."""
        if time.monotonic() - self._last > CALM_S + self.next_s:
            self.next_s = 0.0
        taken = self.next_s
        self.next_s = min(LONGEST_S, max(1.0, taken * 2))
        self._last = time.monotonic()
        return taken

    def reset(self) -> None:
        self.next_s = 0.0
