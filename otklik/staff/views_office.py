"""Pages of the administrator: people, teams, the company."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from otklik.accounts import factors, invitations, sessions
from otklik.accounts.models import OwnRole, PasswordLink, User
from otklik.accounts.rights import Right
from otklik.errors import Refusal
from otklik.staff import queries, working
from otklik.staff.forms import CompanyForm, PersonForm, RoleForm, TeamForm
from otklik.staff.models import Team
from otklik.web import slots
from otklik.web.requests import AgentRequest, holders_of

METHODS = ["GET", "POST"]
keepers_of_people = holders_of(Right.PEOPLE)
keepers_of_settings = holders_of(Right.SETTINGS)


@require_GET
@keepers_of_people
def people(request: AgentRequest) -> HttpResponse:
    return render(request, "staff/people.html", {"people": queries.people(), "here": "people"})


@require_http_methods(METHODS)
@keepers_of_people
def new_person(request: AgentRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    added = _done(form, lambda: working.add_person(_person(form), by=request.user, at=timezone.now()))
    if isinstance(added, User):
        messages.success(request, _("Добавили: %s. Письмо со ссылкой для пароля уже в пути.") % added.name)
        return redirect("person", pk=added.pk)
    return _form(request, form, _("Новый сотрудник"), _("Добавить сотрудника"), back="people")


@require_http_methods(METHODS)
@keepers_of_people
def person(request: AgentRequest, pk: int) -> HttpResponse:
    """Change somebody."""
    user = _known_person(pk)
    form = PersonForm(request.POST or None, initial=_known(user))
    if _done(form, lambda: working.change_person(user, _person(form), by=request.user, at=timezone.now())):
        messages.success(request, _("Сохранили: %s.") % form.cleaned_data["name"])
        return redirect("person", pk=pk)
    return _person_page(request, user, form)


@require_POST
@keepers_of_people
def person_link(request: AgentRequest, pk: int) -> HttpResponse:
    """A one-time link for a new password, shown once: the administrator hands it over."""
    user = _known_person(pk, is_active=True)
    working.refuse_above(user, by=request.user)
    link = invitations.link(user, at=timezone.now(), purpose=PasswordLink.Purpose.HANDED)
    return _person_page(request, user, PersonForm(initial=_known(user)), link)


@require_POST
@keepers_of_people
def person_letter(request: AgentRequest, pk: int) -> HttpResponse:
    """The invitation by mail once more."""
    user = _known_person(pk, is_active=True)
    working.refuse_above(user, by=request.user)
    invitations.invite(user, at=timezone.now())
    messages.success(request, _("Отправим письмо со ссылкой на %s.") % user.email)
    return redirect("person", pk=pk)


@require_POST
@keepers_of_people
def person_signs_out(request: AgentRequest, pk: int) -> HttpResponse:
    """«Выйти везде» for somebody whose telephone is lost: every session and key of theirs ends."""
    user = _known_person(pk)
    working.refuse_above(user, by=request.user)
    working.sign_out(user, by=request.user, at=timezone.now())
    messages.success(request, _("Закрыли все сеансы и ключи: %s.") % user.name)
    return redirect("person", pk=pk)


@require_POST
@keepers_of_people
def person_loses_factor(request: AgentRequest, pk: int) -> HttpResponse:
    """The second step of signing in goes: the telephone is lost and the codes too."""
    user = _known_person(pk)
    working.refuse_above(user, by=request.user)
    working.drop_factors(user, by=request.user, at=timezone.now())
    messages.success(request, _("Убрали второй шаг входа: %s. Хватит пароля.") % user.name)
    return redirect("person", pk=pk)


@require_POST
@keepers_of_people
def person_leaves(request: AgentRequest, pk: int) -> HttpResponse:
    user = _known_person(pk)
    deed = working.leave if user.is_active else working.come_back
    deed(user, by=request.user, at=timezone.now())
    return redirect("person", pk=pk)


@require_GET
@keepers_of_people
def teams(request: AgentRequest) -> HttpResponse:
    return render(request, "staff/teams.html", {"teams": queries.teams(), "here": "teams"})


@require_http_methods(METHODS)
@keepers_of_people
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
@keepers_of_people
def team_goes(request: AgentRequest, pk: int) -> HttpResponse:
    working.remove_team(get_object_or_404(Team, pk=pk), by=request.user, at=timezone.now())
    return redirect("teams")


@require_http_methods(METHODS)
@keepers_of_settings
def company(request: AgentRequest) -> HttpResponse:
    held = queries.company()
    form = CompanyForm(request.POST or None, instance=held)
    if form.is_valid():
        working.save_company(form.instance, by=request.user, at=timezone.now())
        messages.success(request, _("Сохранили. Клиенты увидят это сразу."))
        return redirect("company")
    context = {"form": form, "here": "company", "parts": slots.parts("company.page", request.user, held.pk)}
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


@require_GET
@keepers_of_people
def roles(request: AgentRequest) -> HttpResponse:
    context = {"roles": queries.roles(), "built_in": queries.built_in_roles(), "here": "roles"}
    return render(request, "staff/roles.html", context)


@require_http_methods(METHODS)
@keepers_of_people
def role(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    """A new role of the company or one that is there."""
    known = get_object_or_404(OwnRole, pk=pk) if pk else OwnRole()
    form = RoleForm(request.POST or None, instance=known)
    if _done(form, lambda: working.save_role(form.instance, by=request.user, at=timezone.now())):
        messages.success(request, _("Сохранили роль «%s». Она уже действует.") % form.instance.name)
        return redirect("roles")
    title = OwnRole.objects.get(pk=pk).name if pk else _("Новая роль")
    context = {"form": form, "title": title, "role": known if pk else None, "here": "roles"}
    return render(request, "staff/role.html", context, status=422 if form.is_bound else 200)


@require_POST
@keepers_of_people
def role_goes(request: AgentRequest, pk: int) -> HttpResponse:
    working.remove_role(get_object_or_404(OwnRole, pk=pk), by=request.user, at=timezone.now())
    return redirect("roles")


def _known_person(pk: int, **only: bool) -> User:
    return get_object_or_404(User.objects.select_related("own_role"), pk=pk, **only)


def _person(form: PersonForm) -> working.Person:
    words = form.cleaned_data
    chosen, own = form.role_of()
    return working.Person(words["email"], words["name"], chosen, list(words["teams"]), own)


def _known(user: User) -> dict[str, object]:
    mine = Team.objects.filter(memberships__user=user)
    role = f"own:{user.own_role_id}" if user.own_role_id else user.role
    return {"name": user.name, "email": user.email, "role": role, "teams": list(mine)}


def _person_page(request: AgentRequest, user: User, form: PersonForm, link: str = "") -> HttpResponse:
    context = {
        "person": user,
        "form": form,
        "link": link,
        "sessions": sessions.of(user, None, at=timezone.now()),
        "has_factor": factors.of(user).any,
        "here": "people",
    }
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
