"""Figures read from the database and the disk at the moment somebody asks for them, by boxes and kinds, never people.

Each read is bounded by an index; together some dozen short statements.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import psycopg
from django.db import connection
from django.db.models import Count, Max, Min, Q

from otklik.channels import queries as boxes
from otklik.channels.models import Box, Envelope
from otklik.desk.models import OPEN, Delivery, Ticket
from otklik.env import Env
from otklik.promises.models import STANDING, NextNews
from otklik.site.models import Backup, Beat

LATELY = timedelta(minutes=10)
SILENT = timedelta(minutes=2)  # a process that gave no sign for so long is gone
ENDS = ("sent", "delivered", "failed", "bounced")
Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric: values by its labels' values, in their order."""

    name: str
    says: str
    labels: Labels = ()
    values: Mapping[Labels, float] = field(default_factory=dict)


def _one(name: str, says: str, value: float | None) -> Figure:
    """Without labels; None: there is nothing to tell."""
    return Figure(name, says, (), {} if value is None else {(): value})


def _age(moment: datetime | None, now: datetime) -> float:
    """Seconds since; 0 for nothing that waits."""
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


def requests(now: datetime) -> Iterator[Figure]:
    """Open ones by state, late ones by what is due. Ended ones are too many to count: PostgreSQL's own estimate."""
    rows = Ticket.objects.filter(OPEN).order_by()
    states = dict.fromkeys(("new", "open", "waiting_client", "waiting_other"), 0)
    states |= dict(rows.values_list("state").annotate(n=Count("id")))
    yield Figure(
        "otklik_requests_open", "Requests that have not ended, by state.", ("state",),
        {(state,): n for state, n in states.items()},
    )  # fmt: skip
    late = rows.filter(next_due_at__lt=now).values_list("next_due_kind").annotate(n=Count("id"))
    kinds = {"answer": 0, "news": 0, "promise": 0} | dict(late)
    yield Figure(
        "otklik_requests_late", "Open requests whose time has passed, by what was due.", ("kind",),
        {(kind,): n for kind, n in kinds.items()},
    )  # fmt: skip
    yield _one(
        "otklik_requests_unowned", "Open requests that nobody has taken.", rows.filter(owner=None).count()
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'desk_ticket'::regclass")
        stored = cursor.fetchone()[0]
    yield _one("otklik_requests_stored", "All requests there are, about (PostgreSQL's estimate).", stored)
    late_news = NextNews.objects.filter(STANDING, due_at__lt=now).aggregate(
        n=Count("id"), first=Min("due_at")
    )
    yield _one("otklik_news_late", "News promised to clients that are late.", late_news["n"])
    yield _one(
        "otklik_news_late_oldest_seconds", "How late the latest of them is.", _age(late_news["first"], now)
    )


def letters(now: datetime) -> Iterator[Figure]:
    """By box, of the last ten minutes. Uses envelope_lately and delivery_lately."""
    since = now - LATELY
    numbers = [str(pk) for pk in Box.objects.order_by("pk").values_list("pk", flat=True)]
    came = Envelope.objects.filter(received_at__gte=since).order_by().values_list("box_id")
    values: dict[Labels, float] = {(box, end): 0.0 for box in numbers for end in ("received", *ENDS)}
    values |= {(str(box), "received"): n for box, n in came.annotate(n=Count("id"))}
    left = Delivery.objects.filter(ended_at__gte=since, state__in=ENDS).order_by()
    ended = left.values_list("message__box_id", "state").annotate(n=Count("id"))
    values |= {(str(box or "none"), state): n for box, state, n in ended}
    yield Figure(
        "otklik_letters_last_10m", "Letters of the last ten minutes by box and what became of them.",
        ("box", "outcome"), values,
    )  # fmt: skip


def mailboxes(now: datetime) -> Iterator[Figure]:
    """Each box that should work, by its number."""
    rows = list(Box.objects.exclude(mode=Box.Mode.OFF).exclude(connected_at=None).order_by("pk"))
    yield Figure(
        "otklik_box_up", "1 while a box is read and sends, 0 when it is in trouble.", ("box", "kind"),
        {(str(box.pk), box.kind): float(boxes.standing(box, now).mood != "bad") for box in rows},
    )  # fmt: skip
    yield Figure(
        "otklik_box_fetch_age_seconds", "Since a box was last read.", ("box",),
        {(str(box.pk),): _age(box.alive_at or box.connected_at, now) for box in rows if box.kind == Box.Kind.IMAP},
    )  # fmt: skip
    yield Figure(
        "otklik_box_fuse_blown", "1 while the automatic letters of a box are held.", ("box",),
        {(str(box.pk),): float(box.fuse_blown_at is not None) for box in rows},
    )  # fmt: skip


def queues(now: datetime) -> Iterator[Figure]:
    """What waits: letters to be read and to leave, single jobs. Each with the age of the oldest."""
    new = Envelope.objects.filter(state="new").aggregate(n=Count("id"), first=Min("received_at"))
    yield _one("otklik_intake_letters", "Letters that came and were not read yet.", new["n"])
    yield _one(
        "otklik_intake_oldest_seconds", "How long the oldest of them has waited.", _age(new["first"], now)
    )
    faults = Envelope.objects.filter(state="fault").count()
    yield _one("otklik_intake_faults", "Letters that could not be read.", faults)
    state = Delivery.State
    due = Delivery.objects.filter(state__in=[state.WAITING, state.RETRY], next_at__lte=now)
    out = due.aggregate(n=Count("id"), first=Min("next_at"))
    yield _one("otklik_outbox_letters", "Letters that should have left by now.", out["n"])
    yield _one(
        "otklik_outbox_oldest_seconds", "How long the oldest of them has been due.", _age(out["first"], now)
    )
    unknown = Delivery.objects.filter(state=state.UNKNOWN).count()
    yield _one("otklik_outbox_unknown", "Letters of which it isn't known whether they left.", unknown)
    yield from _jobs(now)


def _jobs(now: datetime) -> Iterator[Figure]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    rows = ProcrastinateJob.objects.filter(status__in=["todo", "doing", "failed"]).order_by()
    states = {"todo": 0, "doing": 0, "failed": 0} | dict(rows.values_list("status").annotate(n=Count("id")))
    yield Figure(
        "otklik_jobs", "Single jobs by state.", ("state",), {(state,): n for state, n in states.items()}
    )
    due = rows.filter(Q(scheduled_at=None) | Q(scheduled_at__lte=now), status__in=["todo", "doing"])
    first = due.filter(procrastinateevent__type="deferred").aggregate(at=Min("procrastinateevent__at"))["at"]
    yield _one("otklik_jobs_oldest_seconds", "Since the oldest unfinished job was given.", _age(first, now))


def processes(now: datetime) -> Iterator[Figure]:
    """Those that gave a sign of life (site/beating.py); one that works in two roles is named once."""
    beats = Beat.objects.filter(at__gte=now - SILENT).order_by("process", "role")
    roles: dict[str, list[str]] = defaultdict(list)
    last: dict[str, Beat] = {}
    for beat in beats:
        roles[beat.process].append(beat.role)
        last[beat.process] = beat
    names = {process: (process, "+".join(roles[process])) for process in last}
    labels = ("process", "role")
    yield Figure(
        "otklik_process_memory_bytes", "Resident memory of a process beside the pages.", labels,
        {names[one]: beat.memory_bytes for one, beat in last.items()},
    )  # fmt: skip
    yield Figure(
        "otklik_process_database_faults", "Faults of the database that a process has met since it began.", labels,
        {names[one]: beat.database_faults for one, beat in last.items()},
    )  # fmt: skip
    yield Figure(
        "otklik_live_connections", "Open live streams by process.", ("process",),
        {(one,): beat.streams for one, beat in last.items() if beat.streams is not None},
    )  # fmt: skip
    seen = dict(Beat.objects.order_by().values_list("role").annotate(at=Max("at")))
    yield Figure(
        "otklik_beat_age_seconds", "Since a role last gave a sign of life.", ("role",),
        {(role,): _age(at, now) for role, at in seen.items()},
    )  # fmt: skip


def rescue(now: datetime) -> Iterator[Figure]:
    last = Backup.objects.order_by("-at").values_list("shows", flat=True).first()
    age = _age(last, now) if last else None
    yield _one("otklik_backup_age_seconds", "Since the moment that the last copy shows; none: no copy.", age)


def disk(env: Env) -> Iterator[Figure]:
    """Needs no database."""
    try:
        usage = shutil.disk_usage(env.home)
    except OSError:
        return
    yield _one("otklik_disk_free_bytes", "Free on the disk of OTKLIK_HOME.", usage.free)
    yield _one("otklik_disk_size_bytes", "The size of that disk.", usage.total)


_LAG = (
    "SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 "
    "ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END"
)


def replica(env: Env) -> Iterator[Figure]:
    """Only where OTKLIK_REPLICA_URL is set; one that doesn't answer has no lag to tell."""
    if not env.replica_url:
        return
    lag: float | None = None
    try:
        with psycopg.connect(env.replica_url, connect_timeout=2) as there:
            # no option of the connection: PgBouncer refuses whoever comes with options=
            there.execute("SET LOCAL statement_timeout = '2s'")
            row = there.execute(_LAG).fetchone()
            lag = float(row[0] or 0) if row else None
    except psycopg.Error:
        pass
    yield _one("otklik_replica_up", "1 while the replica answers.", float(lag is not None))
    yield _one("otklik_replica_lag_seconds", "How far the replica is behind.", lag)
