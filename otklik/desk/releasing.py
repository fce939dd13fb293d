"""Requests of people who left go back to the queue, with a word for colleagues (invariant 3).

Staff stands left of the desk and writes a Departure; this loop sweeps what is not done.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.desk import routing
from otklik.desk.models import Note, Ticket
from otklik.staff.models import Departure, Membership
from otklik.web.language import in_company_language

BATCH = 100
GIVEN_BACK = ("new", "open", "waiting_client", "waiting_other", "solved")


def release() -> int:
    """One step of the loop: up to 100 requests of the oldest departure. Safe in two processes at once."""
    with transaction.atomic():
        open_ones = Departure.objects.filter(done_at=None).select_related("user", "by").order_by("pk")
        departure = open_ones.select_for_update(skip_locked=True, of=("self",)).first()
        if departure is None:
            return 0
        tickets = [] if _is_back(departure) else _owned(departure)
        for ticket in tickets:
            _give_back(ticket, departure)
        if len(tickets) < BATCH:
            Departure.objects.filter(pk=departure.pk).update(done_at=timezone.now())
    return len(tickets) + 1


def _owned(departure: Departure) -> list[Ticket]:
    in_team = Q(team=departure.team_id) if departure.team_id else Q()
    owned = Ticket.objects.filter(in_team, owner=departure.user_id, state__in=GIVEN_BACK)
    return list(owned.order_by("pk")[:BATCH])


def _is_back(departure: Departure) -> bool:
    """They came back before the sweep: then nothing changes hands."""
    if departure.team_id is None:
        return departure.user.is_active
    return Membership.objects.filter(user=departure.user_id, team=departure.team_id).exists()


def _give_back(ticket: Ticket, departure: Departure) -> None:
    now = timezone.now()
    routing.assign(ticket, None, by=departure.by, at=now)
    with in_company_language():
        words = _("Запрос вернулся в очередь: %s больше не ведёт запросы этой команды.") % departure.user.name
    Note.objects.create(ticket=ticket, user=departure.by, at=now, text=words)
