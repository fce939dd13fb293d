"""My profile: what each person decides for themselves."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from otklik.accounts import invitations, throttling
from otklik.accounts.adapters import speaking
from otklik.accounts.models import AccountLetter, User
from otklik.accounts.views_security import TRIES
from otklik.staff import absences, queries
from otklik.staff.forms import MeForm, OwnPasswordForm
from otklik.web.requests import AgentRequest, people_only


@require_http_methods(["GET", "POST"])
@people_only
def me(request: AgentRequest) -> HttpResponse:
    user, profile = request.user, queries.profile(request.user)
    own = {"name": user.name, "theme": user.theme, "language": user.language}
    form = MeForm(request.POST or None, instance=profile, initial=own)
    if not form.is_valid():
        return _page(request, form, OwnPasswordForm(user), bad=form.is_bound)
    form.save()
    kept = {field: form.cleaned_data[field] for field in own}
    User.objects.filter(pk=user.pk).update(**kept)
    user.language = kept["language"]
    messages.success(request, _("Сохранили ваши настройки."))
    return speaking(redirect("me"), user)


@sensitive_post_parameters("present", "fresh")
@require_POST
@people_only
def password(request: AgentRequest) -> HttpResponse:
    """Other browsers of this person are signed out by it; this one stays. Raises TooOften."""
    user = request.user
    throttling.allow(TRIES, str(user.pk), at=timezone.now())
    form = OwnPasswordForm(user, request.POST)
    if not form.is_valid():
        own = {"name": user.name, "theme": user.theme, "language": user.language}
        return _page(request, MeForm(instance=queries.profile(user), initial=own), form, bad=True)
    now = timezone.now()
    invitations.set_password(user, form.cleaned_data["fresh"], at=now, but=request.session.session_key)
    update_session_auth_hash(request, user)
    invitations.tell(user, AccountLetter.Kind.PASSWORD, at=now)
    messages.success(request, _("Сменили пароль. На других устройствах войдите с новым."))
    return redirect("me")


@require_POST
@people_only
def returned(request: AgentRequest) -> HttpResponse:
    """«Я на месте»: before the day that was named."""
    if absences.end(request.user, by=request.user, at=timezone.now()):
        messages.success(request, _("Вы снова на месте: коллеги могут передавать вам запросы."))
    return redirect("me")


def _page(request: AgentRequest, form: MeForm, password_form: OwnPasswordForm, *, bad: bool) -> HttpResponse:
    context = {
        "form": form,
        "password_form": password_form,
        "teams": request.user.teams.all(),
        "absence": queries.absence(request.user, timezone.localdate()),
    }
    return render(request, "staff/me.html", context, status=422 if bad else 200)
