"""Levels of support: how long requests stay with each, and whether the whole keeps the promise (R-E4)."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from otklik.accounts.rights import Right
from otklik.sla import agreements, spans
from otklik.sla.models import Agreement
from otklik.web import lagging
from otklik.web.requests import AgentRequest, holders_of

HERE = {"here": "agreements"}


@dataclass(frozen=True, slots=True)
class Section:
    """One priority. line: levels_said.Line, picture: levels_drawn.Picture or None, rows: levels_said.Row."""

    line: object
    sentences: list[str]
    picture: object
    rows: object


@require_GET
@holders_of(Right.LEAD, Right.SETTINGS)
def first(request: AgentRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """To the agreement that most requests have: whoever comes here names none."""
    return redirect("sla:levels", pk=agreements.default().pk)


@require_GET
@holders_of(Right.LEAD, Right.SETTINGS)
def levels(request: AgentRequest, pk: int) -> HttpResponse:
    """One agreement, by priority, over all teams: shares and times; counts too for those who see all requests."""
    known = get_object_or_404(Agreement.objects.select_related("calendar"), pk=pk)
    day_s, now = spans.usual_day(known.calendar.spec), timezone.now()
    counts = request.user.may(Right.SEE_ALL)
    sections = lagging.read(request, lambda: _sections(known, day_s, counts=counts))
    told = sorted((one for one in sections if one.rows), key=lambda one: one.picture is None)
    context = {
        "agreement": known, "agreements": agreements.tiers(), "sections": sections, "told": told, "at": now,
        "counts": counts, **HERE,
    }  # fmt: skip
    return render(request, "sla/levels.html", context)


def _sections(known: Agreement, day_s: int, *, counts: bool) -> list[Section]:
    from otklik.sla import levels as reading  # numpy comes with it: only into processes that show this page
    from otklik.sla import levels_drawn as drawing
    from otklik.sla import levels_said as said

    return [
        Section(
            said.line(one, day_s, counts=counts),
            said.sentences(one, day_s),
            drawing.draw(one),
            said.rows(one.levels, day_s, counts=counts),
        )
        for one in reading.of(known.pk, timezone.now())
    ]
