"""«Личные данные» on the card of a request: the consents that hold, and the way to the client's page."""

from collections.abc import Sequence

from django.db.models import Prefetch
from django.template.loader import render_to_string

from otklik.accounts.models import User
from otklik.clients.models import Consent
from otklik.desk.models import Ticket

HOLDING = Consent.objects.filter(withdrawn_at=None).order_by("-given_at")


def consents(agent: User, ticket_ids: Sequence[int]) -> dict[int, str]:  # noqa: ARG001 - a slot's signature
    """HTML by ticket id, in two queries for any number of tickets."""
    holding = Prefetch("client__consents", HOLDING.all(), to_attr="holding")
    tickets = Ticket.objects.filter(pk__in=ticket_ids).select_related("client").prefetch_related(holding)
    return {
        one.pk: render_to_string("privacy/card.html", {"client": one.client})
        for one in tickets.only("client__name", "client__erased_at")
    }
