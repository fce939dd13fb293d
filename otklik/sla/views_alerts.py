"""«Напоминания»: what falls due or is late, for whoever is to act."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from otklik.accounts.rights import Right
from otklik.sla import alerts
from otklik.web.requests import AgentRequest, agents_only, holders_of


@require_GET
@agents_only
def page(request: AgentRequest) -> HttpResponse:
    notices = alerts.shown(request.user, at=timezone.now())
    context = {"notices": notices, "unseen": sum(not one.is_seen for one in notices)}
    return render(request, "sla/alerts.html#notices" if request.htmx else "sla/alerts.html", context)


@require_GET
@agents_only
def count(request: AgentRequest) -> HttpResponse:
    """The number alone, for a page that was told to look again."""
    waits = alerts.count(request.user, at=timezone.now())
    return render(request, "sla/alerts_count.html", {"waits": waits, "many": waits >= alerts.MANY})


@require_POST
@holders_of(Right.SEE)
def seen(request: AgentRequest) -> HttpResponse:
    """«Понятно». It changes nothing of a request: whoever may look may say so."""
    number = request.POST.get("number", "")
    if not number or number.isdecimal():
        alerts.see(request.user, at=timezone.now(), number=int(number[:18]) if number else None)
    return redirect("alerts:page")
