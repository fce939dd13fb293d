"""Calendars: pages of the administrator."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from otklik.errors import Refusal
from otklik.sla import calendars, making, renewing, scheduling, telling
from otklik.sla.forms import HoursForm, NewCalendarForm, years_known
from otklik.sla.models import Calendar
from otklik.staff.views_office import keepers_of_settings
from otklik.web.requests import AgentRequest

METHODS = ["GET", "POST"]


@require_http_methods(METHODS)
@keepers_of_settings
def hours(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    """One calendar; without a number the company's own. The button «preview» shows and keeps nothing."""
    calendar = calendars.default() if pk is None else get_object_or_404(Calendar, pk=pk)
    form = HoursForm(request.POST or None, calendar.made_of or making.from_spec(calendar.spec))
    shown = None
    if form.is_valid():
        made, now = form.made_of(), timezone.now()
        since = max(form.effective_from(now), now)
        try:
            if "preview" in request.POST:
                shown = scheduling.preview(calendar, made, effective_from=since, at=now)
            else:
                scheduling.change(
                    calendar,
                    made,
                    effective_from=since,
                    note=form.cleaned_data["note"],
                    by=request.user,
                    at=now,
                )
                return _kept(request, pk)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.reason} {refusal.next_step}")
    context = {"form": form, "calendar": calendar, "preview": shown, **_beside(calendar)}
    is_wrong = form.is_bound and not form.is_valid()
    return render(request, "sla/hours.html", context, status=422 if is_wrong else 200)


@require_http_methods(METHODS)
@keepers_of_settings
def new_calendar(request: AgentRequest) -> HttpResponse:
    form = NewCalendarForm(request.POST or None, dict(calendars.OFFICE))
    if form.is_valid():
        try:
            name = form.cleaned_data["name"]
            calendar = scheduling.make(name, form.made_of(), by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, f"{refusal.reason} {refusal.next_step}")
        else:
            messages.success(request, _("Завели календарь «%s».") % calendar.name)
            return redirect("sla:calendar", pk=calendar.pk)
    context = {"form": form, "here": "hours"}
    return render(request, "sla/new_calendar.html", context, status=422 if form.is_bound else 200)


def _kept(request: AgentRequest, pk: int | None) -> HttpResponse:
    words = _("Сохранили часы. Новые сроки считаем по ним. То, что уже назвали клиентам, позже не станет.")
    messages.success(request, words)
    return redirect("sla:hours") if pk is None else redirect("sla:calendar", pk=pk)


def _beside(calendar: Calendar) -> dict[str, object]:
    """What stands beside the form: what a letter that comes now waits for, versions, other calendars, years."""
    now = timezone.now()
    counts_by, due = telling.of_default(now)
    return {
        "due": due if counts_by == calendar.pk else None,
        "now": now, "here": "hours", "years": years_known(), "unpublished": list(renewing.unpublished(now)),
        "versions": calendar.versions.select_related("made_by").order_by("-number")[:12],
        "others": Calendar.objects.exclude(pk=calendar.pk).order_by("-is_default", "name"),
    }  # fmt: skip
