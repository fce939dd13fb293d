"""Moving the next news: a form of the desk, as a page of its own or in its dialog."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from otklik.desk import queries
from otklik.desk.models import Ticket
from otklik.desk.views import refreshed
from otklik.promises import promising
from otklik.promises.forms import NewsForm, suggested
from otklik.promises.models import NextNews
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


def _promise(request: AgentRequest, ticket: Ticket, standing: NextNews | None, form: NewsForm) -> None:
    due_at, now = form.cleaned_data["due_at"], timezone.now()
    if standing:
        promising.move(standing, due_at=due_at, by=request.user, at=now)
    else:
        promising.begin(ticket, due_at=due_at, by=request.user, at=now)
