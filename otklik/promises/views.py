"""Moving the next news and what was promised: forms of the desk, as pages of their own or in its dialog."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.desk import queries
from otklik.desk.models import Ticket
from otklik.desk.views import refreshed
from otklik.promises import promising, tracking
from otklik.promises.forms import NewsForm, PromiseForm, suggested
from otklik.promises.models import NextNews, Promise
from otklik.web.requests import AgentRequest, agents_only


@require_http_methods(["GET", "POST"])
@agents_only
def news(request: AgentRequest, number: int) -> HttpResponse:
    ticket = queries.ticket(request.user, number)
    standing, now = promising.standing(ticket.pk), timezone.now()
    initial = {"due_at": suggested(standing.due_at if standing else None, now)}
    form = NewsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        _promise(request, ticket, standing, form)
        return refreshed(request, ticket)
    title = _("Перенести новость") if standing else _("Назначить новость")
    context = {"ticket": ticket, "form": form, "title": title, "button": title}
    template = "desk/deed.html#sheet" if request.htmx else "desk/deed.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@agents_only
def promise(request: AgentRequest, pk: int) -> HttpResponse:
    """Another time for a promise, or a first one."""
    found = _found(request, pk)
    form = PromiseForm(request.POST or None, initial={"due_at": suggested(found.due_at, timezone.now())})
    if form.is_valid():
        due_at = form.cleaned_data["due_at"]
        tracking.move(found, due_at=due_at, by=request.user, at=timezone.now())
        return refreshed(request, found.ticket)
    title = _("Перенести обещание") if found.due_at else _("Назначить срок обещания")
    context = {"ticket": found.ticket, "promise": found, "form": form, "title": title}
    template = "promises/promise.html#sheet" if request.htmx else "promises/promise.html"
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


def _promise(request: AgentRequest, ticket: Ticket, standing: NextNews | None, form: NewsForm) -> None:
    due_at, now = form.cleaned_data["due_at"], timezone.now()
    if standing:
        promising.move(standing, due_at=due_at, by=request.user, at=now)
    else:
        promising.begin(ticket, due_at=due_at, by=request.user, at=now)
