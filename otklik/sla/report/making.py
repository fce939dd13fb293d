"""A whole report, ready to be shown or printed (R-E8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from otklik.sla import agreements
from otklik.sla.models import Agreement
from otklik.sla.penalty import Window
from otklik.sla.report import counting, drawing, money, saying
from otklik.sla.report.counting import Counts
from otklik.sla.report.drawing import Picture
from otklik.sla.report.money import Happened, Span
from otklik.sla.report.saying import Missed, Tier
from otklik.sla.report.whose import Whose, agreement_of
from otklik.sla.uptime import said
from otklik.sla.uptime.counting import zone_of
from otklik.web import dates


@dataclass(frozen=True, slots=True)
class Report:
    """as_of: «на сегодня …» of a period that goes on. spans: of the agreement that binds them. at: what it is of."""

    whose: Whose
    window: Window
    period: str
    as_of: str
    tiers: tuple[Tier, ...]
    picture: Picture | None
    misses: tuple[Missed, ...]
    beyond: tuple[str, ...]
    agreement: str
    spans: tuple[Span, ...]
    counted_by: str
    credit: str
    total: str
    happened: tuple[Happened, ...]
    at: datetime

    @property
    def is_measured(self) -> bool:
        return any(one.is_measured for one in self.spans)

    @property
    def unbilled(self) -> str:
        """'': nothing of the bill is left out."""
        if not any(one.is_unknown for one in self.spans):
            return ""
        return _("С какого дня действует это соглашение, мы не знаем: здесь только закрытые расчёты.")

    @property
    def is_priced(self) -> bool:
        return any(one.is_priced for one in self.spans)


def make(whose: Whose, window: Window, now: datetime) -> Report:
    """Some forty queries whatever the number of requests."""
    bound = _bound(whose, window, now)
    counts = counting.read(whose, window, now)
    spans = money.spans(whose, bound, window, now)
    return Report(
        whose, window, said.window_name(window), _as_of(counts, now),
        tuple(saying.tier(counts, one, now) for one in _agreements(counts, bound)), drawing.draw(counts.months),
        saying.misses(counts, now), tuple(saying.beyond(counts)), bound.name, tuple(spans),
        saying.counted_by(bound, min(now, counts.until)),
        said.money(money.credit(spans)), said.money(money.total(spans)),
        tuple(money.happened(whose, bound, window, now)), counts.until,
    )  # fmt: skip


def _bound(whose: Whose, window: Window, now: datetime) -> Agreement:
    """At the end of the period; where that is the one for everybody, at its beginning: theirs ended meanwhile."""
    last = agreement_of(whose, min(now, window.until - timedelta(microseconds=1)))
    return agreement_of(whose, window.since) if last.is_default else last


def zone(whose: Whose, now: datetime) -> str:
    """By whose midnights the period begins and ends."""
    return zone_of(agreement_of(whose, now))


def _as_of(counts: Counts, now: datetime) -> str:
    if counts.is_over:
        return ""
    return _("Период ещё идёт: это на сегодня, %s.") % dates.full(now, ZoneInfo(counts.window.zone))


def _agreements(counts: Counts, bound: Agreement) -> list[Agreement]:
    """Theirs first, then others that judged requests of the period."""
    used = {pk for pk, _version, _n in counts.versions} - {bound.pk}
    return [bound, *agreements.tiers().filter(pk__in=used)]
