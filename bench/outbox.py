"""Letters out: how many a second over one line, what the mark before the dot costs, «Отправить» to the server's 250.

    python -m bench.outbox [--letters 500]

The server is a process of its own on this machine; PostgreSQL has its usual safety (fsync on).
"""

import argparse
import multiprocessing
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from bench import figures
from otklik.site.postgres import Embedded
from otklik.site.role import command
from tests.mailservers import free_port

LETTERS_A_SECOND = 100
MARK_MS = 5
TO_250_MS = 250


def serve(port: int, heard: Connection) -> None:
    """The world's mail server: sends a moment to `heard` for each letter it says 250 to."""
    from aiosmtpd.controller import Controller

    class Handler:
        async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802, ARG002 - aiosmtpd's
            heard.send(time.monotonic())
            return "250 2.0.0 taken"

    Controller(Handler(), hostname="127.0.0.1", port=port, ready_timeout=10).start()
    threading.Event().wait()


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--letters", type=int, default=500)
    asked = told.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="otklik-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    database = Embedded(folder)
    hears, tells = multiprocessing.Pipe(duplex=False)
    port = free_port()
    server = multiprocessing.Process(target=serve, args=(port, tells), daemon=True)
    server.start()
    try:
        os.environ.update(
            OTKLIK_HOME=str(folder),
            OTKLIK_DATABASE_URL=database.start(),
            OTKLIK_SECRET_KEY="b" * 40,
            OTKLIK_ALLOW_NETWORKS="127.0.0.0/8",
        )
        subprocess.run(command("migrate"), check=True, capture_output=True)  # noqa: S603 - our own
        _measure(asked.letters, port, hears)
    finally:
        server.terminate()
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)
    figures.finish()


def _measure(letters: int, port: int, hears: Connection) -> None:
    from otklik.site.roles import django

    django()
    from otklik.channels.outbox.posting import Post
    from tests import make

    box = make.box(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
    ann = make.agent()
    for number in range(letters):
        make.reply(make.ticket(sender=make.identity(f"client{number}@kvarts.example")), by=ann, box_id=box.pk)
    marks: list[float] = []

    class Timed(Post):
        def _mark(self, copy: object) -> None:
            begin = time.perf_counter()
            super()._mark(copy)  # type: ignore[arg-type]  # as it came
            marks.append(time.perf_counter() - begin)

    post = Timed(box.pk, holder=1)
    begin = time.perf_counter()
    while post.batch():
        pass
    took_s = time.perf_counter() - begin
    post.close()
    _drain(hears, letters)
    figures.line(
        "letters out over one line", letters / took_s, "a second", LETTERS_A_SECOND, lower_is_better=False
    )
    figures.line("  of which the mark before the dot", 1000 * statistics.median(marks), "ms", MARK_MS)
    _measure_one(lambda: _reply(box.pk, ann.pk), hears)


def _reply(box_id: int, user_id: int) -> float:
    """The moment at which somebody presses «Отправить», with no seconds to undo."""
    from django.utils import timezone

    from otklik.accounts.models import User
    from otklik.staff.models import Profile
    from tests import make

    Profile.objects.filter(user=user_id).update(undo_s=0)
    ticket = make.ticket(at=timezone.now())
    pressed = time.monotonic()
    make.reply(ticket, by=User.objects.get(pk=user_id), box_id=box_id, at=timezone.now())
    return pressed


def _measure_one(press: Callable[[], float], hears: Connection) -> None:
    from otklik.channels.outbox import sending

    stopping = threading.Event()
    service = threading.Thread(target=sending.run, args=(stopping,), daemon=True)
    service.start()
    press()
    _drain(hears, 1)  # the first one opens the line
    waits = sorted(_drain(hears, 1, press())[0] for _ in range(50))
    stopping.set()
    service.join(10)
    figures.line("«Отправить» to the server's 250, p50", 1000 * waits[24], "ms", TO_250_MS)
    figures.line("«Отправить» to the server's 250, p95", 1000 * waits[47], "ms", 2 * TO_250_MS)


def _drain(hears: Connection, count: int, since: float = 0) -> list[float]:
    found = []
    for _ in range(count):
        if not hears.poll(30):
            raise SystemExit("a letter did not come within 30 s")
        found.append(hears.recv() - since)
    return found


if __name__ == "__main__":
    main()
