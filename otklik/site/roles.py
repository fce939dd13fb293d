"""The processes that an installation is made of. `otklik up` runs them all, a cluster each by itself."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Sequence
from types import FrameType
from typing import Any

from otklik.env import env
from otklik.site import logs

STOP_LIMIT_S = 6.0
# most of a page's time is the database's; Python's lock lets no more run at once anyway
PAGE_THREADS = 4


def django() -> None:
    """Bring Django up; the first thing of each role that has rows to read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otklik.site.settings")
    import django as framework

    framework.setup()


def log(part: str) -> None:
    """Lines of this process in the form that OTKLIK_LOG asks for."""
    logs.set_up(part, debug=env().debug, form=env().log)


def web() -> None:
    """The pages: one process with threads. PostgreSQL does the work, Python's lock is not the limit here."""
    log("web")
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "otklik.site.serving:application",
        address=env().host,
        port=env().port,
        interface=Interfaces.WSGI,
        blocking_threads=PAGE_THREADS,
        backlog=256,
        log_level=_quiet(),
        log_dictconfig=logs.THROUGH_US,
        workers_kill_timeout=int(STOP_LIMIT_S),
        respawn_failed_workers=True,
    )
    server.serve()


def live() -> None:
    """The live stream: one process without Django."""
    log("live")
    from otklik.site.live_server import serve

    asyncio.run(serve(env()))
    os._exit(0)  # the server's own threads may still hold Python while it would be taken apart: it aborts


def work(roles: Sequence[str]) -> None:
    """Run the loops and services of these roles until SIGTERM or Ctrl-C."""
    log("worker" if "worker" in roles else "intake")
    django()
    import structlog

    from otklik.jobs import wakeups
    from otklik.jobs.loops import Runner, Service
    from otklik.site.schedule import PARTS

    def listen(stopping: threading.Event) -> None:
        wakeups.listen(stopping, runner.wake)

    ears = Service("wake-ups", listen)
    runner = Runner([ears, *(part for part in PARTS if part.role in roles)])
    told = structlog.get_logger("otklik.worker")
    end = threading.Event()

    def ask_to_end(_signal: int, _frame: FrameType | None) -> None:
        end.set()

    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, ask_to_end)
    runner.start()
    told.info("started", roles=",".join(roles), parts=len(PARTS))
    end.wait()
    late = runner.stop(STOP_LIMIT_S)
    told.info("stopped", late=",".join(late) or None)
    os._exit(0)  # a thread that is late must not hold the process; its transaction is rolled back


def manage(arguments: Sequence[str]) -> None:
    """Django's own commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otklik.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["otklik manage", *arguments])


def _quiet() -> Any:  # Any: granian's enum is imported only where a server is started
    from granian.log import LogLevels

    return LogLevels.info if env().debug else LogLevels.warning
