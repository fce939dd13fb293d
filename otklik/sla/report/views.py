"""Pages of reports: whom for, the report itself, its PDF (R-E8). For leads and whoever keeps the settings."""

from io import BytesIO
from typing import Final

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from otklik.accounts import looking
from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.sla import penalty
from otklik.sla.penalty import WINDOWS, Window
from otklik.sla.report import making, printing, whose
from otklik.sla.report.making import Report
from otklik.sla.report.whose import Whose
from otklik.sla.uptime import said
from otklik.staff import queries as staff
from otklik.web import lagging
from otklik.web.requests import AgentRequest, holders_of

HERE: Final = {"here": "agreements"}
LONGEST: Final = 100  # letters of a name that is looked for
CHOICES: Final = {
    "month": 4,
    "quarter": 3,
    "year": 2,
}  # how many of each are offered, the one that goes on included
keepers = holders_of(Right.LEAD, Right.SETTINGS)


@require_GET
@keepers
def reports(request: AgentRequest) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]
    context = {"q": words, "found": whose.found(request.user, words), **HERE}
    return render(request, "sla/report/reports.html", context)


@require_GET
@keepers
def report(request: AgentRequest, of: str, pk: int) -> HttpResponse:
    """?period=2026-11, 2026-Q4, 2026; without it the quarter that goes on. of: organisation or client."""
    whom = whose.read(request.user, of, pk)
    found = lagging.read(request, lambda: _made(whom, request.GET.get("period", "")))
    if whom.client:
        _note(request, whom, found.window.name)
    mine = staff.seen_teams(request.user)
    context = {
        "report": found, "whose": whom, "choices": _choices(found.window),
        "misses": [(one, mine is None or one.team in set(mine)) for one in found.misses], **HERE,
    }  # fmt: skip
    return render(request, "sla/report/report.html", context)


@require_GET
@keepers
def pdf(request: AgentRequest, of: str, pk: int) -> FileResponse:
    """Noted in the access log: paper leaves the house."""
    whom = whose.read(request.user, of, pk)
    found = _made(whom, request.GET.get("period", ""), on_paper=True)
    _note(request, whom, found.window.name)
    file = f"sla-{of}-{pk}-{found.window.name}.pdf"
    return FileResponse(BytesIO(printing.pdf(found)), filename=file, content_type="application/pdf")


def _made(whom: Whose, period: str, *, on_paper: bool = False) -> Report:
    now = timezone.now()
    window = _window(period, making.zone(whom, now))
    return printing.make(whom, window, now) if on_paper else making.make(whom, window, now)


def _window(period: str, zone: str) -> Window:
    """An unreadable period is the one that goes on: whoever changed the address by hand still sees a report."""
    here = penalty.window("quarter", timezone.localdate(), zone)
    try:
        found = penalty.named(period, zone)
    except ValueError:
        return here
    return found if found.since <= timezone.now() else here


def _choices(chosen: Window) -> list[tuple[str, str, bool]]:
    """(name, words, is it this one), the latest of each kind first."""
    today = timezone.localdate()
    every = [
        penalty.window(kind, today, chosen.zone).moved(-n) for kind in WINDOWS for n in range(CHOICES[kind])
    ]
    if chosen not in every:
        every.append(chosen)
    return [(one.name, said.window_name(one), one == chosen) for one in every]


def _note(request: AgentRequest, whom: Whose, period: str) -> None:
    """A report of a person is a look at them; one of an organisation stands there by its key."""
    user: User = request.user
    seen = looking.Seen(
        looking.Kind.EXPORT if request.path.endswith("/pdf/") else looking.Kind.CARD,
        client_id=whom.pk if whom.client else None, object_id=None if whom.client else whom.pk,
        words=f"SLA {period}",
    )  # fmt: skip
    looking.note(request, user, seen, at=timezone.now())
