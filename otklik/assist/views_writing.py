"""«Как мы пишем»: figures of a team and its people over months, and the rules that one doesn't want to see."""

from typing import TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.assist import charts, deciding, figures, rules, styling
from otklik.assist.charts import Column
from otklik.assist.figures import Figures, Month, Whose
from otklik.staff import queries as staff
from otklik.staff.models import Team
from otklik.web import lagging
from otklik.web.requests import AgentRequest, agents_only

One = TypeVar("One", Team, User)


@require_GET
@agents_only
def writing(request: AgentRequest) -> HttpResponse:
    """A lead chooses a team and a person; everybody else reads of themselves."""
    leads = request.user.may(Right.LEAD)
    teams = list(staff.teams_of(request.user)) if leads else []
    team = _chosen(teams, request.GET.get("team", ""))
    people = list(staff.colleagues(team.pk)) if team else []
    person = _chosen(people, request.GET.get("person", "")) if request.GET.get("person") else None
    whose = Whose(team.pk if team else None, _of(person, request.user, team))
    now, tz = timezone.now(), timezone.get_current_timezone()
    shown = lagging.read(request, lambda: figures.read(whose, now=now, tz=tz))
    context = _charts(shown) | {
        "figures": shown, "teams": teams, "team": team, "people": people, "person": person,
        "doubted": _doubted(team) if team and not person else [], "cases": figures.CASES,
        "here": "writing", "is_empty": not any(one.replies for one in shown.months),
    }  # fmt: skip
    return render(request, "assist/writing.html", context)


@require_http_methods(["GET", "POST"])
@agents_only
def mine(request: AgentRequest) -> HttpResponse:
    """Rules that this person doesn't want to see, with the way back."""
    if request.method == "POST":
        deciding.unmute(request.POST.get("rule", ""), by=request.user)
        messages.success(request, _("Снова подсказываем."))
        return redirect("assist:mine")
    told = [(one, rules.RULES[one]) for one in deciding.muted(request.user) if one in rules.RULES]
    return render(request, "assist/mine.html", {"muted": told, "here": "mine"})


def _of(person: User | None, user: User, team: Team | None) -> int | None:
    if person is not None:
        return person.pk
    return None if team else user.pk


def _chosen(known: list[One], asked: str) -> One | None:
    """The one that was asked for, else the first."""
    return next((one for one in known if str(one.pk) == asked), known[0] if known else None)


def _doubted(team: Team) -> list[figures.Rule]:
    off = styling.wanted(styling.current(team)).off
    return figures.doubted(
        team.pk, [one for one in rules.RULES if one not in off and rules.may_switch_off(one)]
    )


def _charts(shown: Figures) -> dict[str, list[Column]]:
    months = shown.months
    return {
        "rates": charts.columns(months, _rate, lambda one: [("found", one.rate or 0)]),
        "fates": charts.columns(
            months, _decided, lambda one: [("accepted", one.accepted), ("dismissed", one.dismissed)]
        ),
        "thanks": charts.columns(months, _thanks, lambda one: [("accepted", one.thanks or 0)], most=100),
    }


def _rate(one: Month) -> float | None:
    return one.rate


def _decided(one: Month) -> float | None:
    return float(one.accepted + one.dismissed) if one.replies else None


def _thanks(one: Month) -> float | None:
    return one.thanks
