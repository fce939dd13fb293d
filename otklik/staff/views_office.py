"""Pages of the administrator: people, teams, the company."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import wraps
from typing import Concatenate, ParamSpec

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from otklik.accounts import invitations
from otklik.accounts.models import User
from otklik.errors import Refusal
from otklik.staff import queries, working
from otklik.staff.forms import CompanyForm, PersonForm, TeamForm
from otklik.staff.models import Team
from otklik.web.requests import AgentRequest, agents_only

METHODS = ["GET", "POST"]
P = ParamSpec("P")


def admins_only(
    view: Callable[Concatenate[AgentRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Others read who can give the access (403.html)."""

    @wraps(view)
    def guarded(request: AgentRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_admin:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return agents_only(guarded)


@require_GET
@admins_only
def people(request: AgentRequest) -> HttpResponse:
    return render(request, "staff/people.html", {"people": queries.people(), "here": "people"})


@require_http_methods(METHODS)
@admins_only
def new_person(request: AgentRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    added = _done(form, lambda: working.add_person(_person(form), by=request.user, at=timezone.now()))
    if isinstance(added, User):
        return redirect("person", pk=added.pk)
    return _form(request, form, _("Новый сотрудник"), _("Добавить сотрудника"), back="people")


@require_http_methods(METHODS)
@admins_only
def person(request: AgentRequest, pk: int) -> HttpResponse:
    """Change somebody. Who has no password yet gets the link for it shown here."""
    user = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST or None, initial=_known(user))
    if _done(form, lambda: working.change_person(user, _person(form), by=request.user, at=timezone.now())):
        messages.success(request, _("Сохранили: %s.") % form.cleaned_data["name"])
        return redirect("person", pk=pk)
    link = "" if user.has_usable_password() or not user.is_active else invitations.link(user)
    return _person_page(request, user, form, link)


@require_POST
@admins_only
def person_link(request: AgentRequest, pk: int) -> HttpResponse:
    """A one-time link for a new password, shown once: the administrator hands it over."""
    user = get_object_or_404(User, pk=pk, is_active=True)
    return _person_page(request, user, PersonForm(initial=_known(user)), invitations.link(user))


@require_POST
@admins_only
def person_leaves(request: AgentRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    deed = working.leave if user.is_active else working.come_back
    deed(user, by=request.user, at=timezone.now())
    return redirect("person", pk=pk)


@require_GET
@admins_only
def teams(request: AgentRequest) -> HttpResponse:
    return render(request, "staff/teams.html", {"teams": queries.teams(), "here": "teams"})


@require_http_methods(METHODS)
@admins_only
def team(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    """A new team or one that is there."""
    known = get_object_or_404(Team, pk=pk) if pk else Team()
    members = list(known.members.all()) if pk else []
    form = TeamForm(request.POST or None, instance=known, initial={"members": members})

    def save() -> Team:
        chosen = form.cleaned_data["members"]
        return working.save_team(form.instance, members=chosen, by=request.user, at=timezone.now())

    if _done(form, save):
        messages.success(request, _("Сохранили команду «%s».") % form.instance.name)
        return redirect("teams")
    title = known.name if pk else _("Новая команда")
    return _form(request, form, title, _("Сохранить команду"), back="teams", team=known if pk else None)


@require_POST
@admins_only
def team_goes(request: AgentRequest, pk: int) -> HttpResponse:
    working.remove_team(get_object_or_404(Team, pk=pk), by=request.user, at=timezone.now())
    return redirect("teams")


@require_http_methods(METHODS)
@admins_only
def company(request: AgentRequest) -> HttpResponse:
    held = queries.company()
    hours = {"answer_hours": Decimal(f"{held.answer_within / timedelta(hours=1):.4g}")}
    form = CompanyForm(request.POST or None, instance=held, initial=hours)
    if form.is_valid():
        working.save_company(form.instance, by=request.user, at=timezone.now())
        messages.success(request, _("Сохранили. Клиенты увидят это сразу."))
        return redirect("company")
    context = {"form": form, "here": "company"}
    return render(request, "staff/company.html", context, status=422 if form.is_bound else 200)


def _done(form: forms.BaseForm, deed: Callable[[], object]) -> object:
    """What the deed gave (True for nothing), or None: the form is not filled in yet, wrong, or refused in its words."""
    if not form.is_valid():
        return None
    try:
        return deed() or True
    except Refusal as refusal:  # beside the fields, which keep what was typed
        form.add_error(None, f"{refusal.reason} {refusal.next_step}")
        return None


def _person(form: PersonForm) -> working.Person:
    words = form.cleaned_data
    return working.Person(words["email"], words["name"], words["role"], list(words["teams"]))


def _known(user: User) -> dict[str, object]:
    mine = Team.objects.filter(memberships__user=user)
    return {"name": user.name, "email": user.email, "role": user.role, "teams": list(mine)}


def _person_page(request: AgentRequest, user: User, form: PersonForm, link: str) -> HttpResponse:
    context = {"person": user, "form": form, "link": link, "here": "people"}
    return render(request, "staff/person.html", context, status=422 if form.is_bound else 200)


def _form(
    request: AgentRequest,
    form: forms.BaseForm,
    title: str,
    button: str,
    *,
    back: str,
    team: Team | None = None,
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "back": back, "here": back, "team": team}
    return render(request, "staff/form.html", context, status=422 if form.is_bound else 200)
