"""One child process of the supervisor: started, watched, started again with growing pauses, ended."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from otklik.jobs.pauses import Pauses
from otklik.site.processes import end_with_parent, open_log


class Part:
    """A process by its command. name: the word a person reads; log: where its output goes."""

    def __init__(self, name: str, command: list[str], log: Path, say: Callable[[str], None]) -> None:
        self.name = name
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self._command = command
        self._say = say
        self._pauses = Pauses()
        self._start_at = 0.0

    def start(self, variables: Mapping[str, str]) -> None:
        with open_log(self.log) as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(variables),
                start_new_session=True,  # Ctrl-C of the terminal is for the supervisor, which ends us in order
                preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509 - in the main thread only
            )  # fmt: skip

    def keep(self, variables: Mapping[str, str]) -> None:
        """Start it again if it fell and its pause is over. Called often."""
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            self.process = None
            pause_s = self._pauses.take()
            self._start_at = time.monotonic() + pause_s
            when = f"запущу снова через {pause_s:.0f} с" if pause_s else "запускаю снова"
            self._say(f"{self.name}: процесс остановился ({fell(code)}), {when}. Журнал: {self.log}")
        if time.monotonic() >= self._start_at:
            self.start(variables)

    def ask_to_end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic), then end it by force."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._say(f"{self.name}: не остановился вовремя, завершаю принудительно")
            self.process.kill()
            self.process.wait()


def fell(code: int) -> str:
    """How a process ended, for a person: «код 1», «сигнал SIGKILL»."""
    return f"код {code}" if code >= 0 else f"сигнал {signal.Signals(-code).name}"
