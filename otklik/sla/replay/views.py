"""«Что если»: history replayed with other hours, targets, people; and where the time of requests goes."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from otklik.desk.views import unless_same
from otklik.desk.views_lead import leads_only
from otklik.errors import Refusal
from otklik.sla import walked
from otklik.sla.replay import asked, choosing, running, said, spending, spent_said
from otklik.sla.replay.choosing import Chosen
from otklik.sla.replay.forms import ChosenForm, WishForm
from otklik.sla.replay.models import Replay
from otklik.web import lagging
from otklik.web.requests import AgentRequest

METHODS = ["GET", "POST"]
STOP_POLLING = 286  # htmx's own


@require_http_methods(METHODS)
@leads_only
def what_if(request: AgentRequest) -> HttpResponse:
    """The question, and what was asked lately. ?like=7 takes the words of an earlier one."""
    form = WishForm(request.POST if request.method == "POST" else None, request.user)
    if form.is_valid():
        try:
            made = running.ask(form.chosen(), form.wish(), by=request.user, at=timezone.now())
            return redirect("sla:replay", pk=made.pk)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.reason} {refusal.next_step}")
    recent = [(one, asked.brief(one)) for one in running.recent(request.user)]
    context = {"form": form, "recent": recent}
    return render(request, "sla/replay/ask.html", context, status=422 if form.is_bound else 200)


@require_GET
@leads_only
def replay(request: AgentRequest, pk: int) -> HttpResponse:
    """How far it is, and what came out; a swap gets what has changed, or 204."""
    found = get_object_or_404(running.visible_to(request.user), pk=pk)
    context = {
        "replay": found, "question": asked.lines(found), "percent": said.percent_done(found),
        "told": said.told(found, choosing.teams_of(request.user)),
        "reach": "" if found.is_running else _reach(running.LOOKED_AT, running.question(found)[0], found.asked_at),
        "is_own": found.by_id == request.user.pk,
    }  # fmt: skip
    if request.htmx:
        answer = unless_same(request, render_to_string("sla/replay/replay.html#fresh", context, request))
        if not found.is_running and answer.status_code == 200:
            answer.status_code = STOP_POLLING
        return answer
    return render(request, "sla/replay/replay.html", context)


@require_POST
@leads_only
def stop(request: AgentRequest, pk: int) -> HttpResponse:
    """Whoever asked stops it, and who sees every team."""
    found = get_object_or_404(running.visible_to(request.user), pk=pk)
    if running.stop(found, by=request.user, at=timezone.now()):
        messages.success(request, _("Расчёт остановили."))
    return redirect("sla:replay", pk=pk)


@require_POST
@leads_only
def again(request: AgentRequest, pk: int) -> HttpResponse:
    """The same question about history up to now. Raises AlreadyRunning, NothingToCount."""
    found: Replay = get_object_or_404(running.visible_to(request.user), pk=pk)
    chosen, wish = running.question(found)
    made = running.ask(chosen, wish, by=request.user, at=timezone.now())
    return redirect("sla:replay", pk=made.pk)


@require_GET
@leads_only
def time(request: AgentRequest) -> HttpResponse:
    """Where the time goes: of the requests that this reader sees. A wrong word of the address shows all."""
    form = ChosenForm(request.GET or None, request.user)
    chosen = form.chosen() if form.is_valid() else Chosen()
    teams, now = choosing.teams_of(request.user), timezone.now()
    figures = lagging.read(request, lambda: spending.of(chosen, teams, now))
    context = {
        "form": form if form.is_bound else ChosenForm({"days": chosen.days}, request.user),
        "told": spent_said.told(figures), "at": now, "reach": _reach(spending.LOOKED_AT, chosen, now),
    }  # fmt: skip
    is_wrong = form.is_bound and not form.is_valid()
    return render(request, "sla/replay/time.html", context, status=422 if is_wrong else 200)


def _reach(looked: int, chosen: Chosen, at: datetime) -> str:
    return walked.said(looked, at - timedelta(days=chosen.days), at)
