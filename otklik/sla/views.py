"""Working hours: a page of the administrator."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from otklik.sla import calendars, scheduling
from otklik.sla.forms import HoursForm
from otklik.staff import queries as staff
from otklik.staff.views_office import keepers_of_settings
from otklik.web.requests import AgentRequest


@require_http_methods(["GET", "POST"])
@keepers_of_settings
def hours(request: AgentRequest) -> HttpResponse:
    calendar = calendars.default()
    form = HoursForm(request.POST or None, calendar.spec)
    if form.is_valid():
        scheduling.set_default(form.spec(), by=request.user, at=timezone.now())
        messages.success(
            request, _("Сохранили часы. Новые сроки считаем по ним, названные клиентам остались.")
        )
        return redirect("sla:hours")
    now = timezone.now()
    due = calendars.due_after(now, staff.company().answer_within)
    context = {"form": form, "due": due, "version": calendar.version, "here": "hours"}
    return render(request, "sla/hours.html", context, status=422 if form.is_bound else 200)
