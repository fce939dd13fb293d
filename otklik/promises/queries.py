"""What is promised, and how it was kept: for the one who promised, and for the lead of a team (R-D3).

Everything starts from the requests that the reader may see (invariant 6). Nobody is ranked: people go by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from otklik.accounts.models import User
from otklik.desk import queries as desk
from otklik.promises.models import OPEN, Promise

SHOWN = 100
FEW = 5  # fewer promises than these tell nothing about anybody
Outcome = Promise.Outcome


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one person, or of all (name ''). moved: told anew before the time; late: afterwards, or not yet kept."""

    name: str
    kept: int
    moved: int
    late: int

    @property
    def all(self) -> int:
        return self.kept + self.moved + self.late

    @property
    def percent(self) -> int | None:
        """Kept or told anew in time; None where there were too few to say."""
        return round(100 * (self.kept + self.moved) / self.all) if self.all >= FEW else None


def standing(user: User, *, mine: bool) -> list[Promise]:
    """Open promises with a time, the latest ones first; SHOWN at most. Uses promise_due."""
    return list(_seen(user, mine=mine).filter(OPEN, due_at__isnull=False).order_by("due_at", "pk")[:SHOWN])


def timeless(user: User, *, mine: bool) -> list[Promise]:
    """Promises for which nobody has said when. Uses promise_due."""
    return list(_seen(user, mine=mine).filter(OPEN, due_at=None).order_by("made_at", "pk")[:SHOWN])


def shares(user: User, *, mine: bool, since: datetime, now: datetime) -> list[Kept]:
    """How promises were kept that fell due since then: everybody by name, then all together."""
    fell_due = _seen(user, mine=mine).filter(due_at__gte=since).exclude(outcome=Outcome.DROPPED)
    over = (
        Q(outcome=Outcome.KEPT) | Q(outcome=Outcome.MOVED) | Q(outcome=Outcome.LATE) | Q(OPEN, due_at__lt=now)
    )
    in_time = Q(outcome=Outcome.MOVED, ended_at__lte=F("due_at"))
    rows = (
        fell_due.filter(over)
        .values("made_by", "made_by__name")
        .annotate(
            kept=Count("pk", filter=Q(outcome=Outcome.KEPT)),
            moved=Count("pk", filter=in_time),
            all=Count("pk"),
        )
        .order_by("made_by__name", "made_by")
    )
    found = [
        Kept(row["made_by__name"] or "", row["kept"], row["moved"], row["all"] - row["kept"] - row["moved"])
        for row in rows
    ]
    return [*(one for one in found if one.name), _together(found)] if found else []


def _together(people: Sequence[Kept]) -> Kept:
    return Kept(
        "", sum(one.kept for one in people), sum(one.moved for one in people), sum(one.late for one in people)
    )


def _seen(user: User, *, mine: bool) -> QuerySet[Promise]:
    found = Promise.objects.filter(ticket__in=desk.visible_to(user).values("pk"))
    found = found.filter(Q(made_by=user) | Q(ticket__owner=user)) if mine else found
    return found.select_related("ticket__client", "ticket__owner", "made_by")
