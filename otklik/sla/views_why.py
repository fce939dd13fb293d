"""«Почему такой срок»: in the sheet of the desk or as a page of its own, fresh from the journal."""

import re

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from otklik.desk import queries
from otklik.sla import account, account_page
from otklik.sla.worktime import NoWorkingTime
from otklik.web.requests import AgentRequest, agents_only

_CLOCK = re.compile("([a-z_]{1,10})-([0-9]{1,9})")


@require_GET
@agents_only
def page(request: AgentRequest, number: int) -> HttpResponse:
    """?clock=resolution-1; without it, or with one that there is not, what falls due next."""
    ticket = queries.ticket(request.user, number)
    asked = _CLOCK.fullmatch(request.GET.get("clock", ""))
    wanted, now, empty = (asked[1], int(asked[2])) if asked else None, timezone.now(), False
    try:
        found = account.read(ticket, wanted, now=now) or account.read(ticket, None, now=now)
    except NoWorkingTime:
        found, empty = None, True
    context = account_page.context(found) if found else {"ticket": ticket, "empty": empty}
    return render(request, "sla/why.html#sheet" if request.htmx else "sla/why.html", context)
