"""The second step of signing in, and what a person has for it."""

from typing import cast

from allauth.account.stages import LoginStageController
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from otklik.accounts import entering, factors, stepping, throttling
from otklik.accounts.forms import AppForm, CodeForm, CredentialForm, KeyForm, PasskeyForm, PresentPasswordForm
from otklik.accounts.models import User
from otklik.accounts.views import own_path
from otklik.accounts.views_security import TRIES, page
from otklik.errors import Refusal
from otklik.web.requests import AgentRequest, people_only

METHODS = ["GET", "POST"]


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(METHODS)
def prove(request: HttpRequest) -> HttpResponse:
    """After the password: a code or a key. Asked by JSON, it gives what a key has to sign."""
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None:
        return redirect("sign-in")
    user = cast(User, stage.login.user)
    if _asks_options(request):
        return JsonResponse(webauthn.begin_authentication(user))
    by_key = "credential" in request.POST
    form = CredentialForm(request.POST) if by_key else CodeForm(request.POST or None)
    if not form.is_valid():
        return _proving(request, user, form, status=422 if form.is_bound else 200)
    now, place = timezone.now(), throttling.visitor(request)
    try:
        if by_key:
            factor = factors.check_key(user, form.cleaned_data["credential"], place=place, at=now)
        else:
            factor = factors.check_code(user, form.cleaned_data["code"], at=now)
    except Refusal as refusal:
        return _proving(request, user, form, refusal, status=refusal.status)
    factor.record_usage()
    return cast(HttpResponse, stage.exit())


@never_cache
@require_http_methods(METHODS)
def passkey(request: HttpRequest) -> HttpResponse:
    """Signing in by a passkey alone, without address and password."""
    if _asks_options(request):
        return JsonResponse(factors.passkey_options())
    form = PasskeyForm(request.POST or None)
    if not form.is_valid():
        return redirect("sign-in")
    place = throttling.visitor(request)
    try:
        words = form.cleaned_data
        found = factors.check_passkey(words["state"], words["credential"], place=place, at=timezone.now())
    except Refusal:
        messages.warning(request, _("Этот ключ нам не знаком. Войдите с паролем и добавьте его в профиле."))
        return redirect("sign-in")
    user = User.objects.select_related("own_role").get(pk=found.user_id)
    return entering.let_in(request, user, path=own_path(request), passkey=found)


@sensitive_post_parameters("code", "present")
@never_cache
@require_http_methods(METHODS)
@people_only
def app(request: AgentRequest) -> HttpResponse:
    """Adding an app that shows codes: its secret as a picture and as letters."""
    user = request.user
    secret = factors.secret(fresh=request.method == "GET")
    address, picture = factors.picture(user, secret)
    form = AppForm(user, request.POST or None)
    refusal = _refused(request, form)
    if form.is_valid() and refusal is None:
        try:
            factors.add_app(request, user, form.cleaned_data["code"], at=timezone.now())
        except Refusal as said:
            refusal = said
        else:
            stepping.paid(request)
            return page(request, fresh_codes=factors.of(user).codes)
    context = {"form": form, "refusal": refusal, "picture": picture, "secret": secret, "address": address}
    return render(request, "accounts/factor_app.html", context, status=_status(form, refusal))


@sensitive_post_parameters("present")
@never_cache
@require_http_methods(METHODS)
@people_only
def key(request: AgentRequest) -> HttpResponse:
    """Adding a key or passkey. JSON gives what the browser needs to make one."""
    user = request.user
    if _asks_options(request):
        return JsonResponse(webauthn.begin_registration(user, passwordless=request.GET.get("alone") == "1"))
    form = KeyForm(user, request.POST or None)
    refusal = _refused(request, form)
    if form.is_valid() and refusal is None:
        words = form.cleaned_data
        had_codes = bool(factors.of(user).codes)
        try:
            factors.add_key(user, words["name"], words["credential"], at=timezone.now())
        except Refusal as said:
            refusal = said
        else:
            stepping.paid(request)
            return page(request, fresh_codes=[] if had_codes else factors.of(user).codes)
    context = {"form": form, "refusal": refusal}
    return render(request, "accounts/factor_key.html", context, status=_status(form, refusal))


@sensitive_post_parameters("present")
@require_POST
@people_only
def take_away(request: AgentRequest, pk: int) -> HttpResponse:
    form = PresentPasswordForm(request.user, request.POST)
    throttling.allow(TRIES, str(request.user.pk), at=timezone.now())
    if not form.is_valid():
        return page(request, form=form)
    factors.take_away(request.user, pk, at=timezone.now())
    messages.success(request, _("Убрали. Письмо об этом отправили на вашу почту."))
    return redirect("security")


@sensitive_post_parameters("present")
@never_cache
@require_POST
@people_only
def codes(request: AgentRequest) -> HttpResponse:
    """New recovery codes, shown once, here."""
    form = PresentPasswordForm(request.user, request.POST)
    throttling.allow(TRIES, str(request.user.pk), at=timezone.now())
    if not form.is_valid():
        return page(request, form=form)
    return page(request, fresh_codes=factors.new_codes(request.user, at=timezone.now()))


def _asks_options(request: HttpRequest) -> bool:
    return request.method == "GET" and request.headers.get("Accept") == "application/json"


def _refused(request: AgentRequest, form: PresentPasswordForm) -> Refusal | None:
    """At a desk left open somebody may guess the password here too."""
    try:
        if form.is_bound:
            throttling.allow(TRIES, str(request.user.pk), at=timezone.now())
    except Refusal as refusal:
        return refusal
    return None


def _status(form: PresentPasswordForm, refusal: Refusal | None) -> int:
    if refusal is not None:
        return refusal.status
    return 422 if form.is_bound else 200


def _proving(
    request: HttpRequest,
    user: User,
    form: CodeForm | CredentialForm,
    refusal: Refusal | None = None,
    *,
    status: int,
) -> HttpResponse:
    had = factors.of(user)
    shown = form if isinstance(form, CodeForm) else CodeForm()
    context = {"form": shown, "refusal": refusal, "has_app": had.app is not None, "has_keys": bool(had.keys)}
    return render(request, "accounts/prove.html", context, status=status)
