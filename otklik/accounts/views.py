"""Signing in and out, the first administrator, setting a password by a one-time link."""

from django.contrib.auth import logout
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

from otklik.accounts import adapters, entering, firstrun, invitations, throttling
from otklik.accounts.forms import FirstRunForm, ForgottenForm, PasswordForm, SignInForm
from otklik.accounts.models import Provider, User
from otklik.errors import Refusal

METHODS = ["GET", "POST"]


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return redirect(adapters.home(request.user) if isinstance(request.user, User) else "desk:inbox")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(METHODS)
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _sign_in_page(request)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, status=422)
    words = form.cleaned_data
    try:
        user = entering.check(request, words["email"], words["password"], at=timezone.now())
    except Refusal as refusal:  # said above the form, which keeps the address
        return _sign_in_page(request, form, refusal)
    return entering.let_in(request, user, path=own_path(request))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The live stream of this browser ends too; other browsers of this person come back with a new ticket."""
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(access_epoch=F("access_epoch") + 1)
    logout(request)
    return without_traces(redirect("sign-in"))


def without_traces(response: HttpResponse) -> HttpResponse:
    """The browser forgets the pages it kept: «back» shows nobody's requests (over TLS; elsewhere it ignores this)."""
    response["Clear-Site-Data"] = '"cache"'
    return response


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(METHODS)
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
    return entering.let_in(request, user)


@never_cache
@require_http_methods(METHODS)
def forgotten(request: HttpRequest) -> HttpResponse:
    """«Забыли пароль?»: the same answer for every address."""
    form = ForgottenForm(request.POST or None)
    if not form.is_valid():
        return render(
            request, "accounts/forgotten.html", {"form": form}, status=422 if form.is_bound else 200
        )
    address = form.cleaned_data["email"]
    try:
        invitations.ask(address, visitor=throttling.visitor(request), at=timezone.now())
    except Refusal as refusal:
        context = {"form": form, "refusal": refusal}
        return render(request, "accounts/forgotten.html", context, status=refusal.status)
    return render(request, "accounts/forgotten.html", {"address": address})


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(METHODS)
def set_password(request: HttpRequest, token: str) -> HttpResponse:
    """By a link of a letter. Who has a second factor is asked for it after that all the same."""
    now = timezone.now()
    link = invitations.invited(token, at=now)
    if link is None:
        throttling.allow(invitations.TRIES, throttling.visitor(request), at=now)
        return render(request, "accounts/link_over.html", status=410)
    form = PasswordForm(link.user, request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        context = {"form": form, "person": link.user}
        return render(request, "accounts/password.html", context, status=status)
    if not invitations.use(link, form.cleaned_data["password"], at=now):
        return render(request, "accounts/link_over.html", status=410)
    return entering.let_in(request, User.objects.select_related("own_role").get(pk=link.user_id))


@require_GET
def operator_login(request: HttpRequest) -> HttpResponse:
    """Django's admin has no door of its own: it would not slow a guesser down."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", "/operator/"), resolve_url("sign-in"))


def own_path(request: HttpRequest) -> str:
    """Where to go after signing in: a path of ours, whatever `next` says; '' is where the person begins."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if safe else ""


def _sign_in_page(
    request: HttpRequest, form: SignInForm | None = None, refusal: Refusal | None = None, *, status: int = 200
) -> HttpResponse:
    if firstrun.is_open():
        return redirect("first-run")
    if isinstance(request.user, User) and form is None:
        return redirect(own_path(request) or adapters.home(request.user))
    context = {
        "form": form or SignInForm(),
        "refusal": refusal,
        "next": own_path(request),
        "services": Provider.objects.filter(is_on=True),
    }
    return render(request, "accounts/sign_in.html", context, status=refusal.status if refusal else status)


def _first_run_page(request: HttpRequest, form: FirstRunForm, refusal: Refusal | None = None) -> HttpResponse:
    status = refusal.status if refusal else (422 if form.is_bound else 200)
    return render(request, "accounts/first_run.html", {"form": form, "refusal": refusal}, status=status)
