"""Where a person goes when their answer is sent: stays, opens the next request, or is back at the list (ux.md §2)."""

import json

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from otklik.desk import listing, lists
from otklik.desk.models import Message, Ticket
from otklik.staff.models import Profile
from otklik.web.requests import AgentRequest

AfterSend = Profile.AfterSend


def after(request: AgentRequest, message: Message, choice: str) -> HttpResponse | None:
    """None for who stays. A swap brings the bar of undoing along and tells the page where to go (list.js).

    choice: of the writer's profile; '' where they have none yet.
    """
    if choice in {"", AfterSend.STAY}:
        return None
    if not request.htmx:
        return redirect(_next(request, message.ticket) if choice == AfterSend.NEXT else _list(request))
    undo = message if message.send_after and message.send_after > timezone.now() else None
    response = render(request, "desk/away.html", {"undo": undo, "ticket": message.ticket})
    response["HX-Retarget"], response["HX-Reswap"] = "#notices", "beforeend"
    response["HX-Trigger"] = json.dumps({"otklik:list": True, "otklik:onward": choice})
    return response


def back(ticket: Ticket) -> HttpResponse:
    """After an undo from another page: to the request whose words have returned to the composer."""
    response = HttpResponse(status=204)
    response["HX-Redirect"] = f"/desk/{ticket.number}/"
    return response


def _list(request: AgentRequest) -> str:
    return f"/desk/{listing.read(request).query}"


def _next(request: AgentRequest, ticket: Ticket) -> str:
    """The first of the same list that is another one; the list when there is none."""
    shown = listing.read(request)
    narrow = shown.narrow(timezone.now())
    rows = lists.queue(request.user, shown.view, shown.order, limit=2, narrow=narrow).rows
    other = next((one for one in rows if one.pk != ticket.pk), None)
    return f"/desk/{other.number}/{shown.query}" if other else _list(request)
