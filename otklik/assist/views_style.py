"""The style of a team: rules, own words, versions. For who leads it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from otklik.assist import checking, rules, styling
from otklik.assist.forms import StyleForm, TryForm, write_words
from otklik.assist.rules import Told
from otklik.coach import Finding, House, Reply
from otklik.desk.views_lead import leads_only
from otklik.errors import Refusal
from otklik.staff import queries as staff
from otklik.staff.models import Team
from otklik.web.requests import AgentRequest

# what comes of phrases that run away: each «...» tries five ways
MOST_TRIED = 5_000


@dataclass(frozen=True, slots=True)
class Switch:
    """One rule on the page."""

    code: str
    told: Told
    is_on: bool


@require_GET
@leads_only
def styles(request: AgentRequest) -> HttpResponse:
    """Leads to the first of one's teams."""
    team = _teams(request)[0] if _teams(request) else None
    return redirect("assist:style", team.pk) if team else render(request, "assist/no-team.html")


@require_http_methods(["GET", "POST"])
@leads_only
def style(request: AgentRequest, pk: int) -> HttpResponse:
    team = _team(request, pk)
    now = styling.current(team)
    wanted = styling.wanted(now)
    form = StyleForm(
        request.POST or None,
        initial={
            "seen": now.version if now else 0, "apologise": wanted.apologise, "words": write_words(wanted.words),
        },
    )  # fmt: skip
    if form.is_valid() and _changed(request, team, form):
        return redirect("assist:style", team.pk)
    on = set(request.POST.getlist("on")) if form.is_bound else set(rules.RULES) - wanted.off
    context = {
        "team": team, "teams": _teams(request), "form": form, "style": now, "history": styling.history(team),
        "switches": [Switch(one, told, one in on) for one, told in rules.RULES.items() if rules.may_switch_off(one)],
        "names": {one: str(told.name) for one, told in rules.RULES.items()}, "here": "style",
    }  # fmt: skip
    return render(request, "assist/style.html", context, status=422 if form.is_bound else 200)


@require_POST
@leads_only
def trying(request: AgentRequest, pk: int) -> HttpResponse:
    """What the words as they stand on the page would find in a piece of text. Nothing is saved."""
    _team(request, pk)
    form = TryForm(request.POST)
    if not form.is_valid():
        faults = [fault for some in form.errors.values() for fault in some]
        return render(request, "assist/tried.html", {"faults": faults}, status=200)
    text = form.cleaned_data["text"][:MOST_TRIED].replace("\r\n", "\n")
    with checking.in_turn(wait_s=2):
        found = checking.own(Reply(text), House(words=form.cleaned_data["words"]))
    return render(request, "assist/tried.html", {"found": [_tried(one, text) for one in found], "text": text})


@require_POST
@leads_only
def restore(request: AgentRequest, pk: int, version: int) -> HttpResponse:
    """An old version comes back as a new one; 0 is the usual style."""
    team = _team(request, pk)
    if styling.restore(team, version, by=request.user, at=timezone.now()):
        messages.success(request, _("Вернули версию %(version)s.") % {"version": version})
    else:
        messages.info(request, _("Эта версия такая же, как нынешняя: менять нечего."))
    return redirect("assist:style", team.pk)


@require_POST
@leads_only
def switch_off(request: AgentRequest, pk: int, rule: str) -> HttpResponse:
    """One rule, from the page of figures."""
    team = _team(request, pk)
    if rules.may_switch_off(rule):
        styling.switch_off(team, rule, by=request.user, at=timezone.now())
        messages.success(request, _("Отключили для команды: %(rule)s.") % {"rule": rules.name(rule)})
    return redirect("assist:style", team.pk)


def _changed(request: AgentRequest, team: Team, form: StyleForm) -> bool:
    """Whether it is done; a refusal stands in the form."""
    try:
        made = styling.change(
            team, form.wanted(), seen=form.cleaned_data["seen"], by=request.user, at=timezone.now()
        )
    except Refusal as refusal:
        form.add_error(None, f"{refusal.reason} {refusal.next_step}")
        return False
    said = (
        _("Сохранили стиль: версия %(version)s.") % {"version": made.version}
        if made
        else _("Всё так и было.")
    )
    messages.success(request, said)
    return True


def _tried(one: Finding, text: str) -> tuple[str, str, tuple[str, ...]]:
    return text[one.start : one.end], one.reason, one.suggestions


def _teams(request: AgentRequest) -> list[Team]:
    return list(staff.teams_of(request.user))


def _team(request: AgentRequest, pk: int) -> Team:
    """Raises Http404 for one that this lead doesn't see."""
    return get_object_or_404(Team.objects.filter(pk__in=staff.team_ids(request.user)), pk=pk)
