"""My profile: what each person decides for themselves."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from otklik.accounts import throttling
from otklik.accounts.models import User
from otklik.accounts.views import speaking
from otklik.staff import queries
from otklik.staff.forms import MeForm, OwnPasswordForm
from otklik.web.requests import AgentRequest, agents_only

TRIES = throttling.Limit("own-password", 10, timedelta(hours=1))  # at a desk left open somebody may guess


@require_http_methods(["GET", "POST"])
@agents_only
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
@agents_only
def password(request: AgentRequest) -> HttpResponse:
    """Other browsers of this person are signed out by it; this one stays. Raises TooOften."""
    user = request.user
    throttling.allow(TRIES, str(user.pk), at=timezone.now())
    form = OwnPasswordForm(user, request.POST)
    if not form.is_valid():
        own = {"name": user.name, "theme": user.theme, "language": user.language}
        return _page(request, MeForm(instance=queries.profile(user), initial=own), form, bad=True)
    user.set_password(form.cleaned_data["fresh"])
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    messages.success(request, _("Сменили пароль. На других устройствах войдите с новым."))
    return redirect("me")


def _page(request: AgentRequest, form: MeForm, password_form: OwnPasswordForm, *, bad: bool) -> HttpResponse:
    context = {"form": form, "password_form": password_form, "teams": request.user.teams.all()}
    return render(request, "staff/me.html", context, status=422 if bad else 200)
