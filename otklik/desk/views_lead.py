"""The lead's morning: one page of what is nobody's, late and with whom; all requests of a colleague passed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.desk import handing_over, leading
from otklik.desk.forms_lead import AbsenceForm, HandOverAllForm
from otklik.desk.handing_over import Wish
from otklik.desk.leading import Load
from otklik.desk.models import HandOver
from otklik.desk.views import unless_same
from otklik.errors import Refusal
from otklik.staff import absences
from otklik.staff import queries as staff
from otklik.staff.models import Profile
from otklik.web.requests import AgentRequest, Guarded, P, View, holders_of

METHODS = ["GET", "POST"]
WITHIN = timedelta(seconds=2)  # a page waits no longer; the loop goes on


def leads_only(view: View[P]) -> Guarded[P]:
    """Who gives out the requests of a team that they see."""
    return holders_of(Right.LEAD)(holders_of(Right.SEE)(view))


@dataclass(frozen=True, slots=True)
class Bar:
    """A person's load as a picture: parts of the widest one of the page, each 0 to 100."""

    late: float
    calm: float
    rest: float

    @property
    def calm_at(self) -> float:
        return self.late

    @property
    def rest_at(self) -> float:
        return self.late + self.calm


@dataclass(frozen=True, slots=True)
class Row:
    """One person as the page shows them. seen_at: None when they never came."""

    user: User
    load: Load
    bar: Bar
    seen_at: datetime | None
    is_here: bool
    absent: Profile | None

    @property
    def is_forsaken(self) -> bool:
        """Away, and requests wait all the same."""
        return self.absent is not None and self.load.opened > 0


@require_GET
@leads_only
def page(request: AgentRequest) -> HttpResponse:
    """The whole page; a swap gets what has changed, or 204."""
    now = timezone.now()
    teams = staff.team_ids(request.user)
    context = {
        "sums": leading.sums(teams, now),
        "late": [(one, now - one.next_due_at) for one in leading.late(request.user, now) if one.next_due_at],
        "people": rows(list(staff.led_by(request.user)), teams, now),
        "runs": leading.recent(request.user, now),
        "now": now,
        "many": leading.MANY,
    }
    if request.htmx:
        return unless_same(request, render_to_string("desk/lead.html#fresh", context, request))
    return render(request, "desk/lead.html", context)


@require_http_methods(METHODS)
@leads_only
def hand_over(request: AgentRequest, pk: int) -> HttpResponse:
    """All open requests of one person that the lead sees."""
    user = get_object_or_404(staff.led_by(request.user), pk=pk)
    now = timezone.now()
    people = leading.takers(user, request.user, now)
    form = HandOverAllForm(request.POST or None, people=people, until=_until(user, now))
    if form.is_valid():
        run = _begun(form, user, request, now)
        if run is not None:
            run = handing_over.finish(run, within=WITHIN)
            return redirect("desk:lead-run", pk=run.pk)
    teams = staff.team_ids(request.user)
    context = {
        "person": user,
        "form": form,
        "load": leading.loads([user.pk], teams, now)[user.pk],
        "people": rows(people, teams, now),
        "elsewhere": _elsewhere(user, request.user),
        "many": leading.MANY,
    }
    return render(request, "desk/lead_hand_over.html", context, status=422 if form.is_bound else 200)


@require_http_methods(METHODS)
@leads_only
def absence(request: AgentRequest, pk: int) -> HttpResponse:
    """Away until a day; «back» ends it."""
    user = get_object_or_404(staff.led_by(request.user), pk=pk)
    now = timezone.now()
    if "back" in request.POST:
        absences.end(user, by=request.user, at=now)
        messages.success(request, _("%(name)s снова на месте.") % {"name": user.name})
        return redirect("desk:lead")
    absent = staff.absence(user, timezone.localdate(now))
    people = leading.takers(user, request.user, now)
    form = AbsenceForm(request.POST or None, people=people, absent=absent)
    if form.is_valid() and _marked(form, user, request, now):
        messages.success(request, _("Отметили: новых запросов %(name)s не получит.") % {"name": user.name})
        return redirect("desk:lead")
    context = {"person": user, "form": form, "absent": absent}
    return render(request, "desk/lead_absence.html", context, status=422 if form.is_bound else 200)


@require_GET
@leads_only
def run(request: AgentRequest, pk: int) -> HttpResponse:
    """How far a hand-over is, and what came of it."""
    found = get_object_or_404(leading.runs(request.user), pk=pk)
    shares = leading.shares(found, request.user)
    context = {
        "run": found,
        "shares": shares,
        "is_own": found.by_id == request.user.pk or request.user.sees_all,
        "may_return": found.stage == HandOver.Stage.DONE and handing_over.may_return(found, request.user),
    }
    if request.htmx:
        return unless_same(request, render_to_string("desk/lead_run.html#fresh", context, request))
    return render(request, "desk/lead_run.html", context)


@require_POST
@leads_only
def give_back(request: AgentRequest, pk: int) -> HttpResponse:
    """«Вернуть»: what nobody has changed since goes to its former owner."""
    found = get_object_or_404(leading.runs(request.user), pk=pk)
    handing_over.give_back(found, by=request.user, at=timezone.now())
    handing_over.finish(found, within=WITHIN)
    return redirect("desk:lead-run", pk=found.pk)


def _until(user: User, now: datetime) -> date | None:
    absent = staff.absence(user, timezone.localdate(now))
    return absent.away_until if absent else None


def _elsewhere(user: User, by: User) -> str:
    """What the lead does not see is neither counted nor moved; the teams' names say who will (invariant 6)."""
    teams = leading.elsewhere(user, by)
    if not teams:
        return ""
    words = _("%(name)s работает ещё и здесь: %(teams)s. Те запросы передаст руководитель той команды.")
    return words % {
        "name": user.name, "teams": ", ".join(_("«%s»") % one for one in teams),
    }  # fmt: skip


def rows(people: Sequence[User], teams: frozenset[int], now: datetime) -> list[Row]:
    """With what each has; who may own nothing and owns nothing is left out. One query."""
    held = leading.loads([one.pk for one in people], teams, now)
    most = max((one.opened for one in held.values()), default=0) or 1
    return [_row(one, held[one.pk], most, now) for one in people if held[one.pk].opened or staff.may_own(one)]


def _row(user: User, load: Load, most: int, now: datetime) -> Row:
    profile: Profile | None = getattr(user, "profile", None)  # administrators have none until they open it
    seen_at = (profile.seen_at if profile else None) or user.last_login
    absent = profile if profile and profile.is_away(timezone.localdate(now)) else None
    share = 100 / most
    rest = load.opened - load.late - load.calm
    return Row(
        user, load, Bar(round(load.late * share, 1), round(load.calm * share, 1), round(rest * share, 1)),
        seen_at, absent is None and seen_at is not None and now - seen_at < leading.HERE, absent,
    )  # fmt: skip


def _begun(form: HandOverAllForm, user: User, request: AgentRequest, now: datetime) -> HandOver | None:
    """The hand-over, with the absence when a day was named; a refusal stands in the form and nothing is done."""
    words = form.cleaned_data
    takers = form.takers
    alone = takers[0] if len(takers) == 1 else None
    try:
        with transaction.atomic():
            if words["until"] and (alone or "until" in form.changed_data):
                absences.mark(user, until=words["until"], stand_in=alone, by=request.user, at=now)
            wish = Wish(takers, words["reason"], words["words"])
            return handing_over.begin(user, wish, by=request.user, at=now)
    except Refusal as refusal:
        form.add_error(None, f"{refusal.reason} {refusal.next_step}")
        return None


def _marked(form: AbsenceForm, user: User, request: AgentRequest, now: datetime) -> bool:
    words = form.cleaned_data
    try:
        absences.mark(user, until=words["until"], stand_in=words["stand_in"], by=request.user, at=now)
    except Refusal as refusal:
        form.add_error(None, f"{refusal.reason} {refusal.next_step}")
        return False
    return True
