"""A calendar's JSON made of what a person chose: a week, a country's days off, days of their own (R-E3). Pure.

made_of: {"tz", "always"?, "week", "country": "RU" | "KZ" | … | "", "own": {"2026-12-31": [["09:00", "15:00"]], …}}.
The Russian production calendar comes from our own data, other countries' days off from the package `holidays`.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from otklik.sla import countries, russia
from otklik.sla._errors import BadHours, Fault
from otklik.sla._spec import WEEKDAYS, Spec, read, write

RUSSIA = "RU"
AHEAD = 3  # years that the holidays of other countries are counted for
_DAY = timedelta(days=1)
Made = Mapping[str, Any]


def spec(made_of: Made, years: range | None = None) -> Spec:
    """The JSON of `worktime.Hours`. years: for countries other than Russia; none for Russia. Raises BadHours."""
    tz = str(made_of.get("tz") or "Europe/Moscow")
    if made_of.get("always"):
        return write(read({"tz": tz, "always": True}))
    week = made_of.get("week") or {}
    country = made_of.get("country") or ""
    if country == RUSSIA:
        base = russia.spec(week, tz)
    else:
        base = _abroad(write(read({"tz": tz, "week": week})), country, years or range(0))
    return _with_own(base, made_of.get("own") or {})


def from_spec(found: Mapping[str, Any]) -> dict[str, Any]:
    """What a calendar without such a record was made of, as far as its JSON tells."""
    week = found.get("week") or {}
    made: dict[str, Any] = {"tz": found.get("tz", "Europe/Moscow"), "always": bool(found.get("always"))}
    days, holidays = found.get("days") or {}, found.get("holidays") or []
    usual = russia.spec(week, made["tz"]) if week and holidays else None
    if usual and {*usual["holidays"]} <= {*holidays}:
        own: dict[str, Any] = {day: hours for day, hours in days.items() if usual["days"].get(day) != hours}
        own |= {day: [] for day in holidays if day not in usual["holidays"]}
        return {**made, "week": week, "country": RUSSIA, "own": own}
    return {**made, "week": week, "country": "", "own": {**days, **{day: [] for day in holidays}}}


def _abroad(base: Spec, country: str, years: range) -> Spec:
    if not country or not years:
        return base
    found = countries.of(country, years)
    working = {day.isoformat(): base["week"][name] for day, name in _exchanged(base, found)}
    return {**base, "holidays": sorted(day.isoformat() for day in found.off), "days": working}


def _exchanged(base: Spec, found: countries.Days) -> Iterator[tuple[date, str]]:
    """Weekend days that are worked, with the weekday whose hours they take: the nearest working one before."""
    for day in sorted(found.worked):
        if WEEKDAYS[day.weekday()] in base["week"]:
            continue
        before = (WEEKDAYS[(day - back * _DAY).weekday()] for back in range(1, 7))
        if taken := next((name for name in before if name in base["week"]), None):
            yield day, taken


def _with_own(base: Spec, own: Mapping[str, Any]) -> Spec:
    """A person's own days win over everybody's: [] closes the whole day, hours open it."""
    closed = {day for day, hours in own.items() if not hours}
    opened = {day: hours for day, hours in own.items() if hours}
    days = {day: hours for day, hours in base.get("days", {}).items() if day not in closed}
    made = {
        **base,
        "holidays": sorted({*base.get("holidays", ()), *closed} - {*opened}),
        "days": {**days, **opened},
    }
    try:
        return write(read(made))
    except BadHours as fault:
        raise BadHours([Fault(f"own: {one.path}", one.words) for one in fault.faults]) from fault
