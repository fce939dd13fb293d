"""Requests of signed-in people."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django_htmx.middleware import HtmxDetails

from otklik.accounts.models import User

P = ParamSpec("P")


class AgentRequest(HttpRequest):
    """A request after agents_only: its user is a person of the desk."""

    user: User
    htmx: HtmxDetails
    waiting: int  # what waits for this person, when the page has counted it already


def agents_only(
    view: Callable[Concatenate[AgentRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Anybody else goes to the sign-in page and comes back to where they were; a swap makes the whole page go."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
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


def _path(url: str) -> str:
    return "/" + url.split("://", 1)[-1].partition("/")[2]
