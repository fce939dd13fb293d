"""The agreement on paper: a PDF in plain Russian out of print/agreement.typ (sla/paper.py)."""

from datetime import date, datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from otklik.russian import form
from otklik.russian.dates import day_of_month
from otklik.sla import agreements, calendars, hours_said, money_words, paper, spans, wording
from otklik.sla.models import AgreementVersion
from otklik.sla.terms import Kind, Terms
from otklik.staff import queries as staff

CLIENTS: Final[tuple[Kind, ...]] = (
    "response",
    "next_reply",
    "news",
    "resolution",
)  # levels and vendors are ours
Cells: TypeAlias = list[list[str]]


def pdf(version: AgreementVersion) -> bytes:
    """The whole agreement."""
    return paper.typeset("agreement.typ", lambda: _values(version), "pdf", at=version.made_at)[0]


def pages(version: AgreementVersion, *, ppi: int = 144) -> list[bytes]:
    """Its pages as PNG pictures."""
    return paper.typeset("agreement.typ", lambda: _values(version), "png", at=version.made_at, ppi=ppi)


def _values(version: AgreementVersion) -> dict[str, object]:
    """Everything that the template shows."""
    terms, agreement = agreements.terms(version.pk), version.agreement
    counts_at = max(timezone.now(), version.effective_from)
    spec = calendars.in_force([agreement.calendar_id], counts_at)[agreement.calendar_id]
    day_s = spans.usual_day(spec)
    return {
        "company": staff.company().name, "tier": agreement.name, "number": version.number,
        "since": _since(version.effective_from), "until": _day(terms.until),
        "hours": hours_said.week(spec), "zone": hours_said.zone(spec), "always": bool(spec.get("always")),
        "holidays": agreement.calendar.made_of.get("country") == "RU", "day": spans.said(day_s, spans.WHOLE_DAY_S),
        "targets": _targets(terms, day_s), "paused": "client" in terms.pauses.get("resolution", ()),
        "reopen": _days(terms.reopen_days), "availability": _availability(terms),
        "planned": _whole(terms, "planned_min"), "notice": _whole(terms, "notice_h"),
        "counting": [[one.label, one.value] for one in wording.counting(terms)],
        "credits": [[one.label, one.value] for one in wording.credits_said(terms)],
        "fee": _fee(terms), "unit": _money(terms, "unit"),
        "by": str(money_words.UNITS[terms.payment.get("by", "request")]),
        "included": wording.decimal(terms.payment["included"]) if terms.payment.get("included") else "",
        "share": wording.percent(terms.share), "sample": terms.sample, "cap": wording.percent(terms.cap),
        "penalties": [[wording.percent(below), wording.percent(credit)] for below, credit in terms.penalties],
        "words": {**wording.usual_words(), **{name: one for name, one in terms.words.items() if one}},
    }  # fmt: skip


def _targets(terms: Terms, day_s: int) -> Cells:
    """What is promised to the client, the most urgent first."""
    return [
        [
            wording.kind_name(kind),
            *(spans.said(one[name], day_s) if name in one else "—" for name in wording.ORDER),
        ]
        for kind in CLIENTS
        if (one := terms.targets.get(kind, {}))
    ]


def _availability(terms: Terms) -> Cells:
    units = {
        "percent": (f"Доступность услуг {money_words.WINDOWS[terms.uptime.window]}", "%"),
        "recovery_min": ("Возвращаем услугу в работу не позже чем через", "мин"),
        "restore_point_min": ("После восстановления не хватает данных не больше чем за", "мин"),
    }  # fmt: skip
    return [
        [words, f"{wording.decimal(terms.availability[name])}\u00a0{unit}"]
        for name, (words, unit) in units.items()
        if name in terms.availability
    ]


def _whole(terms: Terms, name: str) -> str:
    return wording.decimal(terms.availability[name]) if name in terms.availability else ""


def _money(terms: Terms, name: str) -> str:
    return wording.money(terms.payment[name]) if terms.payment.get(name) else ""


def _days(n: int) -> str:
    """After «в течение»: «7 дней», «1 дня»; '' for none."""
    return f"{n}\u00a0{form(n, 'дня', 'дней', 'дней')}" if n else ""


def _fee(terms: Terms) -> str:
    fee = _money(terms, "fee")
    return f"{fee} {wording.PERIODS[terms.payment.get('per', 'month')]}" if fee else ""


def _since(moment: datetime) -> str:
    """«1 декабря 2026 года»; '' for what always counted."""
    return "" if moment == agreements.ALWAYS else _day(moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date())


def _day(value: date | None) -> str:
    return f"{day_of_month(value, value)} {value.year} года" if value else ""
