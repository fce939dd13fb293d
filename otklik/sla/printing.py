"""The agreement on paper: a PDF in plain Russian, set by Typst from print/agreement.typ with our own fonts.

The template gets values alone, as JSON: whatever stands in a name or in the words of a company is text there, never
a command. No network, no fonts of the machine: the same terms make the same pages everywhere.
"""

import json
from datetime import date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

import typst
from django.conf import settings
from django.utils import timezone, translation

from otklik.russian import form
from otklik.russian.dates import day_of_month
from otklik.sla import agreements, calendars, hours_said, money_words, spans, wording
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
one_at_a_time = Lock()


def pdf(version: AgreementVersion) -> bytes:
    """The whole agreement."""
    return _set(version, "pdf")[0]


def pages(version: AgreementVersion, *, ppi: int = 144) -> list[bytes]:
    """Its pages as PNG pictures."""
    return _set(version, "png", ppi)


def _set(version: AgreementVersion, kind: Literal["pdf", "png"], ppi: int = 144) -> list[bytes]:
    with translation.override("ru"):
        words = json.dumps(_values(version), ensure_ascii=False)
    with one_at_a_time:  # the compiler is one for all threads
        made = _compiler().compile(
            format=kind, ppi=ppi, sys_inputs={"data": words}, timestamp=int(version.made_at.timestamp())
        )
    return made if isinstance(made, list) else [made or b""]


@cache
def _compiler() -> typst.Compiler:
    folder = Path(str(resources.files("otklik.sla") / "print"))
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder / "fonts"]
    )
    return typst.Compiler(folder / "agreement.typ", root=folder, font_paths=fonts)


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
