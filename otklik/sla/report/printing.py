"""A report on paper: a PDF set by Typst from print/report.typ with our own fonts, in Russian.

The same data make the same bytes.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation

from otklik.sla import paper
from otklik.sla.penalty import Window
from otklik.sla.report import drawing, making, saying
from otklik.sla.report.making import Report
from otklik.sla.report.whose import Whose
from otklik.staff import queries as staff

PICTURE_WIDTH: Final = "640"


def make(whose: Whose, window: Window, now: datetime) -> Report:
    """In Russian, whoever asks: clients read it."""
    with translation.override("ru"):
        return making.make(whose, window, now)


def pdf(report: Report) -> bytes:
    return paper.typeset("report.typ", lambda: _values(report), "pdf", at=report.window.since)[0]


def pages(report: Report, *, ppi: int = 110) -> list[bytes]:
    """Its pages as PNG pictures."""
    return paper.typeset("report.typ", lambda: _values(report), "png", at=report.window.since, ppi=ppi)


def _values(report: Report) -> dict[str, Any]:
    """Everything that the template shows, as text."""
    return {
        "company": staff.company().name, "whose": report.whose.name, "period": report.period, "as_of": report.as_of,
        "tiers": [asdict(one) for one in report.tiers], "picture": _picture(report),
        "bars": [asdict(one) for one in report.picture.bars] if report.picture else [],
        "misses": [asdict(one) for one in report.misses], "beyond": report.beyond,
        "measured": report.is_measured, "unmeasured": saying.unmeasured(), "priced": report.is_priced,
        "counted_by": report.counted_by, "spans": [_span(one) for one in report.spans],
        "credit": report.credit, "total": report.total, "happened": [asdict(one) for one in report.happened],
        "agreement": report.agreement, "unbilled": report.unbilled,
    }  # fmt: skip


def _span(one: Any) -> dict[str, Any]:  # Any: json takes what asdict gives
    return {
        "name": one.name, "told": asdict(one.told), "measured": one.is_measured, "priced": one.is_priced,
        "closed": one.account is not None,
    }  # fmt: skip


def _picture(report: Report) -> str:
    """The page's own drawing with the colours of paper; '' where there is nothing to draw."""
    if report.picture is None:
        return ""
    context = {
        "picture": report.picture, "width": PICTURE_WIDTH, "height": drawing.HEIGHT, "ground": drawing.GROUND,
        "on_paper": True,
    }  # fmt: skip
    return render_to_string("sla/report/picture.html", context).strip()
