"""Small deeds on a request: each is a form that works as a page of its own and in the dialog of the desk."""

from collections.abc import Callable

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.clients import identifying
from otklik.clients.models import Organisation
from otklik.desk import joining, listing, queries, routing, solving, tagging
from otklik.desk.forms import (
    HandOverForm,
    JoinForm,
    OrganisationForm,
    SolutionForm,
    SpamForm,
    StateForm,
    TagForm,
)
from otklik.desk.models import Tag, Ticket
from otklik.desk.views import refreshed
from otklik.web.requests import AgentRequest, agents_only

METHODS = ["GET", "POST"]


@require_POST
@agents_only
def owner(request: AgentRequest, number: int) -> HttpResponse:
    """«Взять себе»."""
    ticket = queries.ticket(request.user, number)
    routing.take(ticket, by=request.user, at=timezone.now())
    return refreshed(request, ticket)


@require_http_methods(METHODS)
@agents_only
def hand_over(request: AgentRequest, number: int) -> HttpResponse:
    """To a colleague, back to the queue, or to another team."""
    ticket = queries.ticket(request.user, number)
    form = HandOverForm(request.POST or None, ticket=ticket)

    def do(_held: dict[str, object]) -> None:
        at, team = timezone.now(), form.cleaned_data["team"]
        if team.pk != ticket.team_id:
            routing.move(ticket, team, tried=form.cleaned_data["tried"], by=request.user, at=at)
        else:
            tried, owner = form.cleaned_data["tried"], form.cleaned_data["owner"]
            routing.assign(ticket, owner, tried=tried, by=request.user, at=at)

    return _deed(request, ticket, form, do, _("Кому передать запрос"), _("Передать"))


@require_http_methods(METHODS)
@agents_only
def state(request: AgentRequest, number: int) -> HttpResponse:
    ticket = queries.ticket(request.user, number)
    now = {"state": ticket.state if ticket.is_open else Ticket.State.OPEN, "priority": ticket.priority}
    form = StateForm(request.POST or None, initial=now)

    def do(held: dict[str, object]) -> None:
        at = timezone.now()
        solving.set_state(ticket, str(held["state"]), by=request.user, at=at)
        tagging.set_priority(ticket, form.cleaned_data["priority"], by=request.user, at=at)

    return _deed(request, ticket, form, do, _("Статус и важность"), _("Сохранить"))


@require_http_methods(METHODS)
@agents_only
def solution(request: AgentRequest, number: int) -> HttpResponse:
    """«Закрыть…» asks for the result of the contact in one line (R-A6)."""
    ticket = queries.ticket(request.user, number)
    form = SolutionForm(request.POST or None, initial={"result": ticket.result})

    def do(held: dict[str, object]) -> None:
        solving.solve(ticket, result=str(held["result"]), by=request.user, at=timezone.now())

    return _deed(request, ticket, form, do, _("Закрыть запрос с итогом"), _("Закрыть запрос"))


@require_POST
@agents_only
def reopening(request: AgentRequest, number: int) -> HttpResponse:
    ticket = queries.ticket(request.user, number)
    deed = solving.not_spam if ticket.state == Ticket.State.SPAM else solving.reopen
    deed(ticket, by=request.user, at=timezone.now())
    return refreshed(request, ticket)


@require_http_methods(METHODS)
@agents_only
def spam(request: AgentRequest, number: int) -> HttpResponse:
    ticket = queries.ticket(request.user, number)
    form = SpamForm(request.POST if request.method == "POST" else None)

    def do(held: dict[str, object]) -> None:
        solving.spam(ticket, block=bool(held["block"]), by=request.user, at=timezone.now())

    return _deed(request, ticket, form, do, _("Это спам?"), _("Убрать в спам"))


@require_http_methods(METHODS)
@agents_only
def tags(request: AgentRequest, number: int) -> HttpResponse:
    ticket = queries.ticket(request.user, number)
    form = TagForm(request.POST or None)

    def do(held: dict[str, object]) -> None:
        tagging.tag(ticket, str(held["name"]), by=request.user, at=timezone.now())

    held_tags = list(ticket.tags.all())
    known = Tag.objects.exclude(pk__in=[one.pk for one in held_tags])[:200]
    return _deed(request, ticket, form, do, _("Метки"), _("Добавить"), tags=held_tags, known=known)


@require_POST
@agents_only
def untag(request: AgentRequest, number: int) -> HttpResponse:
    ticket = queries.ticket(request.user, number)
    tagging.untag(ticket, request.POST.get("name", "").replace("\0", ""), by=request.user, at=timezone.now())
    return refreshed(request, ticket)


@require_http_methods(METHODS)
@agents_only
def join(request: AgentRequest, number: int) -> HttpResponse:
    """A second address of the same client (R-A12)."""
    ticket = queries.ticket(request.user, number)
    form = JoinForm(request.POST or None)

    def do(held: dict[str, object]) -> None:
        joining.join(ticket, str(held["address"]), by=request.user, at=timezone.now())

    return _deed(request, ticket, form, do, _("Второй адрес клиента"), _("Добавить адрес"))


@require_http_methods(METHODS)
@agents_only
def organisation(request: AgentRequest, number: int) -> HttpResponse:
    """Whose people the client of this request is one of, and whether all are who write from their domain."""
    ticket = queries.ticket(request.user, number)
    client = ticket.client
    address = (
        client.identities.filter(kind="email").order_by("pk").values_list("value", flat=True).first() or ""
    )
    initial: dict[str, object] = {"name": client.organisation.name if client.organisation else ""}
    form = OrganisationForm(request.POST or None, initial=initial, address=address)

    def do(held: dict[str, object]) -> None:
        at, name = timezone.now(), str(held["name"])
        joining.belong(ticket, name, address if held.get("everybody") else "", by=request.user, at=at)

    known = Organisation.objects.order_by("name").only("name")[:200]
    return _deed(request, ticket, form, do, _("Организация клиента"), _("Сохранить"), known=known)


@require_POST
@agents_only
def blocking(request: AgentRequest, number: int) -> HttpResponse:
    """Take letters of an address of this request again, or no more."""
    ticket = queries.ticket(request.user, number)
    people = ticket.participants.select_related("identity")
    wanted = request.POST.get("participant", "")
    person = next((one for one in people if str(one.pk) == wanted), None)
    if person is None:
        raise Http404
    deed = identifying.unblock if person.identity.blocked_at else identifying.block
    deed(person.identity, by=request.user, at=timezone.now())
    return refreshed(request, ticket)


def _deed(
    request: AgentRequest,
    ticket: Ticket,
    form: forms.Form,
    do: Callable[[dict[str, object]], None],
    title: str,
    button: str,
    **more: object,
) -> HttpResponse:
    """GET shows the form, POST does the deed; wrong input comes back as 422 with the words."""
    if request.method == "POST" and form.is_valid():
        do(form.cleaned_data)
        return refreshed(request, ticket)
    context = {"ticket": ticket, "form": form, "title": title, "button": button, **more}
    context["query"] = listing.read(request).query
    template = "desk/deed.html#sheet" if request.htmx else "desk/deed.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)
