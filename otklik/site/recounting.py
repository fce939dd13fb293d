"""`otklik sla verify`: its part with Django, in a process of its own on the database of a home."""

from __future__ import annotations

import subprocess
import sys
import time

from otklik.env import Env
from otklik.site.rescue import places, restoring
from otklik.site.rescue.faults import RescueFault
from otklik.site.role import command

SHOWN = 100  # differences that are written out
FAILED = 2


def call(chosen: Env, requests: int | None) -> int:
    """0: all clocks are as a replay makes them; 1: some differ; 2: it could not be told."""
    wish = [] if requests is None else [str(requests)]
    try:
        with places.source(chosen) as place:
            done = subprocess.run(  # noqa: S603 - our own command
                command("verify-sla", *wish), check=False, env=restoring.variables(place.url, home=place.home)
            )
    except RescueFault as fault:
        sys.stderr.write(f"{fault}\n")
        return FAILED
    return done.returncode if done.returncode in {0, 1} else FAILED


def run(requests: str = "") -> int:
    """The process `verify-sla`: progress to standard error, differences and the result to standard output."""
    from otklik.site.roles import django

    django()
    from django.db import DatabaseError

    from otklik.sla import verifying

    began = time.monotonic()
    try:
        return _told(int(requests) if requests else None, began)
    except verifying.NeverRan:
        sys.stderr.write("Часы ещё никто не считал: запустите Отклик и повторите через минуту.\n")
    except DatabaseError as fault:
        first = str(fault).partition("\n")[0]
        sys.stderr.write(f"База не ответила: {first}. Проверьте её: otklik doctor\n")
    return FAILED


def _told(requests: int | None, began: float) -> int:
    from otklik.sla import verifying

    shown, tally = 0, verifying.Tally()
    for tally in verifying.verify(requests):
        for one in tally.differences[shown : max(shown, SHOWN)]:
            sys.stdout.write(f"{one}\n")
        shown = len(tally.differences)
        sys.stderr.write(f"\rсверено {tally.requests} из {tally.total}, расхождений {shown}")
        sys.stderr.flush()
    sys.stderr.write("\n")
    if shown > SHOWN:
        sys.stdout.write(f"… и ещё {shown - SHOWN}\n")
    took = time.monotonic() - began
    sys.stdout.write(
        f"Запросов: {tally.requests}, часов: {tally.clocks}, ждут своей очереди: {tally.waiting}. "
        f"Расхождений: {shown}. Время: {took:.1f} с.\n"
    )
    return 1 if shown else 0
