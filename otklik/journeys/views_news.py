"""The note that is offered as a next news nears: shown, put into the composer, sent."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from otklik.desk import fresh
from otklik.desk import queries as desk
from otklik.desk.drafting import AlreadySent
from otklik.desk.models import Ticket
from otklik.desk.typed import plain
from otklik.desk.views import refreshed
from otklik.journeys import offering, telling
from otklik.journeys.telling import Note
from otklik.web.requests import AgentRequest, agents_only


@require_http_methods(["GET", "POST"])
@agents_only
def offer(request: AgentRequest, number: int) -> HttpResponse:
    """A page of its own without JavaScript; the card has the same two buttons."""
    ticket = desk.ticket(request.user, number)
    if request.method == "POST":
        return _done(request, ticket)
    found = offering.find(ticket, request.user, at=timezone.now())
    context = {
        "ticket": ticket,
        "offer": found if found and found.words else None,
        "sheet": secrets.token_hex(16),
        "language": settings.LANGUAGE_CODE,
    }
    return render(request, "journeys/offer.html", context)


def _done(request: AgentRequest, ticket: Ticket) -> HttpResponse:
    note, before = _note(request), plain(request.POST.get("text", ""))
    if "edit" in request.POST:
        telling.refuse(note, timezone.now())
        return fresh.drafted(request, ticket, note.words, before=before, news_due_at=note.due_at)
    try:
        telling.send(ticket, note, begun=before, by=request.user, at=timezone.now())
    except AlreadySent:  # pressed twice: the first is enough
        return refreshed(request, ticket)
    return refreshed(request, ticket)


def _note(request: AgentRequest) -> Note:
    """What stood before the person; a broken time has passed long ago, so that the deed says so."""
    sent = {name: plain(request.POST.get(name, "")) for name in ("words", "due_at", "seen", "sheet")}
    seen = int(sent["seen"]) if sent["seen"].isascii() and sent["seen"].isdigit() else 0
    return Note(
        sent["words"].replace("\r\n", "\n"), _moment(sent["due_at"]), min(seen, 2**62), sent["sheet"][:32]
    )


def _moment(text: str) -> datetime:
    past = timezone.now() - timedelta(days=1)
    try:
        found = parse_datetime(text)
    except ValueError:
        return past
    return found if found and timezone.is_aware(found) else past
