"""`otklik sla verify`: the clocks that stand are compared with a replay of the journal, line by line."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from otklik.desk.models import Ticket
from otklik.journal.models import Follower
from otklik.sla import deriving, ticking
from otklik.sla.course import Standing
from otklik.sla.models import Clock

SLICE = 1000  # requests that are read at once
# what the loop has not read yet is no difference: the row follows in a moment
_UNREAD = """
    SELECT DISTINCT e.ticket_id FROM journal_entry e, journal_follower f
     WHERE e.ticket_id = ANY(%s) AND f.name = %s AND (e.tx, e.id) > (f.tx, f.entry_id) AND e.word = ANY(%s)
"""
_ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_PLAIN = tuple(name for name in deriving.COLUMNS if name not in ("late", "warn_at", "warned"))


class NeverRan(Exception):
    """The loop of clocks has not begun yet: there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Difference:
    """number: of the request. column: "row" when a whole row is missing or superfluous."""

    number: int
    kind: str
    cycle: int
    column: str
    stands: object
    replayed: object

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.cycle} {self.column}: {_said(self.stands)} ≠ {_said(self.replayed)}"


@dataclass(slots=True)
class Tally:
    """How far it is. waiting: requests whose newest entries, or whose history, the loops have not read yet."""

    total: int = 0
    requests: int = 0
    clocks: int = 0
    waiting: int = 0
    differences: list[Difference] = field(default_factory=list)


def verify(requests: int | None = None) -> Iterator[Tally]:
    """The tally after each slice, the newest requests first; the last one is the result. Changes nothing.

    requests: how many of the newest; None: all. Raises NeverRan.
    """
    if not Follower.objects.filter(name=ticking.FOLLOWER).exists():
        raise NeverRan
    total = Ticket.objects.count()
    tally = Tally(total if requests is None else min(requests, total))
    before: int | None = None
    while tally.requests < tally.total:
        size = min(SLICE, tally.total - tally.requests)
        with _one_moment():
            numbers = _slice(before, size)
            if not numbers:
                break
            _compare(numbers, tally)
        before = min(numbers)
        tally.requests += len(numbers)
        yield tally
    if not tally.requests:
        yield tally


@contextmanager
def _one_moment() -> Iterator[None]:
    """Facts and rows of a slice as they were at one moment, while the desk works on."""
    inside = connection.in_atomic_block
    with transaction.atomic():
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute(_ONE_MOMENT)
        yield


def _slice(before: int | None, size: int) -> dict[int, int]:
    rows = Ticket.objects.order_by("-pk").values_list("pk", "number")
    return dict((rows if before is None else rows.filter(pk__lt=before))[:size])


def _compare(numbers: Mapping[int, int], tally: Tally) -> None:
    skipped = _unread(numbers)
    wanted = deriving.standings([pk for pk in numbers if pk not in skipped])
    stand: dict[int, dict[tuple[str, int], Clock]] = {}
    for one in Clock.objects.filter(ticket__in=list(numbers)):
        stand.setdefault(one.ticket_id, {})[str(one.kind), one.cycle] = one
    begun = Follower.objects.filter(name=ticking.EARLIER).values_list("entry_id", flat=True).first() or 0
    now = timezone.now()
    for pk, number in numbers.items():
        there, clocks = stand.get(pk, {}), wanted.get(pk, [])
        if pk in skipped or (pk < begun and not there):
            tally.waiting += 1
            continue
        tally.clocks += len(clocks)
        tally.differences += _differences(number, clocks, there, now)


def _unread(ids: Collection[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [list(ids), ticking.FOLLOWER, sorted(ticking.WORDS)])
        return {pk for (pk,) in cursor.fetchall()}


def _differences(
    number: int, clocks: Sequence[Standing], there: Mapping[tuple[str, int], Clock], now: datetime
) -> Iterator[Difference]:
    for one in clocks:
        row = there.get((one.kind, one.cycle))
        if row is None:
            yield Difference(number, one.kind, one.cycle, "row", None, one.state)
            continue
        for name, stands, replayed in _columns(one, row, now):
            if stands != replayed:
                yield Difference(number, one.kind, one.cycle, name, stands, replayed)
    wanted = {(one.kind, one.cycle) for one in clocks}
    for kind, cycle in there.keys() - wanted:
        yield Difference(number, kind, cycle, "row", there[kind, cycle].state, None)


def _columns(one: Standing, row: Clock, now: datetime) -> Iterator[tuple[str, object, object]]:
    """What stands beside what must stand. A running clock is late when the sweep has said so, not before its due."""
    for name in _PLAIN:
        yield name, getattr(row, name), getattr(one, name.removesuffix("_id"))
    ahead = one.due_at is not None and one.due_at > now
    yield "late", row.late, (row.late and not ahead) if one.state == "running" else one.late
    told = row.warned < len(one.warnings)
    yield "warn_at", row.warn_at, one.warnings[row.warned] if told else None


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else "нет" if value is None else str(value)
