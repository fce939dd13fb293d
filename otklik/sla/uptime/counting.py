"""What a period of an agreement comes to, as things are now: availability, credits, the bill (R-E6, R-E9).

Judged by the terms of the first day of the period; paid, each for its days, by those in force in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.conf import settings

from otklik.clients.models import Organisation
from otklik.sla import agreements, calendars, penalty
from otklik.sla.models import Agreement, AgreementVersion
from otklik.sla.penalty import Availability, Bill, Charge, Credit, Down, Part, Price, Ratio, Window, Work
from otklik.sla.terms import Terms
from otklik.sla.uptime import queries
from otklik.sla.uptime.models import Incident


@dataclass(frozen=True, slots=True)
class Asked:
    """organisation None: the agreement alone, with what touches everybody. share: the part of the fee that was touched.

    since_on, until_on: civil days [since, until) that it was in force, where people know better; hours: worked ones.
    asked_at: the client asked for the credit.
    """

    agreement: Agreement
    window: Window
    organisation: Organisation | None = None
    share: Decimal = Decimal(1)
    hours: Decimal = Decimal(0)
    asked_at: datetime | None = None
    since_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """[since, until): what was counted; of a window that goes on, until now. deadline: of asking for the credit."""

    asked: Asked
    version: AgreementVersion
    terms: Terms
    since: datetime
    until: datetime
    incidents: tuple[Incident, ...]
    availability: Availability
    credit: Credit
    clocks: Ratio | None
    clocks_credit: Credit
    bill: Bill
    deadline: datetime | None


def zone_of(agreement: Agreement) -> str:
    return str(agreement.calendar.spec.get("tz") or settings.TIME_ZONE)


def of(asked: Asked, now: datetime) -> Found:
    """A dozen queries."""
    first, behind = _days(asked)
    since, until = _counted(asked.window, first, behind, now)
    version = _version_on(asked, first)
    terms = agreements.terms(version.pk)
    incidents = _incidents(asked, since, until)
    found = penalty.availability(
        (since, until), _downs(incidents), _works(incidents, now),
        penalty.rules_of(terms, calendars.timetable(asked.agreement.calendar_id), penalty.MONTHS[asked.window.kind]),
    )  # fmt: skip
    lines = penalty.charges(asked.window, _parts(asked, first, behind))
    charge = Charge(sum((one.sum for one in lines), Decimal(0)), max((behind - first).days, 1), asked.share)
    deadline = penalty.claim_by(asked.window, terms.credits)
    given = penalty.credit(found, charge, terms.credits, terms.availability.get("percent"))
    given = penalty.claimed(given, deadline, asked.asked_at, now)
    clocks = _clocks(asked, terms, until)
    late = penalty.credit_of_clocks(clocks, charge, terms)
    bill = penalty.bill(asked.window, lines, {"uptime": given, "clocks": late})
    return Found(
        asked, version, terms, since, until, incidents, found, given, clocks, late, bill, deadline
    )  # fmt: skip


def _days(asked: Asked) -> tuple[date, date]:
    """Days [first, behind) of the window that the agreement was in force."""
    window, zone = asked.window, ZoneInfo(asked.window.zone)
    begun = agreements.versions(asked.agreement.pk).order_by("effective_from").first()
    first = asked.since_on or (begun.effective_from.astimezone(zone).date() if begun else window.first)
    ended = asked.agreement.ended_at
    behind = asked.until_on or (ended.astimezone(zone).date() if ended else window.behind)
    first = min(max(first, window.first), window.behind)
    return first, max(first, min(behind, window.behind))


def _counted(window: Window, first: date, behind: date, now: datetime) -> tuple[datetime, datetime]:
    zone = ZoneInfo(window.zone)
    since = window.since if first == window.first else _midnight(first, zone)
    until = window.until if behind == window.behind else _midnight(behind, zone)
    return since, max(since, min(until, now))


def _version_on(asked: Asked, day: date) -> AgreementVersion:
    """What counts for this civil day: the terms in force when it ends, so that those saved on it count for it."""
    end = _midnight(date.fromordinal(day.toordinal() + 1), ZoneInfo(asked.window.zone))
    return agreements.current(asked.agreement.pk, end - timedelta(microseconds=1))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _incidents(asked: Asked, since: datetime, until: datetime) -> tuple[Incident, ...]:
    organisation = asked.organisation.pk if asked.organisation else None
    return tuple(queries.touching(asked.agreement.pk, organisation, since, until))


def _downs(incidents: tuple[Incident, ...]) -> Iterator[Down]:
    for one in incidents:
        if one.kind == Incident.Kind.OUTAGE and one.began_at:
            began = {one.source: one.began_at}
            yield Down(
                str(one.pk), one.began_at, one.ended_at, one.cause, began.get("monitor"),
                one.reported_at or began.get("report"), one.accepted_at or began.get("request"), one.workaround_at,
            )  # fmt: skip


def _works(incidents: tuple[Incident, ...], now: datetime) -> Iterator[Work]:
    """Work that nobody noted the real times of took its window."""
    for one in incidents:
        if one.announced_at and one.window_began_at and one.window_ended_at:
            real = (one.began_at, one.ended_at or max(now, one.began_at)) if one.began_at else None
            yield Work(str(one.pk), one.announced_at, (one.window_began_at, one.window_ended_at), real)


def _parts(asked: Asked, first: date, behind: date) -> Iterator[Part]:
    """Prices in force, each for its days; what was used in them."""
    zone = ZoneInfo(asked.window.zone)
    begins = {first: _version_on(asked, first).pk}
    for version in agreements.versions(asked.agreement.pk).order_by("effective_from", "number"):
        day = version.effective_from.astimezone(zone).date()
        if first < day < behind:
            begins[day] = version.pk
    days = [*begins, behind]
    for since, until in pairwise(days):
        price = Price.of(agreements.terms(begins[since]).payment)
        yield Part(since, until, price, _used(asked, price, _midnight(since, zone), _midnight(until, zone)))


def _used(asked: Asked, price: Price, since: datetime, until: datetime) -> Decimal:
    """Hours are told by people, for the whole period: they stand in its last part."""
    if not price.unit or asked.organisation is None:
        return Decimal(0)
    if price.by == "hour":
        return asked.hours if until >= (_until_of(asked)) else Decimal(0)
    return Decimal(queries.solved(asked.agreement.pk, asked.organisation.pk, since, until))


def _until_of(asked: Asked) -> datetime:
    return _midnight(_days(asked)[1], ZoneInfo(asked.window.zone))


def _clocks(asked: Asked, terms: Terms, until: datetime) -> Ratio | None:
    """Share of clocks that were met in the window, with those of earlier windows that had too few: each counts once.

    From the last closed window whose clocks were judged on, or from the beginning.
    """
    if asked.organisation is None or not terms.penalties:
        return None
    window, ids = asked.window, (asked.agreement.pk, asked.organisation.pk)
    since = queries.clocks_judged_until(*ids, window.since)
    found = {window.first: (0, 0)}
    for month, met, judged in queries.clocks_by_month(*ids, since, until, window.zone):
        first = penalty.window(window.kind, month, window.zone).first
        before = found.get(first, (0, 0))
        found[first] = (before[0] + met, before[1] + judged)
    return penalty.clock_share([found[first] for first in sorted(found)], terms.sample)
