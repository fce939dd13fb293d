"""Addresses that belong to no room."""

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.env import env
from otklik.web import livetickets
from otklik.web.language import remember
from otklik.web.livetickets import LiveTicket
from otklik.web.requests import AgentRequest, people_only


@require_GET
@never_cache
@people_only
def live_ticket(request: AgentRequest) -> JsonResponse:
    """The address of the live stream for this person. Asked for once a browser (live-worker.js), not once a page."""
    user = request.user
    teams: tuple[int, ...] = ()
    if user.may(Right.SEE) and not user.sees_all:  # who may see no requests hears nothing of them
        teams = tuple(user.memberships.order_by("team_id").values_list("team_id", flat=True))
    expires_at = int(time.time() + livetickets.LIFE.total_seconds())
    ticket = LiveTicket(expires_at, user.pk, teams, user.sees_all, epoch=user.access_epoch)
    return JsonResponse({"url": f"{env().live_url}?ticket={livetickets.sign(ticket)}"})


@require_POST
@people_only
def theme(request: AgentRequest) -> HttpResponse:
    """Light, dark or as in the system."""
    wanted = request.POST.get("theme", "")
    if wanted in User.Theme.values:
        User.objects.filter(pk=request.user.pk).update(theme=wanted)
    back = request.headers.get("Referer", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else "/")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """«English», «По-русски» before signing in and on the client's page. Colleagues choose in their profile."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    response = redirect(back if safe else "/")
    wanted = request.POST.get("language", "")
    return remember(response, wanted) if wanted in dict(settings.LANGUAGES) else response
