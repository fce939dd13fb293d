"""`otklik up` and `otklik demo`: the database, the pages, the stream and the work, kept running in one folder."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import FrameType

from otklik.env import Env
from otklik.jobs.pauses import Pauses
from otklik.site import home as homes
from otklik.site import readiness
from otklik.site.home import HomeFault
from otklik.site.parts import Part, fell
from otklik.site.pgprograms import PostgresFault
from otklik.site.postgres import Embedded
from otklik.site.processes import last_lines
from otklik.site.role import command

READY_LIMIT_S = 60
STOP_LIMIT_S = 7
LOOK_S = 0.2


class StartFault(Exception):
    """A step of the start failed; the text is for a person at a terminal."""


class Ended(BaseException):
    """Ctrl-C or SIGTERM while still starting."""


def say(text: str) -> None:
    """One line to the person at the terminal, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Supervisor:
    """Brings everything up in `env.home`, keeps it up until SIGINT or SIGTERM, takes it down in order."""

    def __init__(self, env: Env, *, demo: bool = False) -> None:
        self.env = env
        self.demo = demo
        self.home = env.home
        self.postgres: Embedded | None = None
        self.parts: list[Part] = []
        self._variables: dict[str, str] = {}
        self._lock = homes.Lock(env.home)
        self._running = False
        self._ended = False
        self._postgres_pauses = Pauses()

    def run(self) -> None:
        """Returns after a clean end. Raises HomeFault, PostgresFault, StartFault with words for a person."""
        for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(asked, self._end)
        try:
            self._start()
            self._keep()
        except Ended:
            pass
        finally:
            self._stop()

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        self._ended = True
        if not self._running:
            raise Ended

    def _start(self) -> None:
        homes.make(self.home)
        self._lock.take()
        homes.refuse_half_restored(self.home)
        if self.demo:
            homes.sweep_demos(self.home)
        chosen = homes.addresses(self.env, demo=self.demo)
        external = homes.is_external(self.home)
        database_url = self.env.database_url if external else self._start_postgres()
        self._variables = homes.variables(self.home, chosen, database_url)
        if not readiness.is_ready(database_url, demo=self.demo):
            self._step("prepare-demo" if self.demo else "prepare", "готовлю таблицы")
        for name, words in self._commands().items():
            part = Part(name, words, self.home / "log" / f"{name}.log", say)
            self.parts.append(part)
            part.start(self._variables)
            if name == "web":  # the first page needs no company: the others would halve its processor
                self._wait_for_pages(part, chosen.port)
        self._lock.say(chosen.base_url)
        self._welcome(chosen)
        self._running = True

    def _start_postgres(self) -> str:
        self.postgres = Embedded(self.home, durable=not self.demo)  # an example needs no power-cut safety
        first = not (self.home / "postgres" / "data").exists()
        say("База данных: создаю…" if first else "База данных: запускаю…")
        url = self.postgres.start()
        homes.write_private(self.home / "database.url", url)
        return url

    def _commands(self) -> dict[str, list[str]]:
        return {"web": command("web"), "live": command("live"), "worker": command("work", "worker", "intake")}

    def _step(self, step: str, words: str) -> None:
        """Run one of our commands to its end; what it prints is the person's to see."""
        say(f"{words.capitalize()}…")
        done = subprocess.run(  # noqa: S603 - our own command
            command(step), env=self._variables, check=False
        )
        if done.returncode != 0:
            raise StartFault(f"Шаг «{words}» не удался ({fell(done.returncode)}), подробности выше.")

    def _wait_for_pages(self, web: Part, port: int) -> None:
        deadline = time.monotonic() + READY_LIMIT_S
        while not _answers(self.env.host, port):
            code = web.process.poll() if web.process else None
            if code is not None or time.monotonic() > deadline:
                raise StartFault(f"Страницы не запустились. Журнал {web.log}:\n{last_lines(web.log, 15)}")
            time.sleep(0.05)

    def _welcome(self, chosen: homes.Addresses) -> None:
        say(f"\nОтклик работает: {chosen.base_url}")
        if chosen.door_port:
            say(f"Письма принимаю по SMTP: {self.env.door_host}:{chosen.door_port}")
        hint = self.home / "sign-in.txt"
        if hint.exists():
            say(hint.read_text(encoding="utf-8").strip().replace("{url}", chosen.base_url))
        say(f"Данные и журналы: {self.home}\nОстановить: Ctrl-C\n")

    def _keep(self) -> None:
        while not self._ended:
            self._keep_postgres()
            for part in self.parts:
                if not self._ended:
                    part.keep(self._variables)
            time.sleep(LOOK_S)

    def _keep_postgres(self) -> None:
        if self.postgres is None or self.postgres.is_running():
            return
        pause_s = self._postgres_pauses.take()
        say(f"postgres: база данных остановилась, запускаю снова. Журнал: {self.postgres.log}")
        deadline = time.monotonic() + pause_s
        while time.monotonic() < deadline and not self._ended:
            time.sleep(LOOK_S)
        if self._ended:
            return
        try:
            self.postgres.start()
        except PostgresFault as fault:  # a full disk gets free again: go on trying
            say(f"postgres: {fault}")

    def _stop(self) -> None:
        """Pages, stream and work first, all at the same time; the database when nobody needs it any more."""
        for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(asked, signal.SIG_IGN)
        if self.parts or self.postgres:
            say("Останавливаю…")
        for part in self.parts:
            part.ask_to_end()
        deadline = time.monotonic() + STOP_LIMIT_S
        for part in self.parts:
            part.end(deadline)
        if self.postgres is not None:
            self.postgres.stop()
        self._lock.release()
        if self.parts or self.postgres:
            say("Готово: всё остановлено.")


def _answers(host: str, port: int) -> bool:
    """Whether the page server gives an answer of any kind."""
    try:
        connection = http.client.HTTPConnection(host if host != "0.0.0.0" else "127.0.0.1", port, timeout=5)  # noqa: S104 - compared
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        connection.getresponse().read()
        connection.close()
    except (OSError, http.client.HTTPException):
        return False
    return True


def up(env: Env, home: Path | None, *, demo: bool) -> int:
    """Run until asked to end; returns the code to exit with. home: from the command line, before OTKLIK_HOME."""
    folder = home or (homes.demo_home() if demo and not os.environ.get("OTKLIK_HOME") else env.home)
    try:
        Supervisor(replace(env, home=folder), demo=demo).run()
    except (HomeFault, PostgresFault, StartFault) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0
