"""Requests of signed-in people, and the right that a page asks for."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from otklik import tracing
from otklik.accounts import arriving, sessions
from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.errors import NotAllowed

P = ParamSpec("P")
SAFE = {"GET", "HEAD", "OPTIONS"}
_MASKED = "masked_token"


class LooksOnly(NotAllowed):
    code = "not_allowed.looks_only"


class AgentRequest(HttpRequest):
    """A request after people_only: its user is a person of ours."""

    user: User
    htmx: HtmxDetails
    waiting: int  # what waits for this person, when the page has counted it already


View = Callable[Concatenate[AgentRequest, P], HttpResponseBase]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def people_only(view: View[P]) -> Guarded[P]:
    """Whoever has signed in, whatever their role.

    Anybody else goes to the sign-in page and comes back to where they were; a swap makes the whole page go.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            arriving.unwrap(request)
            tracing.bind(user_id=request.user.pk)
            sessions.seen(request, timezone.now())
            answer = view(request, *args, **kwargs)  # type: ignore[arg-type]  # signed in: a User of ours
            # a proxy in between may not keep it; private alone leaves «back» and prefetching as they are
            answer.headers.setdefault("Cache-Control", "private")
            return answer
        if not getattr(request, "htmx", False):
            return redirect_to_login(request.get_full_path(), resolve_url("sign-in"))
        swap = HttpResponse(status=204)
        here = quote(_path(request.headers.get("HX-Current-URL", "")))
        swap["HX-Redirect"] = f"{resolve_url('sign-in')}?next={here}"
        return swap

    return guarded


def holders_of(*rights: Right) -> Callable[[View[P]], Guarded[P]]:
    """Pages of those who have one of these rights; others read who can give it (403.html)."""

    def guard(view: View[P]) -> Guarded[P]:
        @wraps(view)
        def guarded(request: AgentRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not any(request.user.may(one) for one in rights):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return people_only(guarded)

    return guard


def agents_only(view: View[P]) -> Guarded[P]:
    """Who sees requests. Changing anything about one takes the right to work with it too. Raises LooksOnly."""

    @wraps(view)
    def guarded(request: AgentRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method not in SAFE and not request.user.may(Right.WORK):
            raise LooksOnly(
                _("С вашей ролью запросы можно читать, но не менять."),
                _("Нужно больше? Попросите администратора сменить роль."),
            )
        return view(request, *args, **kwargs)

    return holders_of(Right.SEE)(guarded)


def token(request: HttpRequest) -> str:
    """For every form of one answer: each masking of it costs as much as a form."""
    masked: str | None = getattr(request, _MASKED, None)
    if masked is None:
        masked = get_token(request)
        setattr(request, _MASKED, masked)
    return masked


def _path(url: str) -> str:
    return "/" + url.split("://", 1)[-1].partition("/")[2]
