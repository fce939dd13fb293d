"""Agreements and lives of requests that tests of clocks use. Monday, 2 March 2026, is a working day in Moscow."""

from datetime import UTC, datetime
from typing import Any

from otklik.desk.models import Ticket
from otklik.sla import deriving
from otklik.sla.models import Agreement, AgreementVersion, Calendar, CalendarVersion, Clock
from otklik.sla.terms import PRIORITIES
from tests.sla.calendars import moscow, office

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = 3600
USUAL: dict[str, Any] = {
    "targets": {
        "response": {"low": 8 * HOUR, "normal": 4 * HOUR, "high": 2 * HOUR, "urgent": HOUR},
        "next_reply": dict.fromkeys(PRIORITIES, 4 * HOUR),
        "news": dict.fromkeys(PRIORITIES, 8 * HOUR),
        "resolution": {"low": 40 * HOUR, "normal": 16 * HOUR, "high": 8 * HOUR, "urgent": 4 * HOUR},
        "vendor": dict.fromkeys(PRIORITIES, 16 * HOUR),
    },
    "levels": {"1": dict.fromkeys(PRIORITIES, 4 * HOUR), "2": dict.fromkeys(PRIORITIES, 8 * HOUR)},
}


def calendar(name: str = "Офис", **spec: Any) -> Calendar:
    """9–13 and 14–18 of Moscow, Monday to Friday, from the beginning of time."""
    spec = spec or dict(office().to_dict())
    made = Calendar.objects.create(name=name, spec=spec)
    hours(made, spec, since=ALWAYS, number=1)
    return made


def hours(calendar: Calendar, spec: Any, *, since: datetime, number: int = 2) -> CalendarVersion:
    return CalendarVersion.objects.create(
        calendar=calendar, number=number, spec=spec, effective_from=since, made_at=since
    )


def agreement(calendar_: Calendar | None = None, *, name: str = "Тестовое", **terms: Any) -> AgreementVersion:
    """A version of an agreement with these terms beside the usual targets."""
    made = Agreement.objects.create(name=name, calendar=calendar_ or calendar(name))
    return AgreementVersion.objects.create(
        agreement=made, number=1, terms={**USUAL, **terms}, effective_from=ALWAYS, made_at=ALWAYS
    )


def bound(ticket: Ticket, version: AgreementVersion, at: datetime | None = None) -> Ticket:
    """The request is judged by this version from now on."""
    at = at or ticket.created_at
    ticket.bonds.filter(ended_at=None).update(ended_at=at)
    ticket.bonds.create(version=version, at=at)
    return ticket


def clocks(ticket: Ticket, at: datetime) -> dict[tuple[str, int], Clock]:
    """The rows of this request after its clocks were made anew."""
    deriving.derive([ticket.pk], at=at)
    return {(str(one.kind), one.cycle): one for one in Clock.objects.filter(ticket=ticket)}


def clock(ticket: Ticket, kind: str, at: datetime, cycle: int = 1) -> Clock:
    return clocks(ticket, at)[kind, cycle]


def on(text: str) -> datetime:
    """«02 16:00» of March 2026 by Moscow's clock."""
    return moscow(f"2026-03-{text}").astimezone(UTC)


def shown(one: Clock) -> tuple[str, float, datetime | None, bool]:
    """State, hours elapsed, due, late."""
    return one.state, one.elapsed_s / HOUR, one.due_at, one.late
