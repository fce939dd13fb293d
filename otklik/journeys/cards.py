"""On the card of a request: what the client sees under «Сейчас», and the note for them as the next news nears."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch
from django.template.loader import render_to_string
from django.utils import timezone

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.journeys import offering, standing
from otklik.journeys.models import Gift, NowLine
from otklik.journeys.offering import Offer
from otklik.journeys.standing import Answer, Facts

LONGEST_WAIT = timedelta(hours=12)  # whoever keeps a request open for longer looks again by themselves


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


def offer(agent: User, ticket_ids: Sequence[int]) -> dict[int, str]:
    """HTML by ticket id: the note, or an element that looks again when it is to be offered. A few queries each."""
    now = timezone.now()
    tickets = Ticket.objects.filter(pk__in=ticket_ids).select_related("owner", "team")
    found = [one for ticket in tickets if (one := offering.find(ticket, agent, at=now))]
    return {one.ticket.pk: _offered(one, now) for one in found if one.near_at - now < LONGEST_WAIT}


def _offered(one: Offer, now: datetime) -> str:
    wait_s = max(0, int((one.near_at - now).total_seconds())) + 1
    context = {
        "offer": one,
        "wait_s": wait_s,
        "sheet": secrets.token_hex(16),
        "language": settings.LANGUAGE_CODE,
    }
    return render_to_string("journeys/offer-card.html", context)


def _card(ticket: Ticket, given: Sequence[str]) -> str:
    line = next(iter(ticket.now_lines.all()), None)
    context = {"ticket": ticket, "answer": _answer(ticket, line), "gifts": given}
    return render_to_string("journeys/card.html", context)


def _answer(ticket: Ticket, line: NowLine | None) -> Answer:
    return standing.answer(Facts(ticket, "", line, None, None, None, timezone.now()))
