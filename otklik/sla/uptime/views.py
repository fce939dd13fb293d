"""Pages of availability: incidents and planned work, what a period comes to, what was closed (R-E6, R-E8, R-E9)."""

from collections.abc import Callable
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from otklik.accounts.rights import Right
from otklik.errors import Refusal
from otklik.sla import agreements, penalty
from otklik.sla.models import Agreement
from otklik.sla.penalty import Window
from otklik.sla.uptime import closing, counting, drawn, evidence, noting, queries, said
from otklik.sla.uptime.counting import Asked
from otklik.sla.uptime.forms import FORMS, CorrectionForm, PeriodForm, filled
from otklik.sla.uptime.models import Incident, PeriodAccount
from otklik.web.requests import AgentRequest, holders_of

HERE: Final = {"here": "uptime"}
METHODS: Final = ["GET", "POST"]
SHOWN: Final = 13  # windows to choose from: the one that goes on and a dozen before
keepers = holders_of(Right.LEAD, Right.SETTINGS)


@require_GET
@keepers
def incidents(request: AgentRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    rows = queries.page(int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None)
    shown = rows[: queries.PAGE]
    context = {
        "rows": shown, "next": shown[-1].pk if len(rows) > queries.PAGE else None,
        "agreements": [_of_agreement(one) for one in agreements.tiers() if not one.ended_at], **HERE,
    }  # fmt: skip
    return render(request, "sla/uptime/incidents.html", context)


@require_http_methods(METHODS)
@keepers
def new(request: AgentRequest, kind: str) -> HttpResponse:
    form = FORMS[kind](request.POST or None)

    def make() -> Incident:
        return noting.note(form.told_of(), by=request.user, at=timezone.now())

    if made := _done(form, make):
        messages.success(request, _("Записали: «%s».") % made)
        return redirect("sla:uptime")
    title = _("Перерыв в работе") if kind == "outage" else _("Плановые работы")
    return _form(request, form, {"title": title})


@require_http_methods(METHODS)
@keepers
def incident(request: AgentRequest, pk: int) -> HttpResponse:
    """Looked at, and corrected: what was before stays in the journal."""
    row = get_object_or_404(Incident.objects.select_related("tag", "ticket", "made_by"), pk=pk)
    form = FORMS[row.kind](request.POST or None, initial=None if request.POST else filled(row))

    def correct() -> Incident:
        seen = form.cleaned_data["seen"] or 0
        return noting.correct(row, form.told_of(), seen=seen, by=request.user, at=timezone.now())

    if _done(form, correct):
        messages.success(request, _("Поправили. Закрытые расчёты остались прежними."))
        return redirect("sla:uptime")
    return _form(request, form, {"title": row.name, "row": row})


@require_POST
@keepers
def withdraw(request: AgentRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Incident, pk=pk)
    noting.withdraw(row, by=request.user, at=timezone.now())
    messages.success(request, _("Отозвали «%s»: больше не считаем.") % row.name)
    return redirect("sla:uptime")


@require_http_methods(METHODS)
@keepers
def period(request: AgentRequest, pk: int) -> HttpResponse:
    """What a period of an agreement comes to now. POST: it is closed."""
    known = get_object_or_404(Agreement.objects.select_related("calendar"), pk=pk)
    windows = _windows(known)
    sent = request.POST if request.method == "POST" else request.GET
    form = PeriodForm(sent or None, [(one.name, said.window_name(one)) for one in windows], windows[0].zone)
    asked = form.asked(Asked(known, windows[0]), windows[0])
    if request.method == "POST":
        row = _done(form, lambda: closing.close(asked, by=request.user, at=timezone.now()))
        if isinstance(row, PeriodAccount):
            messages.success(request, _("Закрыли %s.") % said.window_name(asked.window))
            return redirect("sla:account", pk=row.pk)
    bad = form.is_bound and bool(form.errors)
    return render(request, "sla/uptime/period.html", _counted(known, asked, form), status=422 if bad else 200)


@require_http_methods(METHODS)
@keepers
def account(request: AgentRequest, pk: int) -> HttpResponse:
    """A closed period as it was counted. POST: a correction, by what is known now."""
    row = get_object_or_404(queries.accounts_whole(), pk=pk)
    form = CorrectionForm(request.POST or None)
    asked = evidence.asked_of(row)

    def correct() -> PeriodAccount:
        words = form.cleaned_data["note"]
        return closing.correct(row, form.asked(asked), words, by=request.user, at=timezone.now())

    made = _done(form, correct)
    if isinstance(made, PeriodAccount):
        messages.success(request, _("Исправили: новый расчёт рядом, прежний остался."))
        return redirect("sla:account", pk=made.pk)
    context = {
        "account": row, "told": said.told(row.evidence), "strip": drawn.strip(row.evidence, asked.window), "form": form,
        "name": said.window_name(asked.window), **HERE,
    }  # fmt: skip
    return render(request, "sla/uptime/account.html", context, status=422 if form.errors else 200)


def _counted(known: Agreement, asked: Asked, form: PeriodForm) -> dict[str, Any]:
    found = evidence.of(counting.of(asked, timezone.now()))
    firms = list(queries.covered(known)[: queries.PAGE])
    return {
        "agreement": known, "form": form, "told": said.told(found), "strip": drawn.strip(found, asked.window),
        "name": said.window_name(asked.window), "organisation": asked.organisation, "firms": firms,
        "is_over": asked.window.until <= timezone.now(), "carried": _carried(form, asked),
        "accounts": [(one, said.money(one.total)) for one in queries.accounts([known.pk])[: queries.PAGE]],
        "agreements": agreements.tiers(),
        "window": asked.window, **HERE,
    }  # fmt: skip


def _carried(form: PeriodForm, asked: Asked) -> list[tuple[str, str]]:
    """What closing needs to count the same."""
    data = form.data if form.is_bound else QueryDict()
    return [
        ("window", asked.window.name),
        *((name, data.get(name, "")) for name in form.fields if name != "window"),
    ]


def _windows(known: Agreement) -> list[Window]:
    """Of the agreement's own length: the one that goes on, then those before."""
    terms = agreements.terms(agreements.current(known.pk, timezone.now()).pk)
    zone = counting.zone_of(known)
    today = timezone.localdate(timezone=ZoneInfo(zone))
    here = penalty.window(terms.uptime.window, today, zone)
    return [here.moved(-n) for n in range(SHOWN)]


def _of_agreement(known: Agreement) -> dict[str, Any]:
    """Its percent in the window that goes on, and in the one before."""
    windows = _windows(known)[:2]
    told = [said.told(evidence.of(counting.of(Asked(known, one), timezone.now()))) for one in windows]
    address = reverse("sla:period", args=[known.pk])
    return {
        "agreement": known, "promised": told[0].promised,
        "cells": [
            {"name": said.window_name(one), "told": words, "href": f"{address}?window={one.name}"}
            for one, words in zip(windows, told, strict=True)
        ],
    }  # fmt: skip


def _form(request: AgentRequest, form: forms.Form, more: dict[str, Any]) -> HttpResponse:
    return render(
        request,
        "sla/uptime/incident.html",
        {"form": form, **more, **HERE},
        status=422 if form.errors else 200,
    )


def _done(form: forms.BaseForm, deed: Callable[[], object]) -> object:
    """What the deed gave, or None: not filled in, wrong, or refused, with its words in the form."""
    if not form.is_valid():
        return None
    try:
        return deed()
    except Refusal as refusal:
        form.add_error(None, f"{refusal.reason} {refusal.next_step}")
        return None
