"""The terms of an agreement: every parameter a number (R-E1, R-E2, seed 001). Pure: JSON in, checked values out.

The JSON (all times in working seconds of the agreement's calendar unless the name says else):
    targets     {"response": {"urgent": 900, …}, "next_reply": …, "news": …, "resolution": …, "vendor": …}
    levels      {"1": {"urgent": 3600, …}, …} how long each level may hold a request; none: no such clock
    handovers   {"2": {"urgent": 3600, …}, …} handed over to this level, the client hears of us within this (ruling.py)
    pauses      {"resolution": ["client"], "level": ["client", "vendor"], …} what a kind of clock doesn't count
    warn_at     [50, 75, 90] shares of a target, in percent, at which somebody is told
    urgent      ["urgent"] priorities whose warnings come at night too
    grace_s     a due time that a raised priority moved into the past is not earlier than now + this; 0: no grace
    reopen_days within them a client's word goes on with the same clocks
    margin      percent of a target kept back from what the client is told
    share       percent of clocks to be kept, of at least `sample` in a month
    availability {"percent": 99.9, "planned_min": 240, "notice_h": 24, "recovery_min": 60, "restore_point_min": 60}
    penalties   [{"below": 95, "credit": 10}, …] by the share of clocks that were met, percent of the fee; cap: 100
    uptime, credits, payment  how availability is counted, what it gives, what is paid: sla/terms_money.py
    words       R-E1 in words: {"use": …, "ours": …, "theirs": …, "control", "report", "recovery", "demands"}
    until       "2027-12-31" or null
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, TypeAlias, get_args

from otklik.sla import terms_money
from otklik.sla._errors import Fault
from otklik.sla._reading import Reading
from otklik.sla.terms_money import Credits, Steps, Uptime

Kind: TypeAlias = Literal["response", "next_reply", "news", "resolution", "level", "vendor"]
Reason: TypeAlias = Literal["client", "vendor"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
TARGETED: Final[tuple[Kind, ...]] = ("response", "next_reply", "news", "resolution", "vendor")
_INSTEAD: Final[tuple[Kind, ...]] = ("news", "next_reply", "response")  # what a client is told instead
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
PRIORITIES: Final = ("low", "normal", "high", "urgent")  # by the number of desk.Ticket.Priority
LEVELS: Final = (1, 2, 3, 4)
WORDS: Final = ("use", "ours", "theirs", "control", "report", "recovery", "demands")
USUAL_PAUSES: Final[Mapping[Kind, frozenset[Reason]]] = {
    "response": frozenset(), "next_reply": frozenset(), "news": frozenset({"client"}),
    "resolution": frozenset({"client"}), "level": frozenset({"client", "vendor"}), "vendor": frozenset(),
}  # fmt: skip
LONGEST_S: Final = 366 * 24 * 3600
_KEYS: Final = (
    "targets", "levels", "handovers", "pauses", "warn_at", "urgent", "grace_s", "reopen_days", "margin", "share",
    "sample", "availability", "penalties", "cap", "uptime", "credits", "payment", "words", "until",
)  # fmt: skip
_AVAILABILITY: Final = ("percent", "planned_min", "notice_h", "recovery_min", "restore_point_min")


class BadTerms(ValueError):
    """Terms that cannot be read. `faults` holds all of them, not only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(one) for one in faults[:20]))


Targets: TypeAlias = Mapping[str, int]  # working seconds by the name of a priority


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms that passed all checks; `to_dict` gives the JSON back."""

    targets: Mapping[Kind, Targets] = field(default_factory=dict)
    levels: Mapping[int, Targets] = field(default_factory=dict)
    handovers: Mapping[int, Targets] = field(default_factory=dict)
    pauses: Mapping[Kind, frozenset[Reason]] = field(default_factory=lambda: USUAL_PAUSES)
    warn_at: tuple[int, ...] = (50, 75, 90)
    urgent: frozenset[str] = frozenset({"urgent"})
    grace_s: int = 0
    reopen_days: int = 7
    margin: int = 0
    share: float = 90.0
    sample: int = 20
    availability: Mapping[str, float] = field(default_factory=dict)
    penalties: Steps = ()  # by the share of clocks that were met
    cap: float = 100.0
    uptime: Uptime = field(default_factory=Uptime)
    credits: Credits = field(default_factory=Credits)
    payment: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    until: date | None = None

    def target(self, kind: Kind, priority: int, level: int | None = None) -> int | None:
        """Working seconds, or None where nothing is promised. priority: of desk.Ticket; level: of LEVEL's team."""
        by_priority = self.levels.get(level or 0, {}) if kind == "level" else self.targets.get(kind, {})
        return by_priority.get(PRIORITIES[priority])

    def told(self, kind: Kind, priority: int) -> float | None:
        """Working seconds that the client is told: the target less the margin.

        A kind that promises nothing gives way to the next best; None where none of these promises anything.
        """
        goals = (self.target(one, priority) for one in _INSTEAD[_INSTEAD.index(kind) :])
        goal = next(filter(None, goals), None)
        return None if goal is None else goal * (100 - self.margin) / 100

    def is_paused(self, kind: Kind, reason: Reason) -> bool:
        return reason in self.pauses.get(kind, USUAL_PAUSES[kind])

    @classmethod
    def from_dict(cls, spec: object) -> "Terms":
        """Raises BadTerms with every fault."""
        reader = _Reader()
        terms = reader.terms(spec)
        if reader.faults:
            raise BadTerms(reader.faults)
        return terms

    def to_dict(self) -> dict[str, Any]:
        return {
            "targets": {kind: dict(one) for kind, one in self.targets.items()},
            "levels": {str(level): dict(one) for level, one in self.levels.items()},
            "handovers": {str(level): dict(one) for level, one in self.handovers.items()},
            "pauses": {kind: sorted(reasons) for kind, reasons in self.pauses.items()},
            "warn_at": list(self.warn_at), "urgent": sorted(self.urgent), "grace_s": self.grace_s,
            "reopen_days": self.reopen_days, "margin": self.margin, "share": self.share, "sample": self.sample,
            "availability": dict(self.availability),
            "penalties": [{"below": below, "credit": credit} for below, credit in self.penalties],
            "cap": self.cap, "uptime": self.uptime.to_dict(), "credits": self.credits.to_dict(),
            "payment": dict(self.payment), "words": dict(self.words),
            "until": self.until.isoformat() if self.until else None,
        }  # fmt: skip


class _Reader(Reading):
    """Collects what is wrong instead of stopping at the first."""

    def terms(self, spec: object) -> Terms:
        found = self.fields("", spec, _KEYS)
        targets = {kind: one for kind, one in self._by_kind(found.get("targets", {})).items() if one}
        terms = Terms(
            targets=targets,
            levels=self._levels("levels", found.get("levels", {})),
            handovers=self._levels("handovers", found.get("handovers", {})),
            pauses=self._pauses(found.get("pauses", {})),
            warn_at=self._warnings(found.get("warn_at", [50, 75, 90])),
            urgent=frozenset(self.names("urgent", found.get("urgent", ["urgent"]), PRIORITIES)),
            grace_s=self.whole("grace_s", found.get("grace_s", 0), 0, LONGEST_S),
            reopen_days=self.whole("reopen_days", found.get("reopen_days", 7), 0, 365),
            margin=self.whole("margin", found.get("margin", 0), 0, 90),
            share=self.number("share", found.get("share", 90.0), 0, 100),
            sample=self.whole("sample", found.get("sample", 20), 1, 1_000_000),
            availability=self._availability(found.get("availability", {})),
            penalties=terms_money.ladder(self, "penalties", found.get("penalties", [])),
            cap=self.number("cap", found.get("cap", 100.0), 0, 100),
            uptime=terms_money.uptime(self, found.get("uptime", {})),
            credits=terms_money.credits_of(self, found.get("credits", {})),
            payment=terms_money.payment(self, found.get("payment", {})),
            words=self._words(found.get("words", {})),
            until=self.day("until", found.get("until")),
        )
        self._refuse_early_resolution(targets)
        return terms

    def _refuse_early_resolution(self, targets: Mapping[Kind, Targets]) -> None:
        """Nobody resolves before they answer (notes: validate response ≤ resolution)."""
        for priority, resolution in targets.get("resolution", {}).items():
            if targets.get("response", {}).get(priority, 0) > resolution:
                self.fault(
                    f"targets.resolution.{priority}", "решение не может быть обещано раньше первого ответа"
                )

    def _by_kind(self, value: object) -> dict[Kind, Targets]:
        found = self.fields("targets", value, TARGETED)
        return {kind: self._targets(f"targets.{kind}", found[kind]) for kind in TARGETED if kind in found}

    def _levels(self, path: str, value: object) -> dict[int, Targets]:
        found = self.fields(path, value, tuple(map(str, LEVELS)))
        return {
            level: self._targets(f"{path}.{level}", found[str(level)])
            for level in LEVELS
            if str(level) in found
        }

    def _targets(self, path: str, value: object) -> Targets:
        found = self.fields(path, value, PRIORITIES)
        return {name: self.whole(f"{path}.{name}", one, 60, LONGEST_S) for name, one in found.items()}

    def _pauses(self, value: object) -> dict[Kind, frozenset[Reason]]:
        found = self.fields("pauses", value, KINDS)
        told: dict[Kind, frozenset[Reason]] = {
            kind: frozenset(
                one for one in REASONS if one in self.names(f"pauses.{kind}", found[kind], REASONS)
            )
            for kind in KINDS
            if kind in found
        }
        return {**USUAL_PAUSES, **told}

    def _warnings(self, value: object) -> tuple[int, ...]:
        shares = [self.whole("warn_at", one, 1, 99) for one in self.items("warn_at", value, 5)]
        return tuple(sorted(set(shares)))

    def _availability(self, value: object) -> dict[str, float]:
        found = self.fields("availability", value, _AVAILABILITY)
        most = {"percent": 100.0}
        return {
            name: self.number(f"availability.{name}", one, 0, most.get(name, 1e6))
            for name, one in found.items()
        }

    def _words(self, value: object) -> dict[str, str]:
        found = self.fields("words", value, WORDS)
        for name, one in found.items():
            if not isinstance(one, str) or len(one) > 5000:
                self.fault(f"words.{name}", "нужен текст до 5000 знаков")
        return {name: one.strip() for name, one in found.items() if isinstance(one, str)}
