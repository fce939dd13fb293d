"""Agreements for tests, made by the product's own deeds."""

from datetime import datetime
from typing import Any

from otklik.accounts.models import User
from otklik.clients.models import Client, Organisation, Tariff
from otklik.desk.models import Tag
from otklik.sla import agreeing, calendars
from otklik.sla.agreeing import Draft, Tier
from otklik.sla.models import Agreement, Cover
from otklik.sla.terms import PRIORITIES, Terms
from tests import make

LONG_AGO = make.NOON - 400 * make.DAY
Whom = Client | Organisation | Tariff | Tag


def terms(**fields: Any) -> Terms:
    """First answer within half an hour, solution within three days of eight hours; other fields of Terms by name."""
    targets = {"response": 1800, "next_reply": 3600, "news": 14_400, "resolution": 86_400}
    known = {"targets": {kind: dict.fromkeys(PRIORITIES, one) for kind, one in targets.items()}}
    return Terms(**{**known, **fields})


def tier(
    name: str = "Бизнес", *, rank: int = 2, at: datetime = LONG_AGO, by: User | None = None, **fields: Any
) -> Agreement:
    draft = Draft(terms(**fields), effective_from=at)
    return agreeing.make(Tier(name, rank, calendars.default()), draft, by=by or make.admin(), at=at)


def cover(
    agreement: Agreement, whom: Whom, priorities: tuple[int, ...] = (), *, at: datetime = LONG_AGO
) -> Cover:
    return agreeing.cover(agreement, whom, priorities, by=make.admin(), at=at)
