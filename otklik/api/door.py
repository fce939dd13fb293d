"""Who a program is: the key in `Authorization: Bearer otk_…`, good for one scope of each endpoint."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from otklik import tracing
from otklik.accounts import keys, throttling
from otklik.accounts.models import ApiKey, User
from otklik.accounts.scopes import Scope


class KeyRequest(HttpRequest):
    """A request that came with a living key of the right scope."""

    user: User
    auth: ApiKey


class Key(HttpBearer):
    """Raises what keys.check() raises; without a header ninja answers 401 itself (app.py words it)."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self._scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        key = keys.check(token, self._scope, place=throttling.visitor(request), at=timezone.now())
        request.user = key.user
        tracing.bind(user_id=key.user_id)
        return key
