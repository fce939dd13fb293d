"""The loops that keep clocks as rows: by the journal at once, what was there before by and by."""

import time
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from otklik.desk.models import Ticket
from otklik.desk.models.tickets import OPEN_STATES
from otklik.journal import following
from otklik.journal.models import Entry, Follower
from otklik.sla import binding, deriving, facts, hastening
from otklik.sla.models import Clock

FOLLOWER, EARLIER, ANEW = "clocks", "earlier clocks", "clocks anew"
MOVES_MANY = frozenset({"calendar.changed"})  # not of one request: all that stand are made anew
WORDS = facts.WORDS | MOVES_MANY | {binding.BOUND}
YEAR = timedelta(days=366)
SLICE = 200  # requests
STEP_S = 0.5
_LOCK = "SELECT id FROM desk_ticket WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"


def follow() -> int:
    """One step of the loop: entries read."""
    if not Follower.objects.filter(name=FOLLOWER).exists():
        _begin()
    return following.follow(FOLLOWER, _take, words=WORDS)


def catch_up() -> int:
    """One step of the loop: clocks of what was opened before this room was here, and of all when hours change.

    Returns how many of the latter it did: those of history rest between their steps, nobody waits for them.
    """
    anew = _walk(ANEW, _standing)
    if not anew:
        _walk(EARLIER, _earlier)
    return anew


def _begin() -> None:
    """The journal is read from here on; requests that are there already are catch_up()'s."""
    following.begin(FOLLOWER)
    _start(EARLIER)


def _start(name: str) -> None:
    """Follower.entry_id: the request that the next slice lies below; 0 when nothing is left."""
    newest = Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    Follower.objects.update_or_create(name=name, defaults={"entry_id": newest + 1})


def _take(entries: Sequence[Entry]) -> None:
    if any(entry.word in MOVES_MANY for entry in entries):
        _start(ANEW)
    _count({one.ticket_id for one in entries if one.ticket_id is not None and not _is_first_bond(one)})


def _is_first_bond(entry: Entry) -> bool:
    """Whoever binds a request first counts its clocks at once, or its opening is read by this loop."""
    return entry.word == binding.BOUND and "from" not in entry.facts


def _count(ticket_ids: Collection[int], *, quietly: bool = False) -> int:
    """Bind what nothing binds yet, then make the clocks. The caller's transaction, or one of its own."""
    ids, now = sorted(ticket_ids), timezone.now()
    if not ids:
        return 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [ids])  # in order of id, as everybody: the rows made here point to them
        binding.bind_many(ids, by=None, at=now)
        return deriving.derive(ids, at=now, quietly=quietly)


def _walk(name: str, below: Callable[[int], list[int]]) -> int:
    """As many slices as a step has time for; how many requests they held."""
    done, until = 0, time.monotonic() + STEP_S
    while time.monotonic() < until:
        with transaction.atomic():
            place = (
                Follower.objects.select_for_update(skip_locked=True).filter(name=name, entry_id__gt=0).first()
            )
            if place is None:
                break
            ids = below(place.entry_id)
            _count(ids, quietly=name == EARLIER)
            Follower.objects.filter(pk=place.pk).update(entry_id=min(ids, default=0))
        if name == ANEW and ids:  # in a transaction of its own, which locks the requests first
            hastening.hasten(min(ids), max(ids) + 1, at=timezone.now())
        done += len(ids)
    return done


def _earlier(before: int) -> list[int]:
    """Requests that are open, or young enough to be counted in somebody's figures."""
    wanted = Q(state__in=OPEN_STATES) | Q(created_at__gt=timezone.now() - YEAR)
    rows = Ticket.objects.filter(wanted, pk__lt=before).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[:SLICE])


def _standing(before: int) -> list[int]:
    """Requests with a clock that still runs or waits. Uses clock_once."""
    going = Clock.objects.filter(ticket__lt=before, state__in=[Clock.State.RUNNING, Clock.State.PAUSED])
    return list(going.order_by("-ticket").values_list("ticket", flat=True).distinct()[:SLICE])
