"""A proposed target is taken up, and what was agreed is held against it: nothing gets lower in silence (R-E4).

Nobody's agreement changes here: a proposal fills the form of the terms, and who saves them says so. Each of both is a
row with who and when, so that after two periods the same is proposed anew beside what was taken.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.errors import Refusal
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.sla import agreeing
from otklik.sla.advice.subjects import Subject, What
from otklik.sla.agreeing import Draft
from otklik.sla.models import Agreement, AgreementVersion, Proposal
from otklik.sla.terms import PRIORITIES, Terms

PERIOD: Final = timedelta(days=91)  # a quarter; after two of them it is proposed anew
SHOWN: Final = 10


class NothingToPropose(Refusal):
    code = "advice.nothing"


class Moved(Refusal):
    code = "advice.moved"


@dataclass(frozen=True, slots=True)
class Figure:
    """share: percent; proposed_s ≥ bound_s, working seconds; levels: target by level."""

    share: int
    proposed_s: int
    bound_s: int
    cases: int
    levels: dict[int, int]


def propose(
    subject: Subject, figure: Figure, agreement: Agreement | None, *, by: User, at: datetime
) -> Proposal:
    """Somebody wants this target for the agreement, or (None) for a new one."""
    with transaction.atomic():
        made = Proposal.objects.create(
            agreement=agreement, tag=subject.tag, priority=subject.priority, kind=subject.what, share=figure.share,
            proposed_s=figure.proposed_s, bound_s=figure.bound_s, cases=figure.cases,
            levels={str(level): seconds for level, seconds in figure.levels.items()}, at=at, by=by,
        )  # fmt: skip
        _write("target.proposed", made, by, at)
    return made


def change(
    agreement: Agreement, draft: Draft, proposal: Proposal | None, *, by: User, at: datetime
) -> AgreementVersion:
    """Other terms from a moment on, and what they made of the proposal. Raises what agreeing.change does."""
    with transaction.atomic():
        version = agreeing.change(agreement, draft, by=by, at=at)
        if proposal is not None:
            _take(proposal, version, draft.terms, by, at)
    return version


def _take(proposal: Proposal, version: AgreementVersion, terms: Terms, by: User, at: datetime) -> None:
    """Terms that promise no such thing took nothing; what is taken already stays so."""
    taken_s = terms.targets.get(_what(proposal), {}).get(PRIORITIES[proposal.priority])
    if taken_s is None:
        return
    free = Proposal.objects.filter(pk=proposal.pk, taken_at=None)
    if free.update(version=version, taken_s=taken_s, taken_at=at, taken_by=by):
        _write("target.taken", proposal, by, at)


def filled(terms: Terms, proposal: Proposal) -> Terms:
    """The terms with the proposal written in; nothing is saved."""
    name, what = PRIORITIES[proposal.priority], _what(proposal)
    targets = {**terms.targets, what: {**terms.targets.get(what, {}), name: proposal.proposed_s}}
    levels = {**terms.levels}
    for level, seconds in proposal.levels.items():
        levels[int(level)] = {**levels.get(int(level), {}), name: int(seconds)}
    return replace(terms, targets=targets, levels=levels)


def _what(proposal: Proposal) -> What:
    return "resolution" if proposal.kind == "resolution" else "response"


def known(pk: str | None) -> Proposal | None:
    """By what an address or a form says; None for what is no open proposal."""
    if not (pk and pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    return (
        Proposal.objects.filter(pk=pk, taken_at=None)
        .select_related("agreement__calendar", "tag", "by")
        .first()
    )


def last(subject: Subject) -> Proposal | None:
    """What was taken up last for the same. Uses proposal_last."""
    found = Proposal.objects.filter(tag=subject.tag, priority=subject.priority, kind=subject.what)
    return found.select_related("by", "taken_by", "version__agreement").order_by("-at").first()


def waiting() -> Collection[Proposal]:
    """Newest proposals that no terms have taken yet."""
    found = Proposal.objects.filter(taken_at=None).select_related(
        "agreement__calendar", "tag", "by", "taken_by"
    )
    return found.order_by("-pk")[:SHOWN]


def due(at: datetime) -> list[Proposal]:
    """Taken two periods ago or earlier into what stands, and nothing newer for the same: time to look again."""
    newest = Proposal.objects.order_by("tag_id", "priority", "kind", "-at").distinct(
        "tag_id", "priority", "kind"
    )
    rows = Proposal.objects.filter(
        pk__in=newest.values("pk"), taken_at__lte=at - 2 * PERIOD, version__agreement__ended_at=None
    )
    return list(rows.select_related("tag", "version__agreement__calendar").order_by("taken_at")[:SHOWN])


def refuse_nothing() -> Refusal:
    return NothingToPropose(
        _("Предложить нечего: данных пока мало."), _("Откройте страницу снова, когда запросов станет больше.")
    )


def refuse_moved() -> Refusal:
    return Moved(
        _("Пока вы читали, цифры изменились."), _("Посмотрите новый срок на странице и возьмите его.")
    )


def _write(word: str, proposal: Proposal, by: User, at: datetime) -> None:
    facts: dict[str, object] = {"proposal": proposal.pk, "agreement": proposal.agreement_id}
    journaling.write(Line(None, word, at, by=by, facts=facts))
