"""A solved request that its client opens again does not wait for somebody who is away: it goes to who stands in for
them, else into its team's queue. The lead passes on what was open already (handing_over.py).
"""

from collections.abc import Sequence

from django.utils import timezone

from otklik.desk import routing
from otklik.desk.models import OPEN, Ticket
from otklik.journal import following
from otklik.journal.models import Entry
from otklik.staff import queries as staff

FOLLOWER = "standing in"


def follow() -> int:
    """One step of the loop: entries read."""
    return following.follow(FOLLOWER, _take, words={"ticket.reopened"})


def _take(entries: Sequence[Entry]) -> None:
    """In the follower's transaction: an entry read again after a crash finds the owner changed already."""
    ids = {entry.ticket_id for entry in entries if entry.ticket_id}
    owned = Ticket.objects.filter(OPEN, pk__in=ids, owner__isnull=False).order_by("pk")
    for ticket in owned.select_related("owner").select_for_update(of=("self",)):
        _pass_on(ticket)


def _pass_on(ticket: Ticket) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    absent = staff.absence(ticket.owner, today) if ticket.owner else None
    if absent is None:
        return
    fit = absent.stand_in and staff.works_in(absent.stand_in, ticket.team_id)
    is_here = fit and absent.stand_in and not staff.absence(absent.stand_in, today)
    routing.give([ticket], absent.stand_in if is_here else None, by=None, at=now)
