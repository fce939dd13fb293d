"""«Что видит клиент» on the card of a request: the line under «Сейчас», and the page as the client sees it."""

from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch
from django.template.loader import render_to_string
from django.utils import timezone

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.journeys import standing
from otklik.journeys.models import Gift, NowLine
from otklik.journeys.standing import Answer, Facts


def seen(agent: User, ticket_ids: Sequence[int]) -> dict[int, str]:  # noqa: ARG001 - a slot's signature
    """HTML by ticket id, in two queries for any number of tickets."""
    lines = Prefetch("now_lines", NowLine.objects.filter(ended_at=None))
    tickets = (
        Ticket.objects.filter(pk__in=ticket_ids)
        .select_related("owner", "team")
        .prefetch_related(lines, "gifts")
    )
    given = Gift.objects.filter(ticket=OuterRef("pk")).order_by("pk").values("words")
    tickets = tickets.annotate(given=ArraySubquery(given))
    return {ticket.pk: _card(ticket, ticket.given) for ticket in tickets if ticket.state != Ticket.State.SPAM}


def _card(ticket: Ticket, given: Sequence[str]) -> str:
    line = next(iter(ticket.now_lines.all()), None)
    context = {"ticket": ticket, "answer": _answer(ticket, line), "gifts": given}
    return render_to_string("journeys/card.html", context)


def _answer(ticket: Ticket, line: NowLine | None) -> Answer:
    return standing.answer(Facts(ticket, "", line, None, None, None, timezone.now()))
