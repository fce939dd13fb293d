"""The page of one delivery: what happened to the letter, and the deeds that a person may do."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from otklik.channels.models import Box
from otklik.channels.outbox import fuse, queries, settling
from otklik.desk.models import Delivery
from otklik.errors import NotAllowed
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


@require_POST
@agents_only
def reset_fuse(request: AgentRequest, pk: int) -> HttpResponse:
    """«Отправить задержанные» (deed=release) or «Не отправлять» (deed=drop), for administrators."""
    if not request.user.is_admin:
        raise NotAllowed(_("Решать о задержанных письмах может администратор."), _("Попросите его об этом."))
    box = get_object_or_404(Box, pk=pk)
    if request.POST.get("deed") == "release":
        count = fuse.release(box, by=request.user, at=timezone.now())
        said = ngettext("Отправляем %d письмо.", "Отправляем писем: %d.", count) % count
    else:
        count = fuse.drop(box, by=request.user, at=timezone.now())
        said = ngettext("Не отправим %d письмо.", "Не отправим писем: %d.", count) % count
    messages.success(request, said)
    return redirect(f"/settings/boxes/{box.pk}/")


def _delivery(request: AgentRequest, pk: int) -> Delivery:
    found = queries.delivery(request.user, pk)
    if found is None:
        raise Http404
    return found
