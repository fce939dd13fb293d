"""«Это вы?» before a page that gives power away, and the administrator's rules of signing in."""

from typing import TYPE_CHECKING, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from otklik.accounts import adapters, factors, stepping, throttling
from otklik.accounts.forms import CodeForm, PresentPasswordForm
from otklik.accounts.models import SignInRules, User
from otklik.accounts.views import own_path
from otklik.accounts.views_security import TRIES
from otklik.errors import Refusal
from otklik.web.requests import AgentRequest, people_only

METHODS = ["GET", "POST"]
if TYPE_CHECKING:  # only the stubs know of a form's model
    _OfRules = forms.ModelForm[SignInRules]
else:
    _OfRules = forms.ModelForm


class RulesForm(_OfRules):
    class Meta:
        model = SignInRules
        fields = ("second_step", "session_hours")
        help_texts: ClassVar = {
            "second_step": gettext_lazy("У кого его нет, добавит при следующем входе: мы попросим об этом."),
            "session_hours": gettext_lazy(
                "Потом браузер спросит пароль снова. Действует со следующего входа."
            ),
        }


@sensitive_post_parameters("present", "code")
@never_cache
@require_http_methods(METHODS)
@people_only
def again(request: AgentRequest) -> HttpResponse:
    """The password once more; a code of the app for whoever has no password."""
    user, refusal = request.user, None
    form = _form(user, request.POST or None)
    if form is not None and form.is_bound:
        try:
            _check(user, form)
        except Refusal as said:
            refusal = said
        else:
            if form.is_valid():
                stepping.proved(request, timezone.now())
                return redirect(own_path(request) or adapters.home(user))
    context = {"form": form, "refusal": refusal, "next": own_path(request)}
    bound = form is not None and form.is_bound
    status = refusal.status if refusal else (422 if bound else 200)
    return render(request, "accounts/again.html", context, status=status)


def _form(user: User, data: object) -> PresentPasswordForm | CodeForm | None:
    """None: they came by a service and have nothing to show here; signing in anew is the way."""
    if user.has_usable_password():
        return PresentPasswordForm(user, data)
    return CodeForm(data) if factors.of(user).any else None  # type: ignore[arg-type]  # a QueryDict or None


def _check(user: User, form: PresentPasswordForm | CodeForm) -> None:
    """Raises TooOften, TooSoon, WrongCode; a wrong password is the form's own fault."""
    now = timezone.now()
    throttling.allow(TRIES, str(user.pk), at=now)
    if isinstance(form, CodeForm) and form.is_valid():
        factors.check_code(user, form.cleaned_data["code"], at=now)


@require_http_methods(METHODS)
@people_only
def rules(request: AgentRequest) -> HttpResponse:
    if not request.user.is_admin:
        raise PermissionDenied
    form = RulesForm(request.POST or None, instance=stepping.rules())
    if form.is_valid() and not _shuts_oneself_out(request, form):
        form.save()
        messages.success(request, _("Сохранили. Правила действуют со следующего входа."))
        return redirect("sign-in-rules")
    context = {"form": form, "here": "rules", "without": _without_second_step()}
    return render(request, "accounts/rules.html", context, status=422 if form.is_bound else 200)


def _shuts_oneself_out(request: AgentRequest, form: RulesForm) -> bool:
    """Who demands it of all shows that it works: adds their own first."""
    missing: bool = form.cleaned_data["second_step"] and not stepping.has_second_step(request.user)
    if missing:
        form.add_error(
            "second_step", _("Сначала добавьте второй шаг себе: «Вход и безопасность» в вашем профиле.")
        )
    return missing


def _without_second_step() -> int:
    has = User.objects.filter(is_active=True, authenticator__type__in=["totp", "webauthn"]).distinct().count()
    return User.objects.filter(is_active=True).count() - has
