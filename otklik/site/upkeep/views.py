"""The page of what is in trouble, and its buttons. Each calls the deed of the room that it belongs to."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException

from otklik.channels.email.sandbox import Sandbox
from otklik.channels.guarding import letters_too
from otklik.channels.intake import rereading
from otklik.channels.models import Envelope
from otklik.channels.outbox import settling
from otklik.desk.models import Delivery
from otklik.errors import Stale
from otklik.jobs.queue import app
from otklik.site.upkeep import queries
from otklik.staff import working
from otklik.web.requests import AgentRequest


class Gone(Stale):
    code = "job.gone"


class KeepingForm(forms.Form):
    raw_kept_days = forms.IntegerField(
        label=gettext_lazy("Хранить исходные письма, дней"), min_value=0, max_value=36500,
        help_text=gettext_lazy("0: хранить всегда. Слова, вложения и история запросов остаются в любом случае."),
    )  # fmt: skip


@require_GET
@letters_too
def page(request: AgentRequest) -> HttpResponse:
    return _page(request)


def _page(request: AgentRequest, form: KeepingForm | None = None) -> HttpResponse:
    found = queries.look(timezone.now())
    context = {"found": found, "form": form or KeepingForm(initial={"raw_kept_days": found.raw_kept_days})}
    return render(request, "upkeep/page.html", context, status=422 if form else 200)


@require_POST
@letters_too
def reread(request: AgentRequest, pk: int) -> HttpResponse:
    envelope = get_object_or_404(Envelope.objects.select_related("box"), pk=pk)
    with Sandbox() as sandbox:
        rereading.reread(envelope, by=request.user, at=timezone.now(), sandbox=sandbox)
    messages.success(request, _("Прочитали письмо заново."))
    return redirect("upkeep:page")


@require_POST
@letters_too
def resend(request: AgentRequest, pk: int) -> HttpResponse:
    settling.resend(get_object_or_404(Delivery, pk=pk), by=request.user, at=timezone.now())
    messages.success(request, _("Отправляем письмо ещё раз."))
    return redirect("upkeep:page")


@require_POST
@letters_too
def count_as_sent(request: AgentRequest, pk: int) -> HttpResponse:
    settling.count_as_sent(get_object_or_404(Delivery, pk=pk), by=request.user, at=timezone.now())
    messages.success(request, _("Считаем письмо отправленным."))
    return redirect("upkeep:page")


@require_POST
@letters_too
def retry_job(request: AgentRequest, pk: int) -> HttpResponse:
    """«Повторить»: a failed job stands in the queue again."""
    gone = Gone(_("Это задание уже не ждёт решения."), _("Обновите страницу: там видно, что с ним стало."))
    get_object_or_404(ProcrastinateJob, pk=pk)
    if not ProcrastinateJob.objects.filter(pk=pk, status="failed").exists():
        raise gone
    try:
        app.job_manager.retry_job_by_id(pk, timezone.now())
    except ConnectorException as fault:
        raise gone from fault
    messages.success(request, _("Задание снова в очереди."))
    return redirect("upkeep:page")


@require_POST
@letters_too
def keeping(request: AgentRequest) -> HttpResponse:
    """How long the bytes of letters are kept."""
    form = KeepingForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    working.keep_raw(form.cleaned_data["raw_kept_days"], by=request.user, at=timezone.now())
    messages.success(request, _("Сохранили."))
    return redirect("upkeep:page")
