"""The machine's own speed. One that is shared with others halves and comes back; a figure is taken when it is back."""

import time

LOOPS = 10_000_000
USUAL_MS = 125  # of a loop on the machine of docs/verification.md when nothing else runs: about 105
PATIENCE_S = 20
PAUSE_S = 3


def loop_ms() -> float:
    """The same work each time: how much slower than usual the machine is just now."""
    began = time.perf_counter()
    for _ in range(LOOPS // 4):
        pass
    return (time.perf_counter() - began) * 4000


def wait() -> None:
    """Until the machine has its usual speed, PATIENCE_S at most."""
    deadline = time.monotonic() + PATIENCE_S
    while loop_ms() > USUAL_MS and time.monotonic() < deadline:
        time.sleep(PAUSE_S)
