"""Moving the next news and what was promised: forms of the desk, as pages of their own or in its dialog."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from otklik.accounts.rights import Right
from otklik.desk import fresh, queries
from otklik.desk.models import Ticket
from otklik.desk.views import refreshed
from otklik.promises import promising, tracking, wording
from otklik.promises import queries as queries_of_promises
from otklik.promises.forms import (
    MoveNewsForm,
    MovePromiseForm,
    NewsForm,
    NotedPromiseForm,
    PromiseForm,
)
from otklik.promises.models import NextNews, Promise
from otklik.promises.suggesting import suggested
from otklik.web.requests import AgentRequest, agents_only

METHODS = ["GET", "POST"]
LOOKED_BACK = timedelta(days=90)


@require_GET
@agents_only
def page(request: AgentRequest) -> HttpResponse:
    """What I promised, or my teams for a lead: late first, then by time; and how promises were kept."""
    leads = Right.LEAD in request.user.rights
    mine, now = not (leads and request.GET.get("whose") == "team"), timezone.now()
    standing = queries_of_promises.standing(request.user, mine=mine)
    context = {
        "leads": leads, "mine": mine, "now": now,
        "late": [one for one in standing if one.due_at and one.due_at < now],
        "ahead": [one for one in standing if one.due_at and one.due_at >= now],
        "timeless": queries_of_promises.timeless(request.user, mine=mine),
        "shares": queries_of_promises.shares(request.user, mine=mine, since=now - LOOKED_BACK, now=now),
    }  # fmt: skip
    return render(request, "promises/page.html", context)


@require_http_methods(METHODS)
@agents_only
def news(request: AgentRequest, number: int) -> HttpResponse:
    ticket = queries.ticket(request.user, number)
    standing, now = promising.standing(ticket.pk), timezone.now()
    initial = {"due_at": suggested(ticket.pk, standing.due_at if standing else None, now)}
    form = (MoveNewsForm if standing else NewsForm)(request.POST or None, initial=initial)
    if form.is_valid():
        words = _promise(request, ticket, standing, form)
        return _done(request, ticket, words)
    title = _("Перенести новость") if standing else _("Назначить новость")
    context = {"ticket": ticket, "form": form, "title": title, "button": title, "keeps_words": True}
    template = "desk/deed.html#sheet" if request.htmx else "desk/deed.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_http_methods(METHODS)
@agents_only
def promise(request: AgentRequest, pk: int) -> HttpResponse:
    """Another time for a promise with a reason and a drafted word to the client, or a first time."""
    found, now = _found(request, pk), timezone.now()
    kind = MovePromiseForm if found.due_at else PromiseForm
    form = kind(request.POST or None, initial={"due_at": suggested(found.ticket_id, found.due_at, now)})
    if form.is_valid():
        due_at, reason = form.cleaned_data["due_at"], form.cleaned_data.get("reason", "")
        tracking.move(found, due_at=due_at, reason=reason, by=request.user, at=now)
        zone = timezone.get_default_timezone()
        words = wording.moved_promise(found.action, reason, due_at, now=now, tz=zone)
        return _done(request, found.ticket, words if form.cleaned_data.get("word") else "")
    title = _("Перенести обещание") if found.due_at else _("Назначить срок обещания")
    context = {"ticket": found.ticket, "promise": found, "form": form, "title": title}
    template = "promises/promise.html#sheet" if request.htmx else "promises/promise.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_http_methods(METHODS)
@agents_only
def noted(request: AgentRequest, number: int) -> HttpResponse:
    """A promise by telephone or in person."""
    ticket, now = queries.ticket(request.user, number), timezone.now()
    form = NotedPromiseForm(request.POST or None, initial={"due_at": suggested(ticket.pk, None, now)})
    if form.is_valid():
        words = form.cleaned_data
        tracking.note(ticket, words["action"], due_at=words["due_at"], by=request.user, at=now)
        return refreshed(request, ticket)
    context = {
        "ticket": ticket,
        "form": form,
        "title": _("Записать обещание"),
        "button": _("Записать обещание"),
    }
    template = "desk/deed.html#sheet" if request.htmx else "desk/deed.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_POST
@agents_only
def end(request: AgentRequest, pk: int) -> HttpResponse:
    """«Сделано», or «Это не обещание»."""
    found = _found(request, pk)
    deed = tracking.drop if "drop" in request.POST else tracking.keep
    deed(found, by=request.user, at=timezone.now())
    return refreshed(request, found.ticket)


def _found(request: AgentRequest, pk: int) -> Promise:
    """Raises Http404 for one in a request they may not see."""
    seen = queries.visible_to(request.user).values("pk")
    return get_object_or_404(Promise.objects.select_related("ticket"), pk=pk, ticket__in=seen)


def _promise(request: AgentRequest, ticket: Ticket, standing: NextNews | None, form: NewsForm) -> str:
    """The letter that tells of it, where one is wanted."""
    due_at, now = form.cleaned_data["due_at"], timezone.now()
    if standing is None:
        promising.begin(ticket, due_at=due_at, by=request.user, at=now)
        return ""
    reason = form.cleaned_data["reason"]
    promising.move(standing, due_at=due_at, reason=reason, by=request.user, at=now)
    words = wording.moved_news(reason, due_at, now=now, tz=timezone.get_default_timezone())
    return words if form.cleaned_data["word"] else ""


def _done(request: AgentRequest, ticket: Ticket, words: str) -> HttpResponse:
    """words: what is drafted for the client, above what stands in the composer; '' for nothing."""
    if not words:
        return refreshed(request, ticket)
    return fresh.drafted(request, ticket, words, before=request.POST.get("text", ""))
