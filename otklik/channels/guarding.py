"""Pages that only those who set up the boxes open."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from otklik.accounts.rights import Right
from otklik.channels import connecting
from otklik.web.requests import AgentRequest, holders_of, people_only

P = ParamSpec("P")


def admins_only(
    view: Callable[Concatenate[AgentRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Others are told who may; a stranger signs in first."""

    @people_only
    @wraps(view)
    def guarded(request: AgentRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        connecting.may(request.user)
        return view(request, *args, **kwargs)

    return guarded


def letters_too(
    view: Callable[Concatenate[AgentRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Letters as they came, of all teams: takes the rights to see all requests beside that to set up the boxes."""
    return holders_of(Right.SEE)(holders_of(Right.SEE_ALL)(admins_only(view)))
