"""Pages that only an administrator opens."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from otklik.channels import connecting
from otklik.web.requests import AgentRequest, agents_only

P = ParamSpec("P")


def admins_only(
    view: Callable[Concatenate[AgentRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Others are told who may; a stranger signs in first."""

    @agents_only
    @wraps(view)
    def guarded(request: AgentRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        connecting.may(request.user)
        return view(request, *args, **kwargs)

    return guarded
