"""On the card of a request: what we have promised, and the next news with the way to move it."""

from collections.abc import Sequence

from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.promises.models import OPEN, STANDING, NextNews, Promise


def news(agent: User, ticket_ids: Sequence[int]) -> dict[int, str]:  # noqa: ARG001 - a slot's signature
    """HTML by ticket id, in two queries for any number of tickets. Ended requests have no such part."""
    tickets = Ticket.objects.filter(pk__in=ticket_ids).only("number", "state")
    standing = NextNews.objects.filter(STANDING, ticket__in=ticket_ids).select_related("replaces")
    by_ticket = {one.ticket_id: one for one in standing}
    return {ticket.pk: _card(ticket, by_ticket.get(ticket.pk)) for ticket in tickets if ticket.is_open}


def promises(agent: User, ticket_ids: Sequence[int]) -> dict[int, str]:  # noqa: ARG001 - a slot's signature
    """«Обещания», those that stand, the nearest first; one query. Uses promise_of_ticket."""
    rows = Promise.objects.filter(OPEN, ticket__in=ticket_ids).select_related("made_by", "ticket__owner")
    by_ticket: dict[int, list[Promise]] = {}
    for one in rows.order_by(F("due_at").asc(nulls_last=True), "pk"):
        by_ticket.setdefault(one.ticket_id, []).append(one)
    now = timezone.now()
    return {
        pk: render_to_string("promises/open.html", {"promises": some, "now": now})
        for pk, some in by_ticket.items()
    }


def _card(ticket: Ticket, news: NextNews | None) -> str:
    late = news is not None and news.due_at <= timezone.now()
    return render_to_string("promises/card.html", {"ticket": ticket, "news": news, "late": late})
