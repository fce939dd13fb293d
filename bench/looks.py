"""What the access log costs a page: `python -m bench.looks [--lines 2000]`, on top of 100,000 lines, fsync on."""

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from bench import figures
from otklik.site.postgres import Embedded
from otklik.site.role import command

THERE = 100_000
P50_MS, P95_MS = 0.6, 1.5  # a twentieth of the page of a request (p50 ≤ 11 ms, p95 ≤ 25 ms)

_FILL = """
    INSERT INTO accounts_look (user_id, kind, door, ticket_id, client_id, words, place, at)
    SELECT n %% 50, 'request', 'page', n, n %% 9000, '', '192.0.2.1', now() - n * interval '1 second'
      FROM generate_series(1, %s) n
"""


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--lines", type=int, default=2000)
    asked = told.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="otklik-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    database = Embedded(folder)
    try:
        os.environ.update(
            OTKLIK_HOME=str(folder), OTKLIK_DATABASE_URL=database.start(), OTKLIK_SECRET_KEY="b" * 40
        )
        subprocess.run(command("migrate"), check=True, capture_output=True)  # noqa: S603 - our own
        _measure(asked.lines)
    finally:
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)
    figures.finish()


def _measure(lines: int) -> None:
    from otklik.site.roles import django

    django()
    from django.db import connection
    from django.test import RequestFactory
    from django.utils import timezone

    from otklik.accounts import looking
    from otklik.accounts.models import User

    with connection.cursor() as cursor:
        cursor.execute(_FILL, [THERE])
        cursor.execute("ANALYZE accounts_look")
    request, took, plain = RequestFactory().get("/"), [], []
    for n in range(lines):
        seen = looking.Seen("request", ticket_id=THERE + n, client_id=n)
        begin = time.perf_counter()
        looking.note(request, User(pk=n % 50), seen, at=timezone.now())
        took.append((time.perf_counter() - begin) * 1000)
        begin = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        plain.append((time.perf_counter() - begin) * 1000)
    times = statistics.median(took) / statistics.median(plain)
    figures.line("looks: a line against an empty question, p50", times, "times", 4)
    figures.line("looks: a line of the access log, p50", statistics.median(took), "ms", P50_MS)
    figures.line("looks: a line of the access log, p95", statistics.quantiles(took, n=20)[-1], "ms", P95_MS)


if __name__ == "__main__":
    main()
