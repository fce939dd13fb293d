"""Availability, credits and bills of a report, by the windows of the agreement; and what happened to services (R-E1).

A window that was closed is told by its account, for ever the same; another one by what is known now. Where nobody has
noted anything and nobody has closed the window, availability was not measured, and no figure stands for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import dropwhile
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from otklik.sla import agreements, penalty
from otklik.sla.models import Agreement
from otklik.sla.penalty import MONTHS, Window
from otklik.sla.report import covered
from otklik.sla.report.covered import Days
from otklik.sla.report.whose import Whose
from otklik.sla.uptime import counting, evidence, queries, said
from otklik.sla.uptime.counting import Asked
from otklik.sla.uptime.models import Incident, PeriodAccount
from otklik.web import dates


@dataclass(frozen=True, slots=True)
class Span:
    """One window of the agreement. account: of a closed one. is_priced: credits and the bill are counted by it.

    is_unknown: they would be, and since when the agreement binds them nobody wrote down.
    """

    name: str
    told: said.Told
    is_measured: bool
    is_priced: bool
    account: int | None
    credit: Decimal
    total: Decimal
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """An outage or planned work as R-E1 wants it told: what, when, what was done, what comes next."""

    name: str
    kind: str
    when: str
    told: str
    done: str
    ahead: str


def spans(whose: Whose, agreement: Agreement, window: Window, now: datetime) -> list[Span]:
    """In order: every valid account of the period, and windows of the agreement that are not closed.

    Those that have not begun, and those in which the agreement did not bind them, are left out; so are those that were
    closed by another one, where nobody knows since when this one binds them.
    """
    bound = covered.days(agreement, whose.organisation, window, now) if whose.organisation else None
    accounts = _accounts(whose, window)
    known = bound is not None and bound.is_known
    closed = [_window(one) for one in accounts if one.agreement_id == agreement.pk or not known]
    found = [(_window(one), _closed(agreement, one)) for one in accounts]
    found += [
        (one, _open(whose, agreement, one, bound, now))
        for one in _windows(agreement, window, now)
        if not any(_overlap(one, other) for other in closed) and (bound is None or bound.meet(one))
    ]
    return [span for _one, span in sorted(found, key=lambda pair: (pair[0].first, pair[0].behind))]


def credit(found: list[Span]) -> Decimal:
    return sum((one.credit for one in found), Decimal(0))


def total(found: list[Span]) -> Decimal:
    return sum((one.total for one in found), Decimal(0))


def _windows(agreement: Agreement, window: Window, now: datetime) -> list[Window]:
    """Those that the agreement is counted by, where they are parts of the period; else the period itself."""
    version = agreements.current(agreement.pk, min(now, window.until))
    kind = agreements.terms(version.pk).uptime.window
    parts = MONTHS[window.kind] // MONTHS[kind] if MONTHS[kind] <= MONTHS[window.kind] else 0
    if not parts:
        return [window]
    first = Window(kind, window.first, window.zone)
    return [one for n in range(parts) if (one := first.moved(n)).since < now]


def _accounts(whose: Whose, window: Window) -> list[PeriodAccount]:
    """What counts of those closed for them in the period, whatever agreement it was."""
    if whose.organisation is None:
        return []
    rows = PeriodAccount.objects.filter(
        organisation=whose.organisation, corrected=None, since__lt=window.until, until__gt=window.since
    )
    there = rows.select_related("agreement").order_by("since", "pk")
    return [one for one in there if _is_part(_window(one), window)]


def _window(account: PeriodAccount) -> Window:
    return penalty.named(account.window, account.evidence["zone"])


def _is_part(one: Window, of: Window) -> bool:
    return of.first <= one.first and one.behind <= of.behind


def _overlap(one: Window, other: Window) -> bool:
    return one.first < other.behind and other.first < one.behind


def _closed(agreement: Agreement, account: PeriodAccount) -> Span:
    name = said.window_name(_window(account))
    if account.agreement_id != agreement.pk:
        name = _("%(period)s, соглашение «%(name)s»") % {"period": name, "name": account.agreement.name}
    return Span(name, said.told(account.evidence), True, True, account.pk, account.credit, account.total)


def _open(whose: Whose, agreement: Agreement, window: Window, bound: Days | None, now: datetime) -> Span:
    asked = Asked(agreement, window, whose.organisation)
    if bound:
        asked = replace(asked, since_on=bound.since_on, until_on=bound.until_on)
    found = counting.of(asked, now)
    billed = whose.is_firm and found.terms.uptime.window == window.kind
    priced = billed and bound is not None and bound.is_known
    given = found.credit.sum + found.clocks_credit.sum if priced else Decimal(0)
    told = said.told(evidence.of(found))
    if not found.incidents:
        told = replace(
            told, credit=tuple(dropwhile(lambda one: not one.startswith(_("Запросы.")), told.credit))
        )
    return Span(
        said.window_name(window), told, bool(found.incidents), priced, None, given,
        found.bill.total if priced else Decimal(0), is_unknown=billed and not priced and found.bill.total > 0,
    )  # fmt: skip


def happened(whose: Whose, agreement: Agreement, window: Window, now: datetime) -> list[Happened]:
    """Of the period, by its beginning. What was withdrawn is not told."""
    firm = whose.organisation.pk if whose.organisation else None
    rows = queries.touching(agreement.pk, firm, window.since, min(window.until, now))
    return [_happened(one, ZoneInfo(window.zone)) for one in rows]


def _happened(one: Incident, zone: ZoneInfo) -> Happened:
    begun = one.began_at or one.window_began_at
    over = one.ended_at if one.began_at else one.window_ended_at
    when = ""
    if begun:
        when = said.stretch(begun, over, zone) if over else _("с %s, ещё идёт") % dates.full(begun, zone)
    kind = str(Incident.Kind(one.kind).label)
    return Happened(
        one.name, kind[:1].upper() + kind[1:], when, one.told, " ".join(_done(one, zone)), _ahead(one)
    )


def _done(one: Incident, zone: ZoneInfo) -> Iterator[str]:
    moments = {
        _("Узнали об этом %s."): one.reported_at, _("Взялись %s."): one.accepted_at,
        _("Дали обходной путь %s."): one.workaround_at,
        _("Предупредили %s."): one.announced_at,
    }  # fmt: skip
    for words, moment in moments.items():
        if moment:
            yield words % dates.full(moment, zone)
    if one.ended_at and one.kind == Incident.Kind.OUTAGE:
        yield _("Всё заработало %s.") % dates.full(one.ended_at, zone)


def _ahead(one: Incident) -> str:
    if one.kind == Incident.Kind.WORK:
        return _("Работы закончили.") if one.ended_at else ""
    if one.ended_at is None:
        return _("Чиним. Когда закончим, время встанет здесь.")
    return "" if one.told else _("Причину и то, что сделаем дальше, сюда ещё не вписали.")
