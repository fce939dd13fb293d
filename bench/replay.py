"""Figures of «что если» (otklik/sla/replay): history of many requests judged by other hours, targets and people.

    python -m bench.replay [--requests 50000]

On an installation that is made for it and goes afterwards; the same question is asked twice and must have the
same answer, byte for byte.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import figures

REQUESTS = 50_000


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--requests", type=int, default=REQUESTS)
    told.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = told.parse_args()
    if asked.inside:
        inside(asked.requests)
    else:
        sys.exit(outside(asked.requests))


def outside(requests: int) -> int:
    from bench.data.place import Place, served

    folder = Path(tempfile.mkdtemp(prefix="otklik-bench-replay-", dir="/var/tmp"))
    folder.chmod(0o711)
    place = Place(folder, requests)
    try:
        with served(place) as url:
            place.migrate(url)
            command = [sys.executable, "-m", "bench.replay", "--inside", "--requests", str(requests)]
            return subprocess.run(command, env=place.variables(url), check=False).returncode  # noqa: S603 - our own
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def inside(requests: int) -> None:
    fill(requests)
    from bench import quiet
    from otklik.sla.replay.wishing import Wish

    quiet.wait()
    asked(
        f"what-if, hours 8-22, {requests:,} requests", Wish(hours="longer", since="08:00", until="22:00"), 10
    )
    targets = Wish(hours="saturday", targets={"response": {"normal": 1800}, "resolution": {"normal": 28_800}})
    asked(f"what-if, Saturdays and targets, {requests:,} requests", targets, 10)
    asked(f"what-if, two people more, {requests:,} requests", Wish(more=2), 30)
    spent()
    top = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures.line("most memory of the process", top, "MB", 400)
    figures.finish()


def fill(requests: int) -> None:
    """Requests by three agreements; every third changes its own half-way; our answers by twelve people."""
    from bench import clocks

    settle()
    clocks.fill(requests)
    from django.db import connection
    from django.utils import timezone

    from otklik.desk.models import Ticket
    from otklik.sla import binding
    from tests import make

    people = [make.agent(f"Сотрудник {n}").pk for n in range(12)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_entry SET user_id = %s + id %% %s WHERE actor = 'agent'", [people[0], len(people)]
        )
        cursor.execute("ANALYZE")
    ids = list(Ticket.objects.order_by("pk").values_list("pk", flat=True))
    for part in binding.parts(ids):
        binding.bind_many(part, by=None, at=timezone.now())


def settle() -> None:
    """By two calendars; one of the three gives grace, whose requests are the dearest to judge."""
    from otklik.sla.models import Agreement
    from tests.sla import lives

    week = {"mon": [["20:00", "08:00"]], "thu": [["08:00", "20:00"]]}
    night = lives.calendar("Ночь", tz="Europe/Moscow", week=week)
    lives.agreement(None, name="Обычное")
    lives.agreement(night, name="Ночное")
    lives.agreement(None, name="Срочное", grace_s=1800)
    Agreement.objects.filter(name="Обычное").update(is_default=True)


def asked(name: str, wish: object, limit: float) -> None:
    """The job's own work, with its progress in its row, twice: the better time, and one answer.

    The seconds of its own process are judged: others share the machine. The database's are in the other figure.
    """
    from django.utils import timezone

    from otklik.accounts.models import User
    from otklik.sla.replay import running
    from otklik.sla.replay.choosing import Chosen
    from otklik.sla.replay.models import Replay
    from otklik.sla.replay.wishing import Wish

    assert isinstance(wish, Wish)
    by, at = User.objects.filter(role="agent").earliest("pk"), timezone.now()
    took, used, answers = [], [], set()
    for _round in range(2):
        row = Replay.objects.create(
            by=by, asked_at=at, chosen=Chosen(days=365).to_dict(), wish=wish.to_dict(), state="running"
        )
        began, ran = time.perf_counter(), time.process_time()
        found = running.answer(row)
        used.append(time.process_time() - ran)
        took.append(time.perf_counter() - began)
        answers.add(json.dumps(found, ensure_ascii=False))
        row.delete()
    assert len(answers) == 1, "the same question, two answers"
    figures.line(name, min(used), "s of core", limit)
    print(
        f"  {found['requests']:,} requests, {found['clocks']:,} clocks judged, {found['late_count']:,} would be late,"
        f" {len(answers.pop()):,} characters, equal twice; {min(took):.1f} s by the clock",
        flush=True,
    )


def spent() -> None:
    from django.utils import timezone

    from otklik.sla.replay import spending
    from otklik.sla.replay.choosing import Chosen

    took = []
    for _round in range(3):
        began = time.perf_counter()
        found = spending.of(Chosen(days=365), None, timezone.now())
        took.append(time.perf_counter() - began)
    figures.line(f"where time went, {found.requests:,} by lot of {found.found:,}", min(took), "s", 1.5)


if __name__ == "__main__":
    if "--inside" not in sys.argv:
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
