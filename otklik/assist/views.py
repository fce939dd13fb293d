"""The coach beside the composer: what it finds, and what the writer says to it."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from otklik.accounts.rights import Right
from otklik.assist import cards, checking, deciding, grounds, styling
from otklik.assist.cards import Sheet
from otklik.assist.deciding import Word
from otklik.assist.forms import CheckForm, WordForm
from otklik.assist.models import Reason
from otklik.desk import drafting
from otklik.desk.drafting import DraftWords
from otklik.desk.models import Draft, Ticket
from otklik.staff.models import Team
from otklik.web.requests import AgentRequest, agents_only

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Shown:
    sheet: Sheet
    is_cut: bool
    is_blank: bool


@require_POST
@agents_only
def findings(request: AgentRequest, number: int) -> HttpResponse:
    """For the composer, while somebody types. 422 for a text that no letter may have."""
    ground, now = grounds.of_number(request.user, number), timezone.now()
    form = CheckForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    if form.cleaned_data["seen"]:
        deciding.saw(form.cleaned_data["seen"], ticket_id=ground.ticket_id, by=request.user, at=now)
    shown = _read(form.cleaned_data["text"], ground, now)
    return render(request, "assist/findings.html", _context(request, shown))


@require_POST
@agents_only
def verdict(request: AgentRequest, number: int) -> HttpResponse:
    """Took a suggestion, doesn't agree; a rule for oneself or the whole team no more."""
    ground, now = grounds.of_number(request.user, number), timezone.now()
    form = WordForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    held = form.cleaned_data
    word = Word(held["key"], held["what"], held["reason"], held["words"], held["due_at"])
    deciding.say(word, ticket_id=ground.ticket_id, by=request.user, at=now)
    if held["wide"] == "me":
        deciding.mute(checking.rule_of(word.key), by=request.user, at=now)
    elif held["wide"] == "team":
        team = Team.objects.get(pk=ground.team_id)
        styling.switch_off(team, checking.rule_of(word.key), by=request.user, at=now)
    return HttpResponse(status=204)


@require_POST
@agents_only
def sheet(request: AgentRequest, number: int) -> HttpResponse:
    """«Проверить» of a page without scripts: the draft is kept, the findings stand on a page of their own."""
    ground, now = grounds.of_number(request.user, number), timezone.now()
    form = CheckForm(request.POST)
    if not form.is_valid():
        return redirect("desk:ticket", number)
    text = form.cleaned_data["text"]
    ticket = Ticket.objects.get(pk=ground.ticket_id)
    if text.strip():
        drafting.autosave(request.user, ticket, Draft.Mode.REPLY, DraftWords(text), at=now)
    context = _context(request, _read(text, ground, now)) | {"ticket": ticket, "text": text}
    return render(request, "assist/sheet.html", context)


def _read(text: str, ground: grounds.Ground, now: datetime) -> _Shown:
    """Of a very long text the beginning. A rule that fails shows its writer no findings, never a fault."""
    head = text[: checking.LONGEST]
    local = timezone.localtime(now)
    with checking.in_turn():
        try:
            found = checking.found(head, ground, ground.own_house, now=local)
        except Exception:  # the edge: typing goes on whatever a rule does
            log.exception("the coach failed", ticket=ground.ticket_id)
            found = []
    shown = cards.sheet(checking.undecided(found, ground), ground.said, head, now)
    return _Shown(shown, len(text) > len(head), not text.strip())


def _context(request: AgentRequest, shown: _Shown) -> dict[str, object]:
    return {
        "sheet": shown.sheet, "is_cut": shown.is_cut, "is_blank": shown.is_blank,
        "reasons": [one for one in Reason if one != Reason.OWN],
        "leads": request.user.may(Right.LEAD), "longest": checking.LONGEST,
    }  # fmt: skip
