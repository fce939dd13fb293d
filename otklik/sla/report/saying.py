"""A report in words, the same for the page and for paper: everything in it is text that is ready to be read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.russian.typography import NBSP
from otklik.sla import agreements, calendars, hours_said, levels_said, money_words, spans, wording
from otklik.sla.models import Agreement, AgreementVersion
from otklik.sla.penalty import Ratio, exact
from otklik.sla.report import missing
from otklik.sla.report.counting import CLIENTS, Counts, Figure, Miss
from otklik.sla.terms import PRIORITIES, Terms
from otklik.web import dates

FEW: Final = 10  # cases; of fewer no share and no percentile says anything
NONE: Final = "—"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table of one agreement: a kind of clock, or one priority of it.

    look: of the share, ok | bad | ''.
    """

    what: str
    is_whole: bool
    promised: str
    count: int
    kept: int
    share: str
    look: str
    half: str
    most: str


@dataclass(frozen=True, slots=True)
class Tier:
    """What one agreement promised and what came of it."""

    name: str
    versions: str
    hours: str
    heads: tuple[str, ...]
    promises: tuple[tuple[str, ...], ...]
    agreed: str
    verdict: str
    look: str
    rows: tuple[Row, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """number: of the request; team: whose it is, for whoever makes a link of it."""

    number: int
    team: int
    what: str
    promised: str
    came: str
    over: str
    when: str
    why: str


def tier(counts: Counts, agreement: Agreement, now: datetime) -> Tier:
    """Judged and told by the terms in force when the period ended, or now."""
    version = agreements.current(agreement.pk, min(now, counts.until))
    terms = agreements.terms(version.pk)
    spec = calendars.in_force([agreement.calendar_id], now)[agreement.calendar_id]
    day_s = spans.usual_day(spec)
    mine = [one for one in counts.figures if one.agreement == agreement.pk]
    verdict, look = _verdict(mine, terms, is_over=counts.is_over)
    return Tier(
        agreement.name, _versions(counts, agreement, version), _hours(spec), tuple(wording.heads()),
        tuple(_promises(terms, day_s)), wording.percent(terms.share), verdict, look,
        tuple(_rows(mine, terms, day_s)), tuple(_gaps(mine, terms)),
    )  # fmt: skip


def _hours(spec: hours_said.Spec) -> str:
    return _("Время считаем рабочее: %(hours)s, %(zone)s.") % {
        "hours": hours_said.brief(spec), "zone": hours_said.zone(spec),
    } if not spec.get("always") else _("Время считаем круглосуточно.")  # fmt: skip


def _versions(counts: Counts, agreement: Agreement, current: AgreementVersion) -> str:
    """«Версии 1 и 2»: those that judged the clocks of the period, else the one in force."""
    used = [pk for its, pk, _n in counts.versions if its == agreement.pk] or [current.pk]
    numbers = sorted(AgreementVersion.objects.filter(pk__in=used).values_list("number", flat=True))
    if len(numbers) == 1:
        return _("Судим по версии %s соглашения.") % numbers[0]
    return _("Судим по версиям %s соглашения: каждый запрос по той, что действовала для него.") % ", ".join(
        map(str, numbers)
    )


def _promises(terms: Terms, day_s: int) -> Iterator[tuple[str, ...]]:
    for kind in CLIENTS:
        if goals := terms.targets.get(kind):
            yield (
                wording.kind_name(kind),
                *(spans.said(goals[one], day_s) if one in goals else NONE for one in wording.ORDER),
            )


def _rows(mine: Sequence[Figure], terms: Terms, day_s: int) -> Iterator[Row]:
    for kind in CLIENTS:
        of_kind = [one for one in mine if one.kind == kind]
        whole = [one for one in of_kind if one.priority is None]
        parts = sorted(
            (one for one in of_kind if one.priority is not None), key=lambda one: -(one.priority or 0)
        )
        for one in whole + (parts if len(parts) > 1 else []):
            yield _row(one, terms, day_s)


def _row(one: Figure, terms: Terms, day_s: int) -> Row:
    low, high = (spans.said(seconds, day_s) for seconds in one.goals_s)
    promised = low if low == high else _("от %(low)s до %(high)s") % {"low": low, "high": high}
    name = wording.kind_name(one.kind)
    if one.priority is not None:
        name = str(wording.PRIORITY_NAMES[PRIORITIES[one.priority]])
    if one.count < FEW:
        return Row(
            name, one.priority is None, promised, one.count, one.kept, _("мало данных"), "", NONE, NONE
        )
    look = ("bad" if one.ratio.is_below(exact(terms.share)) else "ok") if one.count >= terms.sample else ""
    times = (levels_said.about(one.half_s), levels_said.about(one.most_s))
    return Row(
        name, one.priority is None, promised, one.count, one.kept, share(one.ratio, terms), look, *times
    )


def share(found: Ratio, terms: Terms) -> str:
    """«94,3 %», half up: with as many places as tell on which side of the agreed share it lies."""
    border, percent = exact(terms.share), found.percent or Decimal(0)
    for places in (1, 2, 3):
        short = percent.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if (short < border) == found.is_below(border):
            return wording.percent(float(short))
    return found.told(border) + f"{NBSP}%"


def _verdict(mine: Iterable[Figure], terms: Terms, *, is_over: bool) -> tuple[str, str]:
    whole = [one for one in mine if one.priority is None]
    found = Ratio(sum(one.kept for one in whole), sum(one.count for one in whole))
    told = {"kept": found.part, "n": found.whole, "agreed": wording.percent(terms.share)}
    if not found.whole:
        return _("За это время не закончился ни один срок: судить не по чему."), ""
    words = ngettext(
        "Закончился %(n)s срок, вовремя %(kept)s.", "Закончилось %(n)s сроков, вовремя %(kept)s.", found.whole
    ) % told  # fmt: skip
    if found.whole < terms.sample:
        few = _("Сроков меньше %s: доля по стольким ничего не говорит.") % terms.sample
        return f"{words} {few}", ""
    told["share"] = share(found, terms)
    if not is_over:
        below = found.is_below(exact(terms.share))
        return f"{words} " + _("Пока это %(share)s, а обещали %(agreed)s.") % told, "bad" if below else "ok"
    if found.is_below(exact(terms.share)):
        return f"{words} " + _("Это %(share)s, а обещали %(agreed)s: слово не сдержали.") % told, "bad"
    return f"{words} " + _("Это %(share)s при обещанных %(agreed)s: слово сдержали.") % told, "ok"


def _gaps(mine: Sequence[Figure], terms: Terms) -> Iterator[str]:
    """What was agreed and is measured by nobody, or not in this period."""
    counted = {one.kind for one in mine}
    if absent := [
        wording.kind_name(one).lower() for one in CLIENTS if terms.targets.get(one) and one not in counted
    ]:
        yield _("Обещали, но таких сроков не было: %s.") % ", ".join(absent)
    for name, words in (
        ("recovery_min", _("Обещали вернуть услугу за %s мин. Этого мы пока не меряем.")),
        (
            "restore_point_min",
            _("Обещали после сбоя потерять данных не больше чем за %s мин. Этого мы пока не меряем."),
        ),
    ):
        if name in terms.availability:
            yield words % wording.decimal(terms.availability[name])


def misses(counts: Counts, now: datetime) -> tuple[Missed, ...]:
    why = missing.reasons(counts.misses)
    zone = ZoneInfo(counts.window.zone)
    return tuple(
        _missed(one, why.get((one.ticket, one.kind, one.cycle), ""), now, zone) for one in counts.misses
    )


def _missed(one: Miss, why: str, now: datetime, zone: ZoneInfo) -> Missed:
    day = spans.WHOLE_DAY_S * 1000  # hours, so that people can subtract
    over = max(one.elapsed_s - one.target_s, 0)
    when = {"due": _moment(one.due_at, now, zone), "end": _moment(one.ended_at, now, zone)}
    return Missed(
        one.number, one.team, wording.kind_name(one.kind), spans.said(one.target_s, day),
        spans.said(one.elapsed_s, day) or levels_said.about(0), spans.said(over, day) or _("меньше минуты"),
        _("срок %(due)s, вышло %(end)s") % when, why,
    )  # fmt: skip


def _moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """«11 ноября, 12:30»."""
    local = at.astimezone(zone)
    return f"{dates.day_of_month(local.date(), now.astimezone(zone).date())}, {local.hour}:{local.minute:02}"


def beyond(counts: Counts) -> list[str]:
    """What the list of misses leaves out."""
    late = counts.total.whole - counts.total.part
    found = []
    if late > len(counts.misses):
        found.append(
            _("Показали первые %(shown)s из %(late)s опозданий.")
            % {"shown": len(counts.misses), "late": late}
        )
    if counts.going:
        words = ngettext(
            "Ещё %s срок прошёл, а работа идёт: он войдёт в отчёт за тот месяц, когда закончится.",
            "Ещё %s сроков прошли, а работа идёт: они войдут в отчёт за тот месяц, когда закончатся.",
            counts.going,
        )
        found.append(words % counts.going)
    return found


def unmeasured() -> str:
    return _("Доступность не измеряли: за это время мы не записали ни перерывов, ни плановых работ.")


def counted_by(agreement: Agreement, now: datetime) -> str:
    """«за квартал»: what the agreement counts availability and credits over."""
    terms = agreements.terms(agreements.current(agreement.pk, now).pk)
    return str(money_words.WINDOWS[terms.uptime.window])
