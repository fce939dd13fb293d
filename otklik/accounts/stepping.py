"""What stands between a session and a page: a second step that the company wants, and proof of late that it is they.

A session remembers when its person last showed who they are. Pages that give power away (people, roles, keys, services,
mail passwords) ask again past half an hour; what was being filled in there may be sent for an hour. Where the rules
want a second step of everybody, whoever has none signs in to the page that adds one, and to nothing else.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlencode

import structlog
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.accounts import throttling
from otklik.accounts.models import SignInRules, User
from otklik.errors import Refusal
from otklik.web.refusals import answer

log = structlog.get_logger("otklik.security")
PROVED, OWES = "otklik.proved", "otklik.owes_second_step"
FRESH = timedelta(minutes=30)
FINISHED = timedelta(minutes=60)
# names of addresses: whoever sits down at a desk left open gets no further by them
SURE = frozenset({
    "new-person", "person", "person-link", "person-letter", "person-leaves", "person-loses-factor",
    "person-signs-out", "new-role", "role", "role-goes", "keys", "key-revoked", "new-service", "service",
    "service-goes", "sign-in-rules", "channels:new", "channels:servers", "channels:outgoing", "channels:grant",
    "channels:door", "channels:drop", "channels:raw", "privacy:export", "privacy:erasure",
    "privacy:page", "privacy:download",
})  # fmt: skip
# what somebody opens who has yet to add a second step
OWING = {
    "security",
    "factor-app",
    "factor-key",
    "factor-codes",
    "sign-out",
    "sign-in-again",
    "theme",
    "language",
}


class NotSure(Refusal):
    code = "session.prove_again"
    status = HTTPStatus.FORBIDDEN


def rules() -> SignInRules:
    """One query; the defaults while nobody chose."""
    return SignInRules.objects.first() or SignInRules()


def began(request: HttpRequest, user: User, at: datetime) -> None:
    """Called when somebody has signed in by this browser."""
    told = rules()
    log.info("sign_in.done", user=user.pk, place=throttling.mark(throttling.visitor(request)))
    request.session.set_expiry(timedelta(hours=told.session_hours))
    proved(request, at)
    if told.second_step and not has_second_step(user):
        request.session[OWES] = True


def proved(request: HttpRequest, at: datetime) -> None:
    request.session[PROVED] = at.isoformat()


def paid(request: HttpRequest) -> None:
    """A second step has been added."""
    request.session.pop(OWES, None)


def has_second_step(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def is_proved(request: HttpRequest, within: timedelta, at: datetime) -> bool:
    told = request.session.get(PROVED)
    return isinstance(told, str) and at - datetime.fromisoformat(told) < within


def is_sure(name: str) -> bool:
    """Whether the address of this name gives power away."""
    return name in SURE or name.startswith("admin:")


class SteppingMiddleware:
    """Looks at the name of the address, so that Django's admin is behind it as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if OWES in request.session and name not in OWING and request.user.is_authenticated:
            return _away(request, reverse("security"))
        if is_sure(name) and request.user.is_authenticated:
            return _ask_again(request)
        return None


def _ask_again(request: HttpRequest) -> HttpResponse | None:
    now = timezone.now()
    if request.method in {"GET", "HEAD"}:
        if is_proved(request, FRESH, now):
            return None
        return _away(request, f"{reverse('sign-in-again')}?{urlencode({'next': request.get_full_path()})}")
    if is_proved(request, FINISHED, now):
        return None
    words = _("Вы давно не подтверждали, что это вы.")
    return answer(
        request, NotSure(words, _("Откройте эту страницу заново: она спросит пароль. Потом повторите."))
    )


def _away(request: HttpRequest, place: str) -> HttpResponse:
    """A swap makes the whole page go."""
    if not getattr(request, "htmx", False):
        return redirect(place)
    swap = HttpResponse(status=204)
    swap["HX-Redirect"] = place
    return swap
