"""Two machines, one PostgreSQL with a replica, nginx before the pages: what fails, is lost, doubled or old.

    python -m bench.cluster [--seconds 40] [--jobs 2000] [--letters 500] [--events 1000] [--writes 150]

Uses the town of tests/cluster (Debian's PostgreSQL, PgBouncer, nginx on loopback). One figure a line.
"""

from __future__ import annotations

import argparse
import os
import shutil
import smtplib
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from urllib.parse import quote

from bench import figures

SCRATCH = Path("/var/tmp")  # noqa: S108 - mkdtemp makes a name of its own there
LISTENERS = 20
EVENTS_A_SECOND = 50  # who misses more than 500 is told to load the page anew
BROWSERS = 8
REPLICA_LAGS_MS = 2000
KILL_EVERY_S = 6.0


def pages(town: Town, seconds: float) -> None:
    """Agents read and write; the web processes are killed in turn."""
    anya, ticket = make.agent(), make.ticket()
    load = Load([town.browser(anya) for _ in range(BROWSERS)], ticket)
    load.start()
    ends, kills = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        time.sleep(KILL_EVERY_S)
        victim = town.machines[kills % 2]
        victim.kill("web")
        victim.start("web")
        until(victim.has_pages)
        kills += 1
    load.stop()
    kept = Counter(Note.objects.filter(ticket=ticket).values_list("text", flat=True))
    sent = len(load.forms)
    print(
        f"web processes killed: {kills}; sendings of forms that failed and were repeated: {load.failed_posts}"
    )
    figures.line(f"GETs failed of {len(load.gets):,}", len(load.failed_gets), "", 0)
    figures.line(f"POSTs lost of {sent:,}", sum(kept[words] == 0 for words in load.forms), "", 0)
    figures.line(f"POSTs doubled of {sent:,}", sum(kept[words] > 1 for words in load.forms), "", 0)


def live(town: Town, count: int) -> None:
    """Browsers listen while the streams are killed in turn."""
    ada = make.admin()
    browser = town.browser(ada)
    with closing(browser), ExitStack() as stack:
        listeners = [Listener(town, ada, browser) for _ in range(LISTENERS)]
        for one in listeners:
            stack.callback(one.stop)
        for one in listeners:
            one.ready.wait(30)
        told: list[str] = []
        writer = threading.Thread(target=_tell, args=(town, count, told))
        writer.start()
        kills = 0
        while writer.is_alive():
            writer.join(KILL_EVERY_S)
            victim = town.machines[kills % 2]
            victim.kill("live")
            victim.start("live")
            until(victim.is_ready)
            kills += 1
        _wait(lambda: all(len(one.words) >= len(told) for one in listeners))
    heard = [Counter(one.words) for one in listeners]
    total = len(told) * LISTENERS
    print(f"streams killed: {kills}, with {LISTENERS} browsers on them")
    figures.line(
        f"live events lost of {total:,}", sum(one[word] == 0 for one in heard for word in told), "", 0
    )
    figures.line(
        f"live events doubled of {total:,}", sum(one[word] > 1 for one in heard for word in told), "", 0
    )
    figures.line("pages told to load anew", sum(one.resets for one in listeners), "", 0)


def _tell(town: Town, count: int, told: list[str]) -> None:
    for _ in range(count // EVENTS_A_SECOND):
        told += write_events(town, EVENTS_A_SECOND)
        time.sleep(1)


def jobs(town: Town, count: int) -> None:
    with town.primary.line() as line:
        watch_jobs(line)
        nothing: list[JSONDict] = [{"delivery_ids": []}] * count
        keep_in_sent.batch_defer(*nothing)
        _wait(lambda: line.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,))
        ran = line.execute(
            "SELECT count(*) - count(DISTINCT job), count(DISTINCT job), count(DISTINCT worker) FROM job_ran"
        ).fetchone()
    assert ran is not None
    figures.line(f"jobs doubled of {count:,} ({ran[2]} workers)", int(str(ran[0])), "", 0)
    figures.line(f"jobs not done of {count:,}", count - int(str(ran[1])), "", 0)


def letters(town: Town, count: int) -> None:
    """The same letters come to both doors at once, by two senders each; each is acknowledged once."""
    with sink() as server:
        make.box(DOOR, smtp_host="127.0.0.1", smtp_port=server.port, smtp_security=Box.Security.NONE)
        at_once(*(partial(_send, machine.door_port, count) for machine in town.machines))
        _wait(lambda: not Envelope.objects.filter(state=Envelope.State.NEW).exists())
        _wait(lambda: len({one.recipients for one in server.world.letters}) >= count)
        answered = Counter(one.recipients for one in server.world.letters)
    opened = Counter(Ticket.objects.filter(box__address=DOOR).values_list("subject", flat=True))
    figures.line(f"letters lost of {count:,} given to both doors", count - len(opened), "", 0)
    figures.line(f"requests doubled of {count:,}", opened.total() - len(opened), "", 0)
    figures.line(f"acknowledgements not sent of {count:,}", count - len(answered), "", 0)
    figures.line(f"acknowledgements doubled of {count:,}", answered.total() - len(answered), "", 0)


def _send(port: int, count: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as door:
        for number in range(count):
            door.send_message(letter(number))


def own_writes(town: Town, count: int) -> None:
    """The replica is two seconds behind: who writes looks for it at once; others look too."""
    anya, boris, ticket = make.agent(), make.agent("Борис Ким"), make.ticket()
    writer, reader = town.browser(anya), town.browser(boris)
    with town.replica.line() as line, closing(writer), closing(reader):
        line.execute(f"ALTER SYSTEM SET recovery_min_apply_delay = {REPLICA_LAGS_MS}".encode())
        line.execute("SELECT pg_reload_conf()")
        time.sleep(5)
        missed = old = failed = 0
        for number in range(count):
            word = f"слово{time.monotonic_ns()}"
            failed += writer.post(f"/desk/{ticket.number}/note/", {"text": word}) != 302
            for who in (reader, writer):
                status, page = who.get(f"/desk/search/?q={quote(word)}")
                failed += status != 200
                found = f"/desk/{ticket.number}/" in page
                missed += who is writer and not found
                old += who is reader and not found
            if (
                number % 50 == 0
            ):  # the writer rests until the replica has caught up, and is a reader like all then
                time.sleep(0.5)
        line.execute("ALTER SYSTEM RESET recovery_min_apply_delay")
        line.execute("SELECT pg_reload_conf()")
    figures.line(f"own writes not found at once of {count:,}", missed, "", 0)
    figures.line("pages failed meanwhile", failed, "", 0)
    print(f"the replica answered others, {REPLICA_LAGS_MS / 1000:.0f} s old: {old} of {count:,} searches")


def _wait(condition: Callable[[], bool]) -> None:
    """What isn't there after a minute is lost: the figures say how much."""
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("seconds", 40), ("jobs", 2000), ("letters", 500), ("events", 1000), ("writes", 150)):
        told.add_argument(f"--{name}", type=int, default=usual)
    asked = told.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="otklik-cluster-", dir=SCRATCH))
    folder.chmod(0o711)
    try:
        with town(folder) as ours:
            pages(ours, asked.seconds)
            live(ours, asked.events)
            jobs(ours, asked.jobs)
            letters(ours, asked.letters)
            own_writes(ours, asked.writes)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    figures.finish()


if __name__ == "__main__":
    os.environ.update(
        OTKLIK_HOME=str(SCRATCH), OTKLIK_DATABASE_URL="postgresql://desk@/desk", OTKLIK_SECRET_KEY="b" * 40,
        DJANGO_SETTINGS_MODULE="otklik.site.settings",
    )  # fmt: skip
    import django

    django.setup()
    from procrastinate.types import JSONDict

    from otklik.channels.models import Box, Envelope
    from otklik.channels.outbox.keeping import keep_in_sent
    from otklik.desk.models import Note, Ticket
    from tests import make
    from tests.channels.outbox.sinks import sink
    from tests.cluster.play import DOOR, Listener, Load, at_once, letter, watch_jobs, write_events
    from tests.cluster.town import Town, town, until

    main()
