"""On the card of a request: which agreement judges it and what that promises, with the way to the client's tariff."""

from collections.abc import Sequence

from django.template.loader import render_to_string

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.sla import promised


def tier(agent: User, ticket_ids: Sequence[int]) -> dict[int, str]:  # noqa: ARG001 - a slot's signature
    """HTML by ticket id, in as many queries for one as for many."""
    related = ("client__tariff", "organisation__tariff")
    columns = ("number", "priority", "client__tariff__name", "organisation__tariff__name")
    tickets = Ticket.objects.filter(pk__in=ticket_ids).select_related(*related).only(*columns)
    rows = {one.pk: one for one in tickets}
    cards = promised.of_many({pk: one.priority for pk, one in rows.items()})
    return {pk: _card(rows[pk], card) for pk, card in cards.items()}


def _card(ticket: Ticket, card: promised.Promised) -> str:
    theirs = ticket.client.tariff or (ticket.organisation.tariff if ticket.organisation else None)
    context = {"card": card, "number": ticket.number, "tariff": theirs.name if theirs else ""}
    return render_to_string("sla/card.html", context)
