"""What a request's agreement promises, as plain data: for the card in the desk and the client's own page (R-E7)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from otklik.sla import agreements, binding, calendars, hours_said, spans, wording
from otklik.sla.models import STANDING, AgreementVersion, Bond
from otklik.sla.terms import Kind

TOLD: Final[tuple[Kind, ...]] = ("response", "next_reply", "news", "resolution")
_PLAINLY: Final[dict[Kind, str]] = {
    "response": gettext_noop("На первое письмо отвечаем за %s."),
    "next_reply": gettext_noop("На следующие письма отвечаем за %s."),
    "news": gettext_noop("Пока решаем, пишем вам не реже чем раз в %s."),
    "resolution": gettext_noop("Решаем вопрос за %s."),
}


@dataclass(frozen=True, slots=True)
class Promised:
    """times: how soon, for a request of this priority; hours: when somebody is there, all_day: at any hour.

    since: None: always. is_usual: of whoever has no other agreement.
    """

    version_id: int
    name: str
    ended: bool
    by_tariff: bool
    is_usual: bool
    times: tuple[tuple[Kind, str], ...]
    hours: str
    all_day: bool
    since: datetime | None

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """(what, how much) for a card."""
        return *((wording.kind_name(kind), much) for kind, much in self.times), (
            _("Когда на связи"),
            self.hours,
        )

    @property
    def sentences(self) -> list[str]:
        """The times as a client reads them."""
        return [_(_PLAINLY[kind]) % much for kind, much in self.times]


def to_client(ticket_id: int, priority: int) -> Promised | None:
    """What a client's own page tells, in its language; None for a request that is not there. Five queries."""
    return of_many({ticket_id: priority}).get(ticket_id)


def of_many(priorities: dict[int, int]) -> dict[int, Promised]:
    """Ticket → what is promised, by ticket → priority. One that nothing binds yet is told what will bind it."""
    versions = _versions(list(priorities))
    known = AgreementVersion.objects.filter(pk__in=set(versions.values())).select_related(
        "agreement__calendar"
    )
    rows = {one.pk: one for one in known.defer("terms")}
    tariffs = agreements.given_by_tariff({one.agreement_id for one in rows.values()})
    hours = calendars.in_force({one.agreement.calendar_id for one in rows.values()}, timezone.now())
    return {
        ticket_id: _promised(rows[version_id], priorities[ticket_id], tariffs, hours)
        for ticket_id, version_id in versions.items()
        if version_id in rows
    }


def of_version(version: AgreementVersion, priority: int) -> Promised:
    """What terms promise a request of this priority that they judge."""
    hours = calendars.in_force({version.agreement.calendar_id}, timezone.now())
    return _promised(version, priority, agreements.given_by_tariff({version.agreement_id}), hours)


def _versions(ticket_ids: Collection[int]) -> dict[int, int]:
    standing = Bond.objects.filter(STANDING, ticket__in=ticket_ids).values_list("ticket_id", "version_id")
    bound = dict(standing)
    unbound = [one for one in ticket_ids if one not in bound]
    return {**bound, **(binding.choose_many(unbound) if unbound else {})}


def _promised(
    version: AgreementVersion, priority: int, tariffs: frozenset[int], hours: Mapping[int, hours_said.Spec]
) -> Promised:
    agreement, terms = version.agreement, agreements.terms(version.pk)
    spec = hours[agreement.calendar_id]
    day_s = spans.usual_day(spec)
    times = [(kind, terms.target(kind, priority)) for kind in TOLD]
    return Promised(
        version.pk,
        agreement.name,
        ended=agreement.ended_at is not None,
        by_tariff=agreement.pk in tariffs,
        is_usual=agreement.is_default,
        times=tuple((kind, spans.said(seconds, day_s)) for kind, seconds in times if seconds),
        hours=_hours(spec),
        all_day=bool(spec.get("always")),
        since=None if version.effective_from == agreements.ALWAYS else version.effective_from,
    )


def _hours(spec: hours_said.Spec) -> str:
    """With the city where their clock is another one than the company's."""
    brief = hours_said.brief(spec)
    return brief if spec.get("tz") == settings.TIME_ZONE else f"{brief} ({hours_said.zone(spec)})"
