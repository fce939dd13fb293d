"""Signing in: the same words for a wrong password and an unknown address, growing pauses after five wrong tries.

WrongWords   the address and the password don't fit together
TooSoon      five were wrong: says how long to wait; the right password waits too
"""

from datetime import datetime, timedelta
from http import HTTPStatus

from django.contrib.auth import authenticate, login
from django.http import HttpRequest
from django.utils.translation import gettext as _

from otklik.accounts import throttling
from otklik.accounts.models import User
from otklik.accounts.throttling import Limit
from otklik.errors import Refusal

BY_ADDRESS = Limit("sign-in-address", 5, timedelta(hours=1))
BY_VISITOR = Limit("sign-in-visitor", 20, timedelta(hours=1))  # an office behind one address has many people


class WrongWords(Refusal):
    code = "sign_in.wrong"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooSoon(Refusal):
    code = "sign_in.too_soon"
    status = HTTPStatus.TOO_MANY_REQUESTS


def enter(request: HttpRequest, email: str, password: str, *, at: datetime) -> User:
    """Sign this browser in with a new session. Raises WrongWords, TooSoon."""
    visitor = throttling.visitor(request)
    _refuse_too_soon(email, visitor, at)
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        throttling.count(BY_ADDRESS, email, at=at)
        throttling.count(BY_VISITOR, visitor, at=at)
        raise WrongWords(_("Почта и пароль не подходят друг к другу."), _("Проверьте раскладку и Caps Lock."))
    throttling.forget(BY_ADDRESS, email)
    request.session.flush()
    login(request, user)
    return user


def _refuse_too_soon(email: str, visitor: str, at: datetime) -> None:
    left = max(
        throttling.pause_left(BY_ADDRESS, email, at=at), throttling.pause_left(BY_VISITOR, visitor, at=at)
    )
    if left:
        raise TooSoon(
            _("Пароль не подошёл несколько раз подряд."),
            _("Подождите %s: так мы мешаем подбирать пароли.") % throttling.words(left),
        )
