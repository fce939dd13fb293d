"""What the pages of agreements show: tiers side by side, versions with what they judge, a change before it is saved."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict

from otklik.desk.models import Ticket
from otklik.sla import agreements, hours_said, spans, wording
from otklik.sla.agreeing import Draft
from otklik.sla.models import Agreement, AgreementVersion, Cover
from otklik.sla.terms import Kind, Terms

_SHOWN: tuple[Kind, ...] = ("response", "resolution")
_CARRIED_NOT = ("csrfmiddlewaretoken", "step")


@dataclass(frozen=True, slots=True)
class TierRow:
    """One tier in the list. first, solution: of an ordinary request; '' where it is not promised."""

    agreement: Agreement
    first: str
    solution: str
    hours: str
    fee: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """open_now: how many open requests it judges. is_later: its day is yet to come."""

    version: AgreementVersion
    open_now: int
    is_later: bool


def tiers(at: datetime) -> list[TierRow]:
    """All agreements, the plainest first; one query for the terms of all that are not known yet."""
    found = list(agreements.tiers())
    current = agreements.current_many([one.pk for one in found], at)
    return [_tier(one, agreements.terms(current[one.pk])) for one in found]


def _tier(agreement: Agreement, terms: Terms) -> TierRow:
    spec = agreement.calendar.spec
    day_s = spans.usual_day(spec)
    first, solution = (terms.target(kind, 1) for kind in _SHOWN)
    fee = next((one.value for one in wording.said(terms, day_s) if one.key == "fee"), "")
    return TierRow(
        agreement, spans.said(first, day_s) if first else "", spans.said(solution, day_s) if solution else "",
        hours_said.brief(spec), fee,
    )  # fmt: skip


def versions(agreement_id: int, at: datetime) -> list[VersionRow]:
    bound = agreements.bound_now(agreement_id)
    return [
        VersionRow(one, bound.get(one.pk, 0), one.effective_from > at)
        for one in agreements.versions(agreement_id)
    ]


def covers(agreement_id: int) -> list[Cover]:
    """`only`: the names of the priorities that a cover is for, none where it is for all."""
    rows = list(agreements.covers(agreement_id))
    for one in rows:
        one.only = [Ticket.Priority(place).label for place in one.priorities]  # type: ignore[attr-defined]  # for the template
    return rows


def outdated(rows: list[VersionRow], version_id: int) -> int:
    """Open requests that other versions than this one judge."""
    return sum(one.open_now for one in rows if one.version.pk != version_id)


def to_begin_with(terms: Terms) -> Terms:
    """The terms of everybody with good words, for a tier that is made."""
    return replace(terms, words={**wording.usual_words(), **terms.words}, until=None)


def preview(agreement: Agreement, draft: Draft, posted: QueryDict) -> dict[str, Any]:
    """What a template shows before terms are saved: changes, doubts, open requests, and all that was written."""
    day_s = spans.usual_day(agreement.calendar.spec)
    before = agreements.terms(agreements.current(agreement.pk, draft.effective_from).pk)
    return {
        "changes": wording.changes(before, draft.terms, day_s), "doubts": wording.warnings(draft.terms),
        "since": draft.effective_from, "note": draft.note,
        "open_now": sum(agreements.bound_now(agreement.pk).values()),
        "carried": [(name, one) for name, some in posted.lists() if name not in _CARRIED_NOT for one in some],
    }  # fmt: skip
