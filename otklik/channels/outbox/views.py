"""The page of one delivery: what happened to the letter, and the deeds that a person may do."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from otklik.channels.outbox import queries, settling
from otklik.desk.models import Delivery
from otklik.web.requests import AgentRequest, agents_only


@require_GET
@agents_only
def letter(request: AgentRequest, pk: int) -> HttpResponse:
    delivery = _delivery(request, pk)
    context = {"delivery": delivery, "fate": queries.fate(delivery, timezone.now())}
    return render(request, "outbox/letter.html", context)


@require_POST
@agents_only
def resend(request: AgentRequest, pk: int) -> HttpResponse:
    delivery = _delivery(request, pk)
    settling.resend(delivery, by=request.user, at=timezone.now())
    messages.success(request, _("Отправляем письмо ещё раз."))
    return redirect("desk:ticket", delivery.message.ticket.number)


@require_POST
@agents_only
def count_as_sent(request: AgentRequest, pk: int) -> HttpResponse:
    delivery = _delivery(request, pk)
    settling.count_as_sent(delivery, by=request.user, at=timezone.now())
    messages.success(request, _("Считаем письмо отправленным."))
    return redirect("desk:ticket", delivery.message.ticket.number)


def _delivery(request: AgentRequest, pk: int) -> Delivery:
    found = queries.delivery(request.user, pk)
    if found is None:
        raise Http404
    return found
