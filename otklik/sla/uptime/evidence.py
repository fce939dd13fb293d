"""What a period was counted on, as JSON: pages show it, a closed period keeps it for ever.

Sums, seconds and percents are strings of decimals, moments ISO in UTC: nothing is lost on the way.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from otklik.sla import penalty
from otklik.sla.penalty import Counted, Credit, Line
from otklik.sla.uptime.counting import Asked, Found
from otklik.sla.uptime.models import PeriodAccount

Evidence = dict[str, Any]  # JSON


def of(found: Found) -> Evidence:
    """version, terms: what it was judged by; availability with its lines; credits; clocks; bill with its lines."""
    asked, terms = found.asked, found.terms.to_dict()
    return {
        "agreement": asked.agreement.name, "organisation": asked.organisation.name if asked.organisation else "",
        "version": found.version.number, "since": found.since.isoformat(), "until": found.until.isoformat(),
        "zone": asked.window.zone, "window": asked.window.name,
        "terms": {name: terms[name] for name in ("availability", "uptime", "credits", "penalties", "cap", "payment")},
        "availability": _availability(found), "incidents": _incidents(found),
        "credit": {**_credit(found.credit), "deadline": found.deadline.isoformat() if found.deadline else ""},
        "clocks": {
            **_credit(found.clocks_credit), "met": found.clocks.part if found.clocks else None,
            "judged": found.clocks.whole if found.clocks else None, "sample": found.terms.sample,
        },
        "bill": {
            "lines": [_line(one) for one in found.bill.lines],
            "total": _text(found.bill.total), "left": _text(found.bill.left),
        },
        "share": _text(asked.share), "hours": _text(asked.hours),
        "since_on": asked.since_on.isoformat() if asked.since_on else "",
        "until_on": asked.until_on.isoformat() if asked.until_on else "",
    }  # fmt: skip


def asked_of(row: PeriodAccount) -> Asked:
    """What a closed period was asked for: a correction counts the same anew."""
    kept = row.evidence
    first, behind = (
        date.fromisoformat(kept[name]) if kept.get(name) else None for name in ("since_on", "until_on")
    )
    return Asked(
        row.agreement, penalty.named(row.window, kept["zone"]), row.organisation, row.share,
        Decimal(kept.get("hours", "0")), row.asked_at, first, behind,
    )  # fmt: skip


def borders(terms: dict[str, Any]) -> list[Decimal]:
    """Percents that decide something: a figure is told with enough places to see on which side of them it lies."""
    steps = [one["below"] for one in terms["credits"]["steps"]]
    promised = terms["availability"].get("percent")
    return [Decimal(str(one)) for one in [*steps, *([promised] if promised is not None else [])]]


def _availability(found: Found) -> dict[str, Any]:
    one = found.availability
    percent = one.percent
    return {
        "percent": "" if percent is None else f"{percent:.20f}", "told": one.told(*borders(found.terms.to_dict())),
        "base_s": _text(one.base_s), "planned_s": _text(one.planned_s), "works_down_s": _text(one.works_down_s),
        "down_s": _text(one.down_s), "lines": [_counted(line) for line in one.evidence],
    }  # fmt: skip


def _incidents(found: Found) -> dict[str, Any]:
    """Names as they were when it was counted, by the key in the lines."""
    return {str(one.pk): {"name": one.name, "kind": one.kind} for one in found.incidents}


def _counted(one: Counted) -> dict[str, str]:
    return {
        "incident": one.key, "since": _moment(one.since), "until": _moment(one.until), "seconds": _text(one.seconds),
        "how": one.how, "why": one.why,
    }  # fmt: skip


def _moment(at: object) -> str:
    return at.isoformat() if hasattr(at, "isoformat") else str(at)


def _credit(one: Credit) -> dict[str, str]:
    return {
        "outcome": one.outcome, "sum": _text(one.sum), "base": _text(one.base), "rate": _text(one.rate),
        "hours": _text(one.hours), "full": _text(one.full),
    }  # fmt: skip


def _line(one: Line) -> dict[str, str]:
    return {
        "what": one.what, "since": one.since.isoformat(), "until": one.until.isoformat(),
        "quantity": _text(one.quantity), "of": _text(one.of), "price": _text(one.price), "sum": _text(one.sum),
    }  # fmt: skip


def _text(value: Decimal) -> str:
    return f"{value:f}"
