"""The access log for those who watch over it: by person, kind, request, client, day."""

from datetime import datetime, timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from otklik.accounts import looking
from otklik.accounts.models import Look, User
from otklik.accounts.rights import Right
from otklik.clients.models import Client
from otklik.desk.models import Ticket
from otklik.web import lagging
from otklik.web.requests import AgentRequest, holders_of

Line = tuple[Look, User | None, Ticket | None, Client | None]


class LooksForm(forms.Form):
    user = forms.ModelChoiceField(
        User.objects.order_by("name"), label=_("Кто"), required=False, empty_label=_("все")
    )
    kind = forms.ChoiceField(label=_("Что"), required=False, choices=[("", _("всё")), *Look.Kind.choices])
    ticket = forms.IntegerField(label=_("Запрос №"), required=False, min_value=1, max_value=2**62)
    client = forms.IntegerField(label=_("Клиент №"), required=False, min_value=1, max_value=2**62)
    day = forms.DateField(
        label=_("День"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


@require_GET
@holders_of(Right.LOG)
def looks(request: AgentRequest) -> HttpResponse:
    form = LooksForm(request.GET)
    asked = _filter(form) if form.is_valid() else looking.Filter()
    lines = lagging.read(request, lambda: _lines(asked))
    context = {"form": form, "lines": lines, "further": _further(request, lines), "here": "looks"}
    return render(request, "desk/looks.html", context, status=200 if form.is_valid() else 422)


def _lines(asked: looking.Filter) -> list[Line]:
    rows = list(looking.lines(asked))
    people = User.objects.in_bulk({row.user_id for row in rows})
    tickets = Ticket.objects.only("number", "subject").in_bulk(
        {row.ticket_id for row in rows if row.ticket_id}
    )
    clients = Client.objects.only("name").in_bulk({row.client_id for row in rows if row.client_id})
    return [
        (row, people.get(row.user_id), tickets.get(row.ticket_id or 0), clients.get(row.client_id or 0))
        for row in rows
    ]


def _filter(form: LooksForm) -> looking.Filter:
    words = form.cleaned_data
    day = words["day"]
    since = timezone.make_aware(datetime.combine(day, datetime.min.time())) if day else None
    number = words["ticket"]
    ticket = Ticket.objects.filter(number=number).values_list("pk", flat=True).first() if number else None
    return looking.Filter(
        user_id=words["user"].pk if words["user"] else None, kind=words["kind"],
        ticket_id=(ticket or 0) if number else None, client_id=words["client"], since=since,
        until=since + timedelta(days=1) if since else None, before=words["before"],
    )  # fmt: skip


def _further(request: AgentRequest, lines: list[Line]) -> str:
    """The query of the next page; '' on the last one."""
    if len(lines) < looking.PAGE:
        return ""
    query = request.GET.copy()
    query["before"] = str(lines[-1][0].pk)
    return "?" + query.urlencode()
