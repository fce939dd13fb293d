"""Reads of the upkeep page, each bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from otklik.channels import queries as boxes
from otklik.channels.intake import trimming
from otklik.channels.models import Alarm, Box, Envelope
from otklik.channels.outbox import queries as outbox
from otklik.channels.outbox.queries import Fate
from otklik.channels.queries import Standing
from otklik.desk.models import Delivery
from otklik.site.models import Backup, Beat
from otklik.staff import queries as staff

MOST = 50
LATE = timedelta(minutes=10)
LATELY = timedelta(days=7)
ROLES = ("worker", "intake")


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that has not simply left, with what there is to say of it."""

    delivery: Delivery
    fate: Fate


@dataclass(frozen=True, slots=True)
class Job:
    """A single job that failed, or stands too long. failed=False: nobody has taken or ended it."""

    id: int
    name: str
    attempts: int
    at: datetime
    failed: bool


@dataclass(frozen=True, slots=True)
class Sign:
    """The last sign of life of a role; at is None when there was none. alive: within two minutes."""

    role: str
    at: datetime | None
    alive: bool


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Everything on the page."""

    faults: Sequence[Envelope]
    letters: Sequence[Sent]
    jobs: Sequence[Job]
    boxes: Sequence[tuple[Box, Standing]]
    alarms: Sequence[Alarm]
    signs: Sequence[Sign]
    backup: Backup | None
    raw_bytes: int
    raw_kept_days: int


def look(now: datetime) -> Upkeep:
    """A dozen queries, whatever there is."""
    return Upkeep(
        faults=list(_faults()),
        letters=[Sent(one, outbox.fate(one, now)) for one in _letters(now)],
        jobs=_jobs(now),
        boxes=_boxes(now),
        alarms=list(
            Alarm.objects.filter(done_at=None).exclude(fault="").select_related("box", "user")[:MOST]
        ),
        signs=_signs(now),
        backup=Backup.objects.order_by("-at").first(),
        raw_bytes=trimming.size_bytes(),
        raw_kept_days=staff.company().raw_kept_days,
    )


def _faults() -> QuerySet[Envelope]:
    """Letters that did not read, newest first. Uses index envelope_faults by box."""
    rows = Envelope.objects.filter(state=Envelope.State.FAULT).order_by("-received_at", "-pk")
    wide = ("text", "html", "reply_text", "quoted_text", "search")
    return rows.select_related("box", "message__ticket").defer("raw", *(f"message__{name}" for name in wide))[
        :MOST
    ]


def _letters(now: datetime) -> QuerySet[Delivery]:
    """Those in trouble, newest first."""
    kinds = [one.values_list("pk", flat=True)[:MOST] for one in in_trouble(now)]
    found = list(kinds[0].union(*kinds[1:], all=True))
    rows = Delivery.objects.filter(pk__in=found).order_by("-pk").select_related("message__ticket")
    wide = ("text", "html", "reply_text", "quoted_text", "search")
    return rows.defer(*(f"message__{name}" for name in wide))[:MOST]


def in_trouble(now: datetime) -> tuple[QuerySet[Delivery], ...]:
    """Unclear, failed of late, tried in vain, due and not taken: each kind by an index that holds little else.

    delivery_unsettled, delivery_failed, delivery_due; asked for at once they would be looked for among all letters.
    """
    state, rows = Delivery.State, Delivery.objects
    return (
        rows.filter(state=state.UNKNOWN).order_by("-began_at"),
        rows.filter(state=state.FAILED, ended_at__gt=now - LATELY).order_by("-ended_at"),
        rows.filter(state=state.RETRY, attempts__gt=0).order_by("next_at"),
        rows.filter(state=state.WAITING, next_at__lt=now - LATE).order_by("next_at"),
    )


def _jobs(now: datetime) -> list[Job]:
    """Failed ones, and those whose last event is ten minutes old though they are due."""
    rows = ProcrastinateJob.objects.filter(status__in=["failed", "todo", "doing"])
    rows = rows.annotate(last_at=Max("procrastinateevent__at")).order_by("-id")
    stuck = Q(last_at__lt=now - LATE) & (Q(scheduled_at=None) | Q(scheduled_at__lt=now - LATE))
    return [
        Job(one.id, one.task_name, one.attempts, one.last_at or now, one.status == "failed")
        for one in rows.filter(Q(status="failed") | stuck)[:MOST]
    ]


def _boxes(now: datetime) -> list[tuple[Box, Standing]]:
    rows = [(box, boxes.standing(box, now)) for box in boxes.boxes()]
    return [(box, standing) for box, standing in rows if standing.mood in {"bad", "warn"}]


def _signs(now: datetime) -> list[Sign]:
    last = dict(Beat.objects.values_list("role").annotate(at=Max("at")))
    return [
        Sign(role, last.get(role), role in last and last[role] > now - timedelta(minutes=2)) for role in ROLES
    ]
