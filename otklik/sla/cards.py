"""What is promised, where people look: on the card of a request by its agreement, on the company's page for all."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import timezone

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.sla import agreements, promised


def tier(agent: User, ticket_ids: Sequence[int]) -> dict[int, str]:  # noqa: ARG001 - a slot's signature
    """HTML by ticket id, in as many queries for one as for many."""
    related = ("client__tariff", "organisation__tariff")
    columns = ("number", "priority", "client__tariff__name", "organisation__tariff__name")
    tickets = Ticket.objects.filter(pk__in=ticket_ids).select_related(*related).only(*columns)
    rows = {one.pk: one for one in tickets}
    cards = promised.of_many({pk: one.priority for pk, one in rows.items()})
    return {pk: _card(rows[pk], card) for pk, card in cards.items()}


def of_company(agent: User, company_ids: Sequence[int]) -> dict[int, str]:  # noqa: ARG001 - a slot's signature
    """On the page of the company: what the agreement for everybody promises, and the way to where it is kept."""
    agreement = agreements.default()
    version = agreements.current(agreement.pk, timezone.now())
    card = promised.of_version(version, Ticket.Priority.NORMAL)
    html = render_to_string("sla/company.html", {"card": card, "agreement": agreement})
    return dict.fromkeys(company_ids, html)


def _card(ticket: Ticket, card: promised.Promised) -> str:
    theirs = ticket.client.tariff or (ticket.organisation.tariff if ticket.organisation else None)
    context = {"card": card, "number": ticket.number, "tariff": theirs.name if theirs else ""}
    return render_to_string("sla/card.html", context)
