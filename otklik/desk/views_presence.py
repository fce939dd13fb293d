"""«Борис смотрит», «Борис пишет…»: a signal of an open page to the others."""

import time
from http import HTTPStatus
from typing import get_args

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_POST

from otklik.desk import queries
from otklik.staff import presence
from otklik.web.requests import AgentRequest, agents_only

_allowance = presence.Allowance()


@require_POST
@agents_only
def signal(request: AgentRequest, number: int) -> HttpResponse:
    """Only those who may see the request may say that they are there, and hear it of others.

    429: too often; the page needs no more than this.
    """
    if not _allowance.takes(request.user.pk, time.monotonic()):
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    found = queries.visible_to(request.user).filter(number=number).values_list("pk", "team_id").first()
    if found is None:
        raise Http404
    doing = request.POST.get("doing", "")
    if doing not in get_args(presence.Doing):
        return HttpResponseBadRequest()
    presence.tell(request.user, doing, ticket_id=found[0], team_id=found[1])  # type: ignore[arg-type]  # checked above
    return HttpResponse(status=204)
