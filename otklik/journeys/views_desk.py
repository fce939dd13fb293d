"""What an agent does about the client's page: says what is being done now, looks at it as the client."""

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from otklik.desk import fresh
from otklik.desk import queries as desk
from otklik.desk.views import refreshed
from otklik.desk.views_lead import leads_only
from otklik.journeys import doors, giving, pages, saying, waits
from otklik.journeys.forms import GiftForm, NowForm
from otklik.journeys.models import NowLine
from otklik.staff import queries as staff
from otklik.staff.models import Team
from otklik.web.requests import AgentRequest, agents_only


@require_http_methods(["GET", "POST"])
@agents_only
def now(request: AgentRequest, number: int) -> HttpResponse:
    """The line under «Сейчас», as a page of its own or in the dialog of the desk."""
    ticket = desk.ticket(request.user, number)
    standing = NowLine.objects.filter(ticket=ticket, ended_at=None).first()
    data = request.POST if request.method == "POST" else None
    form = NowForm(data, initial={"words": standing.words if standing else ""})
    if form.is_valid():
        saying.now(ticket, form.cleaned_data["words"], by=request.user, at=timezone.now())
        return refreshed(request, ticket)
    context = {
        "ticket": ticket,
        "form": form,
        "title": _("Что сейчас происходит"),
        "button": _("Показать клиенту"),
    }
    template = "desk/deed.html#sheet" if request.htmx else "desk/deed.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@agents_only
def gift(request: AgentRequest, number: int) -> HttpResponse:
    """A gift: shown on the client's page at once, and drafted into the answer."""
    ticket = desk.ticket(request.user, number)
    form = GiftForm(request.POST or None)
    if form.is_valid():
        given = giving.give(ticket, form.cleaned_data["words"], by=request.user, at=timezone.now())
        if not form.cleaned_data["word"]:
            return refreshed(request, ticket)
        return fresh.drafted(request, ticket, giving.letter(given), before=request.POST.get("text", ""))
    context = {
        "ticket": ticket,
        "form": form,
        "title": _("Подарок клиенту"),
        "button": _("Подарить"),
        "keeps_words": True,
    }
    template = "desk/deed.html#sheet" if request.htmx else "desk/deed.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_GET
@leads_only
def waits_page(request: AgentRequest) -> HttpResponse:
    """For a lead: what the clients of their teams are told to expect, and how true it was."""
    seen = staff.seen_teams(request.user)
    teams = list(Team.objects.filter(Q() if seen is None else Q(pk__in=seen)).order_by("level", "name"))
    context = {"scores": waits.scores(teams, at=timezone.now())}
    return render(request, "journeys/waits.html", context)


@require_GET
@agents_only
def preview(request: AgentRequest, number: int) -> HttpResponse:
    """«Открыть как клиент»: what the requester sees, for an agent who sees the request. Nothing can be done on it."""
    participant = pages.requester_of(desk.ticket(request.user, number))
    if participant is None:
        raise Http404
    shown = pages.read(participant, at=timezone.now())
    context = {"page": shown, "company": staff.company(), "preview": True, "agreed": pages.agreed(shown)}
    return doors.sealed(render(request, "journeys/page.html", context))
