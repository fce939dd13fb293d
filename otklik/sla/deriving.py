"""Clocks as rows: made from the journal, written where they differ (R-E3, invariant: a replay gives the same rows).

A row is a cache. What only the sweep of warnings knows stays its own: `warned`, and `late` of a running clock.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import connection, transaction

from otklik import rows
from otklik.sla import course, policies
from otklik.sla.course import Fact, Policy, Standing
from otklik.sla.facts import facts_of
from otklik.sla.models import Clock
from otklik.sla.worktime import NoWorkingTime

__all__ = ["derive", "facts_of", "standings"]

log = structlog.get_logger(__name__)
Key = tuple[int, str, int]  # ticket, kind, cycle
_LOCK = 0x5C10C5  # of those who derive: one at a time, so that two never insert the same clock
_LOCKED = "SELECT pg_advisory_xact_lock(%s)"
COLUMNS = (
    "team_id", "returns", "version_id", "state", "target_s", "started_at", "changed_at", "elapsed_s", "due_at",
    "ended_at", "late", "warn_at", "warned",
)  # fmt: skip
_TYPES = (
    "bigint", "smallint", "bigint", "text", "integer", "timestamptz", "timestamptz", "integer", "timestamptz",
    "timestamptz", "boolean", "timestamptz", "smallint",
)  # fmt: skip
_UPDATE = f"""
    UPDATE sla_clock SET {", ".join(f"{name} = new.{name}" for name in COLUMNS)}
      FROM unnest(%b::bigint[], {", ".join(f"%b::{kind}[]" for kind in _TYPES)}) AS new (id, {", ".join(COLUMNS)})
     WHERE sla_clock.id = new.id
"""  # noqa: S608 - names of ours


@dataclass(frozen=True, slots=True)
class Step:
    """When rows are made anew. quietly: what has passed by then is told to nobody any more (history)."""

    at: datetime
    quietly: bool = False


def derive(ticket_ids: Collection[int], *, at: datetime, quietly: bool = False) -> int:
    """Make the clocks of these requests anew from their facts; returns how many rows changed. Safe twice and at once.

    Each of them must be bound (binding.bind_many). quietly: of clocks that were not there before, what has passed by
    `at` is marked as told. A dozen queries for however many.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCKED, [_LOCK])
        wanted = standings(ticket_ids)  # what was read before the lock could be older than the rows
        there = Clock.objects.filter(ticket__in=list(ticket_ids)).order_by("pk").select_for_update()
        known = {(one.ticket_id, str(one.kind), one.cycle): one for one in there}
        step = Step(at, quietly)
        made = [_row(ticket_id, one, None, step) for ticket_id, one in _new(wanted, known)]
        changed = [
            row
            for ticket_id, clocks in wanted.items()
            for one in clocks
            if (former := known.get((ticket_id, one.kind, one.cycle)))
            and _differs(row := _row(ticket_id, one, former, step), former)
        ]
        rows.create(made)
        _update(changed)
        gone = _gone(wanted, known)
        Clock.objects.filter(pk__in=gone).delete()
    return len(made) + len(changed) + len(gone)


def standings(ticket_ids: Collection[int]) -> dict[int, list[Standing]]:
    """What the clocks of these requests must be; without those that nothing binds. Few queries for however many."""
    told = facts_of(ticket_ids)
    policy = policies.of(told.values())
    found = ((ticket_id, _run(ticket_id, facts, policy)) for ticket_id, facts in told.items())
    return {ticket_id: clocks for ticket_id, clocks in found if clocks is not None}


def _run(ticket_id: int, facts: Sequence[Fact], policy: Policy) -> list[Standing] | None:
    """None, and a line for the operator, where its calendar holds too little: its rows stay as they are."""
    try:
        return course.run(facts, policy)
    except NoWorkingTime as fault:
        log.error("clocks not counted", ticket=ticket_id, cause=str(fault), remedy="look at its calendar")
        return None


def _new(
    wanted: Mapping[int, Sequence[Standing]], known: Mapping[Key, Clock]
) -> Iterable[tuple[int, Standing]]:
    return (
        (ticket_id, one)
        for ticket_id, clocks in wanted.items()
        for one in clocks
        if (ticket_id, one.kind, one.cycle) not in known
    )


def _gone(wanted: Mapping[int, Sequence[Standing]], known: Mapping[Key, Clock]) -> list[int]:
    """Rows of what never was after all: an answer taken back, a target that is promised no more."""
    there = {(ticket_id, one.kind, one.cycle) for ticket_id, clocks in wanted.items() for one in clocks}
    return [one.pk for key, one in known.items() if key[0] in wanted and key not in there]


def _row(ticket_id: int, one: Standing, former: Clock | None, step: Step) -> Clock:
    warned = _warned(one, former, step)
    return Clock(
        pk=former.pk if former else None, ticket_id=ticket_id, kind=one.kind, cycle=one.cycle, team_id=one.team,
        returns=one.returns, version_id=one.version, state=one.state, target_s=one.target_s,
        started_at=one.started_at, changed_at=one.changed_at, elapsed_s=one.elapsed_s, due_at=one.due_at,
        ended_at=one.ended_at, late=_late(one, former, step), warned=warned,
        warn_at=one.warnings[warned] if warned < len(one.warnings) else None,
    )  # fmt: skip


def _late(one: Standing, former: Clock | None, step: Step) -> bool:
    """Of a running clock the sweep says it, who tells people as well; one whose due lies ahead is late no more."""
    if one.state != "running":
        return one.late
    if one.due_at is None or one.due_at >= step.at:
        return False
    return former.late if former else step.quietly


def _warned(one: Standing, former: Clock | None, step: Step) -> int:
    """How many shares were told of. Under another target those that lie ahead again are told again."""
    passed = sum(moment <= step.at for moment in one.warnings)
    if former is None:
        return passed if step.quietly else 0
    same = (former.version_id, former.target_s) == (one.version, one.target_s)
    return former.warned if same or not one.warnings else min(former.warned, passed)


def _differs(row: Clock, former: Clock) -> bool:
    return any(getattr(row, name) != getattr(former, name) for name in COLUMNS)


def _update(changed: Sequence[Clock]) -> None:
    if changed:
        names = ("pk", *COLUMNS)
        columns = [[getattr(one, name) for one in changed] for name in names]
        with rows.binary_cursor() as cursor:
            cursor.execute(_UPDATE, columns)
