"""What a request's agreement promises, as plain data: for the card in the desk and the client's own page (R-E7)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from otklik.sla import agreements, binding, hours_said, spans, wording
from otklik.sla.models import STANDING, AgreementVersion, Bond
from otklik.sla.terms import Kind

TOLD: Final[tuple[Kind, ...]] = ("response", "next_reply", "news", "resolution")


@dataclass(frozen=True, slots=True)
class Promised:
    """lines: (what, how soon) for a request of this priority, and when somebody is there. since: None: always."""

    version_id: int
    name: str
    ended: bool
    by_tariff: bool
    lines: tuple[tuple[str, str], ...]
    since: datetime | None


def to_client(ticket_id: int, priority: int) -> Promised | None:
    """«Что обещает ваш тариф», in the language of the page; None while nothing binds the request. Two queries."""
    return of_many({ticket_id: priority}).get(ticket_id)


def of_many(priorities: dict[int, int]) -> dict[int, Promised]:
    """Ticket → what is promised, by ticket → priority. One that nothing binds yet is told what will bind it."""
    versions = _versions(list(priorities))
    known = AgreementVersion.objects.filter(pk__in=set(versions.values())).select_related(
        "agreement__calendar"
    )
    rows = {one.pk: one for one in known.defer("terms")}
    tariffs = agreements.given_by_tariff({one.agreement_id for one in rows.values()})
    return {
        ticket_id: _promised(rows[version_id], priorities[ticket_id], tariffs)
        for ticket_id, version_id in versions.items()
        if version_id in rows
    }


def of_version(version: AgreementVersion, priority: int) -> Promised:
    """What terms promise a request of this priority that they judge."""
    return _promised(version, priority, agreements.given_by_tariff({version.agreement_id}))


def _versions(ticket_ids: Collection[int]) -> dict[int, int]:
    standing = Bond.objects.filter(STANDING, ticket__in=ticket_ids).values_list("ticket_id", "version_id")
    bound = dict(standing)
    unbound = [one for one in ticket_ids if one not in bound]
    return {**bound, **(binding.choose_many(unbound) if unbound else {})}


def _promised(version: AgreementVersion, priority: int, tariffs: frozenset[int]) -> Promised:
    agreement, terms = version.agreement, agreements.terms(version.pk)
    day_s = spans.usual_day(agreement.calendar.spec)
    times = [(wording.kind_name(kind), terms.target(kind, priority)) for kind in TOLD]
    lines = [(name, spans.said(seconds, day_s)) for name, seconds in times if seconds]
    return Promised(
        version.pk, agreement.name, agreement.ended_at is not None, agreement.pk in tariffs,
        (*lines, (_("Когда на связи"), hours_said.brief(agreement.calendar.spec))),
        None if version.effective_from == agreements.ALWAYS else version.effective_from,
    )  # fmt: skip
