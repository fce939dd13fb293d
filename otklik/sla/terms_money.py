"""The part of an agreement's terms that is paid for: how availability is counted, what credits it gives. Pure.

    uptime   {"window": "month", "planned": "out", "begins": "monitor", "workaround": true, "service": "always",
              "except": ["client"]}
             window: what percent and credits are counted over; planned work is out of the base, up, or down;
             downtime begins by the monitor, by the client's report, or when the request was accepted; whether a
             workaround ends it; service: round the clock ("always") or by the agreement's calendar ("hours");
             except: causes of outages that don't count
    credits  {"kind": "ladder", "steps": [{"below": 99.9, "credit": 10}, …], "base": "fee", "sum": 0, "rate": 0,
              "rounding": "full", "least": 0, "cap": 100, "claim_windows": 0, "claim_days": 0}
             kind: by steps of percent; "per_hour": rate percent an hour; "days": rate days an hour; "flat": rate
             percent at once; the last three where availability is below the promised percent. base: the whole fee,
             the affected part of it, or a fixed `sum`. rounding of hours: full, exact, started. least: a credit of
             this sum or less is not given; cap: percent of the base; claim_…: to be asked for within so many
             windows and days after the window, 0 and 0: given without asking
    payment  {"fee": 0, "per": "month", "unit": 0, "by": "request", "included": 0}
             unit: the price of one solved request or worked hour beyond those that the fee includes

An older version has none of these keys: it reads as the values above, without credits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, get_args

from otklik.sla._reading import Reading
from otklik.sla._windows import WINDOWS, WindowKind

Planned: TypeAlias = Literal["out", "up", "down"]
Begins: TypeAlias = Literal["monitor", "report", "accepted"]
ServiceTime: TypeAlias = Literal["always", "hours"]
CreditKind: TypeAlias = Literal["ladder", "per_hour", "days", "flat"]
Base: TypeAlias = Literal["fee", "part", "sum"]
Rounding: TypeAlias = Literal["full", "exact", "started"]
Unit: TypeAlias = Literal["request", "hour"]
Steps: TypeAlias = tuple[
    tuple[float, float], ...
]  # below this percent, this credit in percent; the mildest first
PLANNED: Final[tuple[Planned, ...]] = get_args(Planned)
BEGINS: Final[tuple[Begins, ...]] = get_args(Begins)
SERVICE: Final[tuple[ServiceTime, ...]] = get_args(ServiceTime)
KINDS: Final[tuple[CreditKind, ...]] = get_args(CreditKind)
BASES: Final[tuple[Base, ...]] = get_args(Base)
ROUNDINGS: Final[tuple[Rounding, ...]] = get_args(Rounding)
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
CAUSES: Final = ("ours", "vendor", "client", "force")  # whose an outage is; the first one always counts
_UPTIME: Final = ("window", "planned", "begins", "workaround", "service", "except")
_CREDITS: Final = (
    "kind", "steps", "base", "sum", "rate", "rounding", "least", "cap", "claim_windows", "claim_days",
)  # fmt: skip
_PAYMENT: Final = ("fee", "per", "unit", "by", "included")
MOST_MONEY: Final = 1e12


@dataclass(frozen=True, slots=True)
class Uptime:
    """How availability is counted; the figures themselves stand in `Terms.availability`."""

    window: WindowKind = "month"
    planned: Planned = "out"
    begins: Begins = "monitor"
    workaround: bool = True
    service: ServiceTime = "always"
    excluded: frozenset[str] = frozenset({"client"})

    def to_dict(self) -> dict[str, Any]:
        return {
            "window": self.window, "planned": self.planned, "begins": self.begins, "workaround": self.workaround,
            "service": self.service, "except": sorted(self.excluded),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Credits:
    """What a broken promise of availability gives. Numbers as the JSON has them; sums are counted in Decimal."""

    kind: CreditKind = "ladder"
    steps: Steps = ()
    base: Base = "fee"
    sum: float = 0.0
    rate: float = 0.0
    rounding: Rounding = "full"
    least: float = 0.0
    cap: float = 100.0
    claim_windows: int = 0
    claim_days: int = 0

    def __bool__(self) -> bool:
        """Whether anything can be owed at all."""
        return bool(self.steps if self.kind == "ladder" else self.rate)

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "steps": [{"below": below, "credit": credit} for below, credit in self.steps],
            "base": self.base, "sum": self.sum, "rate": self.rate, "rounding": self.rounding, "least": self.least,
            "cap": self.cap, "claim_windows": self.claim_windows, "claim_days": self.claim_days,
        }  # fmt: skip


def uptime(reading: Reading, value: object) -> Uptime:
    found, usual = reading.fields("uptime", value, _UPTIME), Uptime()
    excluded = reading.names("uptime.except", found.get("except", sorted(usual.excluded)), CAUSES[1:])
    return Uptime(
        _one(reading, "uptime.window", found, WINDOWS),
        _one(reading, "uptime.planned", found, PLANNED),
        _one(reading, "uptime.begins", found, BEGINS),
        reading.yes("uptime.workaround", found.get("workaround", usual.workaround)),
        _one(reading, "uptime.service", found, SERVICE),
        frozenset(excluded),
    )


def credits_of(reading: Reading, value: object) -> Credits:
    found = reading.fields("credits", value, _CREDITS)
    kind = _one(reading, "credits.kind", found, KINDS)
    terms = Credits(
        kind, ladder(reading, "credits.steps", found.get("steps", [])),
        _one(reading, "credits.base", found, BASES),
        reading.number("credits.sum", found.get("sum", 0), 0, MOST_MONEY),
        reading.number("credits.rate", found.get("rate", 0), 0, 366 if kind == "days" else 100),
        _one(reading, "credits.rounding", found, ROUNDINGS),
        reading.number("credits.least", found.get("least", 0), 0, MOST_MONEY),
        reading.number("credits.cap", found.get("cap", 100), 0, 100),
        reading.whole("credits.claim_windows", found.get("claim_windows", 0), 0, 12),
        reading.whole("credits.claim_days", found.get("claim_days", 0), 0, 366),
    )  # fmt: skip
    if terms.base == "sum" and terms and not terms.sum:
        reading.fault("credits.sum", "впишите сумму, от которой считаем скидку")
    if terms.base == "sum" and terms.kind == "days":
        reading.fault("credits.base", "дни считаем от платы: у отдельной суммы дней нет")
    return terms


def ladder(reading: Reading, path: str, value: object) -> Steps:
    steps = []
    for place, one in enumerate(reading.items(path, value, 20)):
        here = f"{path}[{place}]"
        found = reading.fields(here, one, ("below", "credit"))
        below = reading.number(f"{here}.below", found.get("below"), 0, 100)
        steps.append((below, reading.number(f"{here}.credit", found.get("credit"), 0, 100)))
    return tuple(sorted(steps, reverse=True))


def payment(reading: Reading, value: object) -> dict[str, Any]:
    """As it was written: what was left out stays out."""
    found = reading.fields("payment", value, _PAYMENT)
    told: dict[str, Any] = {
        name: reading.number(f"payment.{name}", found[name], 0, MOST_MONEY)
        for name in ("fee", "unit", "included")
        if name in found
    }
    for name, known in (("per", WINDOWS), ("by", UNITS)):
        if name in found:
            told[name] = reading.name(f"payment.{name}", found[name], known)
    return told


def _one(reading: Reading, path: str, found: Mapping[str, Any], known: tuple[Any, ...]) -> Any:
    """Any: one of a Literal's names, the first one where none was told."""
    return reading.name(path, found.get(path.rpartition(".")[2], known[0]), known)
