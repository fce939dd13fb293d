"""The lead's page with 30 people, and 500 requests of one passed on, on top of 100,000: `python -m bench.leading`."""

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

REQUESTS, PEOPLE, ILL = 100_000, 30, 500
OPEN_SHARE = 0.03  # of all requests, as in bench/data
PAGE_MS, RUN_MS, BATCH_MS = 60, 2000, 500

_PEOPLE = """
    INSERT INTO staff_team (name, level) VALUES ('Помощь', 1);
    INSERT INTO accounts_user (email, name, role, theme, language, is_active, created_at, password)
    SELECT n || '@primer.example', 'Сотрудник ' || n, 'lead', 'system', 'ru', true, now(), ''
      FROM generate_series(1, %(people)s) n;
    INSERT INTO staff_membership (team_id, user_id) SELECT t.id, u.id FROM staff_team t, accounts_user u;
    INSERT INTO clients_client (name, position, note, created_at) VALUES ('Вера', '', '', now());
"""
_REQUESTS = """
    INSERT INTO desk_ticket (subject, client_id, channel, team_id, owner_id, state, priority, purpose, result,
      created_at, last_words, last_message_at, last_by, unread, next_due_at, next_due_kind)
    SELECT 'Запрос', c.id, 'email', t.id, %(first)s + CASE WHEN n <= %(ill)s THEN 0 ELSE 1 + n %% %(others)s END,
      CASE WHEN n <= %(ill)s OR random() < %(share)s THEN 'open' ELSE 'closed' END, 1, '', '',
      now() - interval '2 days', '', now() - random() * interval '1 day', 'client', true,
      now() + (random() - .2) * interval '1 day', 'answer'
      FROM generate_series(1, %(all)s) n, clients_client c, staff_team t
"""


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="otklik-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    database = Embedded(folder)
    try:
        os.environ.update(
            OTKLIK_HOME=str(folder), OTKLIK_DATABASE_URL=database.start(), OTKLIK_SECRET_KEY="b" * 40
        )
        subprocess.run(command("migrate"), check=True, capture_output=True)  # noqa: S603 - our own
        _measure()
    finally:
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)
    figures.finish()


def _measure() -> None:
    from otklik.site.roles import django

    django()
    from django.test import Client

    from otklik.accounts.models import User

    _fill()
    first, *others = User.objects.order_by("pk")
    browser = Client()
    browser.force_login(others[0])
    figures.line("lead: the page, 30 people, p50", _page_ms(browser), "ms", PAGE_MS)
    _hand_over(first, others)
    figures.line("lead: the page with what was passed on, p50", _page_ms(browser), "ms", PAGE_MS)


def _page_ms(browser: "Client") -> float:  # type: ignore[name-defined]  # noqa: F821
    pages = []
    for _ in range(50):
        begin = time.perf_counter()
        answer = browser.get("/desk/lead/", headers={"host": "localhost"})
        if answer.status_code != 200:
            raise SystemExit(f"/desk/lead/ answered {answer.status_code}")
        pages.append((time.perf_counter() - begin) * 1000)
    return statistics.median(pages)


def _hand_over(ill: "User", others: "list[User]") -> None:  # type: ignore[name-defined]  # noqa: F821
    from django.utils import timezone

    from otklik.desk import handing_over
    from otklik.desk.handing_over import Wish

    begin = time.perf_counter()
    run = handing_over.begin(ill, Wish(others[:5], "ill"), by=others[0], at=timezone.now())
    steps = []
    while True:
        before = time.perf_counter()
        if not handing_over.step(run.pk):
            break
        steps.append((time.perf_counter() - before) * 1000)
    figures.line("lead: 500 requests passed on", (time.perf_counter() - begin) * 1000, "ms", RUN_MS)
    figures.line("lead: the longest transaction of it", max(steps), "ms", BATCH_MS)
    figures.line("lead: requests that stayed", ILL - handing_over.moved(run), "", 0)


def _fill() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"people": PEOPLE})
        cursor.execute("SELECT min(id) FROM accounts_user")
        first = cursor.fetchone()[0]
        values = {"ill": ILL, "first": first, "others": PEOPLE - 1, "share": OPEN_SHARE, "all": REQUESTS}
        cursor.execute(_REQUESTS, values)
        cursor.execute("VACUUM ANALYZE desk_ticket")


if __name__ == "__main__":
    main()
