"""What the example company promises to whom: a tier for firms, and a quicker one for some of them (R-E7)."""

from datetime import datetime
from typing import Final

from otklik.accounts.models import User
from otklik.clients import tariffs
from otklik.clients.models import Organisation
from otklik.sla import agreeing, agreements, calendars
from otklik.sla.agreeing import Draft, Tier
from otklik.sla.terms import Kind, Terms
from otklik.sla.terms_money import Credits

MIN, H, DAY = 60, 3600, 12 * 3600  # a working day of the example has twelve hours
PRIORITIES: Final = ("urgent", "high", "normal", "low")
_Rows = dict[Kind, tuple[int, int, int, int]]
BUSINESS: Final[_Rows] = {
    "response": (30 * MIN, H, 2 * H, 4 * H), "next_reply": (H, 2 * H, 3 * H, 4 * H),
    "news": (2 * H, 4 * H, 4 * H, DAY), "resolution": (4 * H, DAY, 2 * DAY, 5 * DAY),
}  # fmt: skip
PREMIUM: Final[_Rows] = {
    "response": (15 * MIN, 30 * MIN, H, 2 * H), "next_reply": (30 * MIN, H, 2 * H, 3 * H),
    "news": (H, 2 * H, 2 * H, DAY), "resolution": (2 * H, 6 * H, DAY, 3 * DAY),
}  # fmt: skip
TIERS: Final = (("Бизнес", 2, BUSINESS, 99.9, 12_000), ("Премиум", 3, PREMIUM, 99.95, 36_000))
EVERY_PREMIUM = 5  # every fifth firm pays for it, the others have «Бизнес»


def sign(by: User, *, at: datetime) -> None:
    """Agreements and tariffs of the firms that are there."""
    agreements.default()
    given = []
    for name, rank, rows, percent, fee in TIERS:
        tariff = tariffs.make(name, by=by, at=at)
        tier = Tier(name, rank, calendars.default())
        signed = agreeing.make(tier, Draft(_terms(rows, percent, fee), at), by=by, at=at)
        agreeing.cover(signed, tariff, (), by=by, at=at)
        given.append(tariff)
    for place, firm in enumerate(Organisation.objects.order_by("pk")):
        tariffs.give(firm, given[place % EVERY_PREMIUM == 0], by=by, at=at)


def _terms(rows: _Rows, percent: float, fee: int) -> Terms:
    return Terms(
        targets={kind: dict(zip(PRIORITIES, row, strict=True)) for kind, row in rows.items()},
        levels={
            1: {"normal": 2 * H, "high": H, "urgent": 30 * MIN},
            2: {"normal": DAY, "high": 4 * H, "urgent": 2 * H},
        },
        availability={"percent": percent, "planned_min": 240, "notice_h": 24},
        penalties=((90.0, 5.0), (80.0, 10.0)),
        credits=Credits(steps=((percent, 10.0), (99.0, 30.0)), claim_windows=2),
        payment={"fee": float(fee), "per": "month"},
    )
