"""The part of bench/sla.py with a database: clocks derived, proved by a replay, and swept when they fall due.

Runs in a process of its own on an empty installation: `python -m bench.sla`.
"""

import statistics
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - Django first
from django.utils import timezone  # noqa: E402

from bench import figures, quiet  # noqa: E402
from bench.lives import Life, Maker  # noqa: E402
from otklik.desk.models import Ticket  # noqa: E402
from otklik.journal.models import Follower  # noqa: E402
from otklik.sla import deriving, ticking, verifying, warning  # noqa: E402
from otklik.sla.models import Agreement, AgreementVersion, Clock  # noqa: E402
from tests import make  # noqa: E402
from tests.sla import lives  # noqa: E402

OPEN, DUE = 1_000_000, 100
_TICKETS = """
COPY desk_ticket (id, number, subject, client_id, channel, team_id, state, priority, purpose, result, created_at,
  last_words, last_message_at, last_by, unread, next_due_kind) FROM STDIN
"""
_ENTRIES = "COPY journal_entry (at, actor, ticket_id, word, facts, audience, public) FROM STDIN"
# besides the clocks of the requests as many of one kind as are wanted, a hundred of them past their due time
_CLOCKS = """
INSERT INTO sla_clock (ticket_id, kind, cycle, returns, version_id, state, target_s, started_at, changed_at, elapsed_s,
       due_at, late, warn_at, warned)
SELECT t.id, 'vendor', 1000 + n, 0, %(version)s, 'running', 14400, now() - interval '1 day',
       now() - interval '1 day', 0,
       now() + CASE WHEN row_number() OVER () <= %(due)s THEN interval '-1 minute' ELSE interval '2 days' END, false,
       now() + CASE WHEN row_number() OVER () <= 2 * %(due)s THEN interval '-2 minutes' ELSE interval '1 day' END, 0
  FROM generate_series(1, %(each)s) n, desk_ticket t LIMIT %(open)s
"""


def main(requests: int) -> None:
    settle()
    fill(requests)
    quiet.wait()
    took = timed(counted)
    figures.line("clocks bound and derived, requests", requests / took, "/s", 800, lower_is_better=False)
    print(f"  {Clock.objects.count():,} clocks of {requests:,} requests", flush=True)
    again(requests)
    verified(requests)
    sweep()
    figures.finish()


def settle() -> None:
    """Three tiers by two calendars; the middle one is for everybody."""
    night = lives.calendar(
        "Ночь", tz="Europe/Moscow", week={"mon": [["20:00", "08:00"]], "thu": [["08:00", "20:00"]]}
    )
    for calendar, name in ((None, "Обычное"), (night, "Ночное"), (None, "Срочное")):
        lives.agreement(calendar, name=name, grace_s=1800)
    Agreement.objects.filter(name="Обычное").update(is_default=True)


def fill(count: int) -> None:
    teams = [make.team().pk, make.team("Инженеры", 2).pk, make.team("Поставщик", 4).pk]
    client = make.identity().client_id
    made = list(Maker(teams, timezone.now()).lives(count))
    versions = list(AgreementVersion.objects.order_by("pk").values_list("pk", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        with cursor.copy(_TICKETS) as rows:
            for number, one in enumerate(made, 1):
                rows.write_row((
                    number, number, "Не открывается база", client, "email", one.team, one.state, one.priority, "", "",
                    one.created_at, "", one.created_at, "client", False, "",
                ))  # fmt: skip
        with cursor.copy(_ENTRIES) as rows:
            for number, one in enumerate(made, 1):
                for at, actor, word, facts in one.entries:
                    rows.write_row((at, actor, number, word, facts, [one.team], True))
        # every third request changes its agreement half-way
        cursor.execute(
            "INSERT INTO sla_bond (ticket_id, version_id, at, ended_at) SELECT id, %s, created_at, created_at +"
            " interval '9 hours' FROM desk_ticket WHERE id %% 3 = 0", [versions[1]],
        )  # fmt: skip
        cursor.execute(
            "INSERT INTO sla_bond (ticket_id, version_id, at) SELECT id, %s, created_at + interval '9 hours'"
            " FROM desk_ticket WHERE id %% 3 = 0", [versions[2]],
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"  {sum(map(_length, made)):,} entries of the journal", flush=True)


def _length(one: Life) -> int:
    return len(one.entries)


def counted() -> None:
    """As after an upgrade: the loop begins, and what was there gets its clocks by slices."""
    ticking.follow()
    while Follower.objects.filter(name=ticking.EARLIER, entry_id__gt=0).exists():
        ticking.catch_up()
    while ticking.follow():  # what was bound just now stands in the journal
        pass


def again(requests: int) -> None:
    """Nothing differs, nothing is written."""
    ids = list(range(1, min(requests, 10_000) + 1))
    slices = [ids[n : n + ticking.SLICE] for n in range(0, len(ids), ticking.SLICE)]
    changed: list[int] = []
    took = timed(lambda: changed.extend(deriving.derive(one, at=timezone.now()) for one in slices))
    assert sum(changed) == 0, sum(changed)
    figures.line("clocks derived again, requests", len(ids) / took, "/s", 1500, lower_is_better=False)
    took = timed(lambda: [deriving.standings(one) for one in slices])
    figures.line("clocks replayed only, requests", len(ids) / took, "/s", 2000, lower_is_better=False)


def verified(requests: int) -> None:
    tallies: list[verifying.Tally] = []
    took = timed(lambda: tallies.extend(verifying.verify()))
    tally = tallies[-1]
    assert (tally.requests, tally.waiting, tally.differences[:3]) == (requests, 0, [])
    print(
        f"  {tally.clocks:,} clocks of {tally.requests:,} requests: {len(tally.differences)} differences",
        flush=True,
    )
    figures.line(f"verify of {requests:,} requests", took, "s", 120)


def sweep() -> None:
    """One step of the loop that tells of late clocks and warns, as the worker runs it; taken back after each time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE sla_clock SET warn_at = NULL, late = late OR coalesce(due_at < now(), false)")
        version = AgreementVersion.objects.values_list("pk", flat=True).first()
        each = -(-OPEN // Ticket.objects.count())
        cursor.execute(_CLOCKS, {"version": version, "due": DUE, "each": each, "open": OPEN})
        cursor.execute("ANALYZE sla_clock")
        quiet.wait()
        took = statistics.median(timed(undone) for _ in range(7))
        figures.line(f"sweep of clocks, {OPEN:,} open, {DUE} due, {DUE} to warn of", took * 1000, "ms", 200)
        transaction.set_rollback(True)


def undone() -> None:
    with transaction.atomic():
        assert warning.sweep() >= 2 * DUE
        transaction.set_rollback(True)


def timed(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]))
