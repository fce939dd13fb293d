"""Signing in and out, the first administrator, setting a password by a one-time link."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from otklik.accounts import entering, firstrun, invitations, throttling
from otklik.accounts.forms import FirstRunForm, PasswordForm, SignInForm
from otklik.accounts.models import User
from otklik.errors import Refusal
from otklik.web.language import remember


@require_GET
def home(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    return redirect("desk:inbox")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _sign_in_page(request)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, status=422)
    words = form.cleaned_data
    try:
        user = entering.enter(request, words["email"], words["password"], at=timezone.now())
    except Refusal as refusal:  # said above the form, which keeps the address
        return _sign_in_page(request, form, refusal)
    return speaking(redirect(_own_path(request)), user)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The live stream of this browser ends too; other browsers of this person come back with a new ticket."""
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(access_epoch=F("access_epoch") + 1)
    logout(request)
    return redirect("sign-in")


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """Once in the life of an installation: while nobody can sign in."""
    if not firstrun.is_open():
        return redirect("sign-in")
    form = FirstRunForm(User(), request.POST or None)
    if not form.is_valid():
        return _first_run_page(request, form)
    words = form.cleaned_data
    try:
        user = firstrun.begin(
            words["code"], email=words["email"], name=words["name"], password=words["password"],
            visitor=throttling.visitor(request), at=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _first_run_page(request, form, refusal)
    login(request, user)
    return redirect("desk:inbox")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def set_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    user = invitations.invited(uid, token)
    if user is None:
        return render(request, "accounts/link_over.html", status=410)
    form = PasswordForm(user, request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/password.html", {"form": form, "person": user}, status=status)
    user.set_password(form.cleaned_data["password"])
    user.save(update_fields=["password"])
    login(request, user)
    return speaking(redirect("desk:inbox"), user)


@require_GET
def operator_login(request: HttpRequest) -> HttpResponse:
    """Django's admin has no door of its own: it would not slow a guesser down."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", "/operator/"), resolve_url("sign-in"))


def speaking(response: HttpResponse, user: User) -> HttpResponse:
    """The pages of this browser speak the language that the person chose."""
    return remember(response, user.language)


def _sign_in_page(
    request: HttpRequest, form: SignInForm | None = None, refusal: Refusal | None = None, *, status: int = 200
) -> HttpResponse:
    if firstrun.is_open():
        return redirect("first-run")
    if request.user.is_authenticated and form is None:
        return redirect(_own_path(request))
    context = {"form": form or SignInForm(), "refusal": refusal, "next": _own_path(request)}
    return render(request, "accounts/sign_in.html", context, status=refusal.status if refusal else status)


def _first_run_page(request: HttpRequest, form: FirstRunForm, refusal: Refusal | None = None) -> HttpResponse:
    status = refusal.status if refusal else (422 if form.is_bound else 200)
    return render(request, "accounts/first_run.html", {"form": form, "refusal": refusal}, status=status)


def _own_path(request: HttpRequest) -> str:
    """Where to go after signing in: a path of ours, whatever `next` says."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if safe else resolve_url(settings.LOGIN_REDIRECT_URL)
