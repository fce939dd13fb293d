"""«Какие сроки обещать»: a lead asks, reads one sentence, and takes it into an agreement's form (R-E4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from otklik.accounts.rights import Right
from otklik.sla import agreements, walked
from otklik.sla.advice import proposing, proposing_said
from otklik.sla.advice.forms import AskForm, TakeForm
from otklik.sla.advice.proposing_said import Outcome
from otklik.sla.models import Proposal
from otklik.web import lagging
from otklik.web.requests import AgentRequest, holders_of

if TYPE_CHECKING:
    from otklik.sla.advice.asking import Asked

HERE = {"here": "agreements"}
_CARRIED = ("what", "tag", "priority", "share", "agreement", "minutes")


@dataclass(frozen=True, slots=True)
class Answer:
    """All of one advice as the page shows it. seen: the proposal in seconds, None where nothing may be taken."""

    headline: str
    basis: str
    sentences: list[str]
    picture: object
    choices: object
    levels: object
    sums: list[str]
    steps: object
    crew: list[str]
    compared: list[str]
    seen: int | None


@require_GET
@holders_of(Right.LEAD, Right.SETTINGS)
def page(request: AgentRequest) -> HttpResponse:
    form = AskForm(_given(request.GET), agreements.default())
    context = {"form": form, **HERE}
    if not form.is_valid():
        return render(request, "sla/advice.html", context, status=422)
    now = timezone.now()
    counts = request.user.may(Right.SEE_ALL)
    answer = lagging.read(request, lambda: _answer(form, now, counts=counts))
    told = {
        "answer": answer,
        "agreement": form.agreement_told(),
        "carried": _carried(form),
        "ways": _ways(form),
    }
    return render(request, "sla/advice.html", {**context, **told})


@require_POST
@holders_of(Right.LEAD, Right.SETTINGS)
def take(request: AgentRequest) -> HttpResponse:
    """What was read becomes a row; who may keep agreements goes on to the form of the terms with it."""
    form = TakeForm(_given(request.POST), agreements.default())
    if not form.is_valid():
        return render(request, "sla/advice.html", {"form": form, **HERE}, status=422)
    proposal = _propose(request, form)
    if not request.user.may(Right.SETTINGS):
        messages.success(request, _("Записали предложение. Администратор увидит его на странице соглашений."))
        return redirect(f"{reverse('sla:advice')}?{urlencode(_carried(form))}")
    if proposal.agreement_id is None:
        return redirect(f"{reverse('sla:new')}?proposal={proposal.pk}")
    return redirect(f"{reverse('sla:terms', args=[proposal.agreement_id])}?proposal={proposal.pk}")


def _propose(request: AgentRequest, form: TakeForm) -> Proposal:
    """Counted anew: nobody takes what the figures no longer say. Raises NothingToPropose, Moved."""
    from otklik.sla.advice import asking

    now, told = timezone.now(), form.cleaned_data
    figure = asking.find(_asked(form), now).figure()
    if figure is None:
        raise proposing.refuse_nothing()
    if figure.proposed_s != told["seen"]:
        raise proposing.refuse_moved()
    agreement = form.agreement_told() if told["into"] == "this" else None
    return proposing.propose(form.subject(), figure, agreement, by=request.user, at=now)


def _asked(form: AskForm) -> "Asked":
    from otklik.sla.advice.asking import Asked

    told = form.cleaned_data
    return Asked(form.subject(), told["share"], form.agreement_told(), told["minutes"])


def _answer(form: AskForm, now: datetime, *, counts: bool) -> Answer:
    from otklik.sla import levels
    from otklik.sla.advice import (
        asking,
        drawn,
        said,
    )  # numpy comes with them: only into processes that show this page

    asked = _asked(form)
    found = asking.find(asked, now)
    advice, what, day_s = found.advice, asked.subject.what, asked.day_s
    split, crew = found.split, found.crew
    reach = walked.said(levels.LOOKED_AT, now - timedelta(days=levels.DAYS), now)
    outcome = Outcome(asked.share, asked.agreement.pk, advice.bound.high, advice.proposal_s, day_s)
    return Answer(
        said.headline(advice, what, counts=counts),
        said.basis(advice, found.population, found.drawn, counts=counts), said.sentences(advice, what, counts=counts),
        drawn.draw(advice), said.choices(advice) if advice.ended else [],
        said.level_rows(split, day_s), said.sums(split, day_s),
        said.step_rows(crew, day_s), said.crew(crew, asked.share, day_s, counts=counts),
        [*filter(None, [reach]), *proposing_said.compared(proposing.last(asked.subject), outcome, now)],
        advice.proposal_s,
    )  # fmt: skip


def _given(data: QueryDict) -> dict[str, str]:
    """What was filled in."""
    return {name: str(value) for name, value in data.items() if value != ""}


def _carried(form: AskForm, **other: str) -> list[tuple[str, str]]:
    told = {name: str(form.data.get(name, "")) for name in _CARRIED}
    return [(name, one) for name, one in {**told, **other}.items() if one]


def _ways(form: AskForm) -> list[tuple[str, str, bool]]:
    """(name, address, whether it is this one) of the first answer and of the solution."""
    now = form.subject().what
    names = [("response", _("Первый ответ")), ("resolution", _("Решение"))]
    return [
        (name, f"{reverse('sla:advice')}?{urlencode(_carried(form, what=what))}", what == now)
        for what, name in names
    ]
