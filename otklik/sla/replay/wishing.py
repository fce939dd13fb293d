"""What is supposed otherwise: hours, targets, people; and terms and hours changed so. Pure but for a calendar's hours.

The JSON: {"hours": "" | "calendar" | "saturday" | "longer" | "always", "calendar": id, "since": "08:00",
"until": "22:00", "targets": {"response": {"urgent": 900}}, "more": 1, "follow": true}.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

from otklik.sla import _instants
from otklik.sla._times import Times
from otklik.sla.course import Policy, Rules
from otklik.sla.terms import Kind, Targets, Terms
from otklik.sla.worktime import Hours

Which: TypeAlias = Literal["", "calendar", "saturday", "longer", "always"]
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WORKDAYS: Final = ("fri", "thu", "wed", "tue", "mon")


@dataclass(frozen=True, slots=True)
class Wish:
    """Empty: all as it was. since, until: HH:MM of "longer"; more: people; follow: they work by the new hours."""

    hours: Which = ""
    calendar: int | None = None
    since: str = ""
    until: str = ""
    targets: Mapping[Kind, Targets] = field(default_factory=dict)
    more: int = 0
    follow: bool = False

    @property
    def moves_answers(self) -> bool:
        return self.more != 0 or (self.follow and bool(self.hours))

    def to_dict(self) -> dict[str, Any]:
        return {
            "hours": self.hours, "calendar": self.calendar, "since": self.since, "until": self.until,
            "targets": {kind: dict(one) for kind, one in self.targets.items()}, "more": self.more,
            "follow": self.follow,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Wish":
        return cls(**told)


def changed(policy: Policy, wish: Wish, calendar: Hours | None, at: datetime) -> Policy:
    """The same versions by other hours and targets. calendar: the hours of `wish.calendar`; at: whose hours count."""
    made: dict[Hours, Times] = {}
    return Policy(
        {
            pk: Rules(_terms(one.terms, wish), times(one.times, wish, calendar, at, made))
            for pk, one in policy.versions.items()
        },
        policy.levels,
    )


def _terms(terms: Terms, wish: Wish) -> Terms:
    if not wish.targets:
        return terms
    kinds = {
        **terms.targets,
        **{kind: {**terms.targets.get(kind, {}), **one} for kind, one in wish.targets.items()},
    }
    return replace(terms, targets=kinds)


def times(was: Times, wish: Wish, calendar: Hours | None, at: datetime, made: dict[Hours, Times]) -> Times:
    """The wished hours for all of history; without a wish those that were. made: what there is already, by hours."""
    if not wish.hours:
        return was
    hours = hours_of(was.hours_at(_instants.from_datetime(at)), wish, calendar)
    if hours not in made:
        made[hours] = Times(((BEGINNING, hours),))
    return made[hours]


def hours_of(was: Hours, wish: Wish, calendar: Hours | None) -> Hours:
    """Raises BadHours where the wish makes no calendar."""
    if wish.hours == "calendar" and calendar is not None:
        return calendar
    spec: dict[str, Any] = dict(was.to_dict())
    if wish.hours == "always":
        return Hours.from_dict({"tz": spec.get("tz", "UTC"), "always": True})
    if spec.get("always"):
        return was
    week = dict(spec["week"])
    if wish.hours == "saturday":
        usual: object = next((week[day] for day in _WORKDAYS if week.get(day)), [])
        spec["week"] = {**week, "sat": week.get("sat") or usual}
    elif wish.hours == "longer":
        shifts = [[wish.since, wish.until]]
        spec["week"] = {day: shifts for day, one in week.items() if one}
        spec["days"] = {day: shifts if one else [] for day, one in (spec.get("days") or {}).items()}
    return Hours.from_dict(spec)
