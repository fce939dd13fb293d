"""An agreement with money, an organisation that has it, outages and planned work, made by the product's own deeds."""

from datetime import UTC, date, datetime
from typing import Any

from otklik.clients.models import Organisation
from otklik.sla import penalty
from otklik.sla.models import Agreement
from otklik.sla.terms_money import Credits, Uptime
from otklik.sla.uptime import closing, noting
from otklik.sla.uptime.counting import Asked
from otklik.sla.uptime.models import Incident, PeriodAccount
from otklik.sla.uptime.noting import Told
from tests import make
from tests.sla import tiers

NOVEMBER = penalty.window("month", date(2026, 11, 1), "Europe/Moscow")
LATER = datetime(2026, 12, 2, tzinfo=UTC)


def on(words: str) -> datetime:
    """«20 09:00» of November 2026, by the clock of Moscow."""
    return datetime.fromisoformat(f"2026-11-{words}:00+03:00").astimezone(UTC)


def agreement(**fields: Any) -> Agreement:
    usual: dict[str, Any] = {
        "availability": {"percent": 99.9, "planned_min": 240, "notice_h": 24},
        "uptime": Uptime(), "credits": Credits(steps=((99.9, 10.0), (99.0, 30.0))),
        "penalties": ((90.0, 5.0),), "payment": {"fee": 12_000, "per": "month", "unit": 350, "by": "request"},
    }  # fmt: skip
    return tiers.tier(**{**usual, **fields})


def firm(name: str = "Ромашка", under: Agreement | None = None) -> Organisation:
    made = Organisation.objects.create(name=name)
    if under:
        tiers.cover(under, made)
    return made


def outage(since: str, until: str | None, **fields: Any) -> Incident:
    told = Told(
        **{
            "kind": "outage", "name": "Не открывался сайт", "source": "monitor", "began_at": on(since),
            "ended_at": on(until) if until else None, **fields,
        }
    )  # fmt: skip
    return noting.note(told, by=make.admin(), at=LATER)


def work(since: str, until: str, **fields: Any) -> Incident:
    told = Told(
        **{
            "kind": "work", "name": "Меняем диски", "announced_at": on("01 09:00"), "window_began_at": on(since),
            "window_ended_at": on(until), **fields,
        }
    )  # fmt: skip
    return noting.note(told, by=make.admin(), at=LATER)


def asked(under: Agreement, whose: Organisation | None = None, **fields: Any) -> Asked:
    return Asked(under, fields.pop("window", NOVEMBER), whose, **fields)


def closed(under: Agreement, whose: Organisation | None = None) -> PeriodAccount:
    return closing.close(asked(under, whose), by=make.admin(), at=LATER)
