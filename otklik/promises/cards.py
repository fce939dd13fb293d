"""«Следующая новость» on the card of a request: the time the client was told, and the way to move it."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import timezone

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.promises.models import STANDING, NextNews


def news(agent: User, ticket_ids: Sequence[int]) -> dict[int, str]:  # noqa: ARG001 - a slot's signature
    """HTML by ticket id, in two queries for any number of tickets. Ended requests have no such part."""
    tickets = Ticket.objects.filter(pk__in=ticket_ids).only("number", "state")
    standing = NextNews.objects.filter(STANDING, ticket__in=ticket_ids).select_related("replaces")
    by_ticket = {one.ticket_id: one for one in standing}
    return {ticket.pk: _card(ticket, by_ticket.get(ticket.pk)) for ticket in tickets if ticket.is_open}


def _card(ticket: Ticket, news: NextNews | None) -> str:
    late = news is not None and news.due_at <= timezone.now()
    return render_to_string("promises/card.html", {"ticket": ticket, "news": news, "late": late})
