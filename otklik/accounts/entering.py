"""Signing in: the same words for a wrong password and an unknown address, growing pauses after five wrong tries.

The password alone lets in only those without a second factor: allauth's login stages ask for it (adapters.py).

WrongWords   the address and the password don't fit together
TooSoon      five were wrong: says how long to wait; the right password waits too
"""

from datetime import datetime, timedelta
from http import HTTPStatus

import structlog
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from otklik.accounts import throttling
from otklik.accounts.models import User
from otklik.accounts.throttling import Limit
from otklik.errors import Refusal

log = structlog.get_logger("otklik.security")
BY_ADDRESS = Limit("sign-in-address", 5, timedelta(hours=1))
BY_VISITOR = Limit("sign-in-visitor", 20, timedelta(hours=1))  # an office behind one address has many people


class WrongWords(Refusal):
    code = "sign_in.wrong"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooSoon(Refusal):
    code = "sign_in.too_soon"
    status = HTTPStatus.TOO_MANY_REQUESTS


def check(request: HttpRequest, email: str, password: str, *, at: datetime) -> User:
    """Whose address and password these are. Raises WrongWords, TooSoon."""
    visitor = throttling.visitor(request)
    refuse_too_soon({BY_ADDRESS: email, BY_VISITOR: visitor}, at=at)
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        throttling.count(BY_ADDRESS, email, at=at)
        throttling.count(BY_VISITOR, visitor, at=at)
        log.warning("sign_in.wrong", address=throttling.mark(email), place=throttling.mark(visitor))
        raise WrongWords(_("Почта и пароль не подходят друг к другу."), _("Проверьте раскладку и Caps Lock."))
    throttling.forget(BY_ADDRESS, email)
    return user


def let_in(
    request: HttpRequest, user: User, *, path: str = "", passkey: Authenticator | None = None
) -> HttpResponse:
    """Give this browser a new session and lead it on: to `path` of ours, or to the page of the second factor first.

    passkey: the one by which they came; it stands for password and second factor at once.
    """
    request.session.flush()
    request.user = AnonymousUser()
    if passkey is not None:
        post_authentication(request, passkey, passwordless=True)
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=path or None))
    return answer


def refuse_too_soon(tried: dict[Limit, str], *, at: datetime) -> None:
    """Raises TooSoon while one of these values has to wait."""
    left = max(throttling.pause_left(limit, value, at=at) for limit, value in tried.items())
    if left:
        log.warning("sign_in.too_soon", limits=[limit.word for limit in tried])
        raise TooSoon(
            _("Вход не получился несколько раз подряд."),
            _("Подождите %s: так мы мешаем подбирать пароли.") % throttling.words(left),
        )
