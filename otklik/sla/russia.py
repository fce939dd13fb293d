"""The Russian five-day production calendar as holidays and days of `Hours` (R-E3). Pure.

Data: data/ru_production_calendar.json, with its source, licence and version inside. Days off that are moved, working
Saturdays and days shortened by an hour (Labour Code art. 95, 112) are in it; the presidential non-working days of
2020 and 2021 count only when asked for, since a service desk may have worked.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from otklik.sla._errors import BadCall
from otklik.sla._spec import Shift, Shifts, ShiftsJson, Spec, read, shifts_json, write
from otklik.sla.worktime import Hours

__all__ = ["SHORTER_BY", "Year", "hours", "spec", "version", "years"]

SHORTER_BY = 60  # minutes
Week = Mapping[str, Sequence[Sequence[str]]]
Status = Literal["утверждён", "предварительный"]


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the calendar; `source` names the acts and tables it comes from.

    status: «утверждён», or «предварительный» while the shortened days rest on the rule and on no published table.
    working_days, hours40: the norm of a 40-hour week.
    """

    status: Status
    days_off: tuple[date, ...]
    working_weekends: tuple[date, ...]
    shortened: tuple[date, ...]
    decree_days_off: tuple[date, ...]
    moved: Mapping[date, date]  # day off → the date it was moved from
    working_days: int
    hours40: int
    source: str


def version() -> str:
    """The version of the data: the date on which it was compiled."""
    return str(_file()["version"])


@cache
def years() -> Mapping[int, Year]:
    """All years of the data."""
    return {int(year): _year(block) for year, block in _file()["years"].items()}


def spec(
    week: Week, tz: str = "Europe/Moscow", years: Iterable[int] | None = None, *, decree_days: bool = False
) -> Spec:
    """The JSON of a calendar: `week` with the official days off, working Saturdays and shortened days of `years`.

    years: all that the data holds if None. A working Saturday has the shifts of the weekday it was exchanged for,
    unless the week has shifts on it anyway.
    Raises BadHours for a bad week or zone, BadCall for a year that the data does not hold.
    """
    rules = read({"tz": tz, "week": week})
    holidays: list[str] = []
    days: dict[str, ShiftsJson] = {}
    for year in _chosen(years):
        holidays += [day.isoformat() for day in year.days_off]
        if decree_days:
            holidays += [day.isoformat() for day in year.decree_days_off]
        for day in sorted({*year.working_weekends, *year.shortened} - _lost(year, decree_days)):
            days[day.isoformat()] = shifts_json(_worked(day, year, rules.week))
    return {**write(rules), "holidays": sorted(set(holidays)), "days": days}


def hours(
    week: Week, tz: str = "Europe/Moscow", years: Iterable[int] | None = None, *, decree_days: bool = False
) -> Hours:
    """`spec` read into Hours; `hours(…).to_dict()` is what a calendar stores."""
    return Hours.from_dict(spec(week, tz, years, decree_days=decree_days))


def _lost(year: Year, decree_days: bool) -> set[date]:
    return set(year.decree_days_off) if decree_days else set()


def _worked(day: date, year: Year, week: tuple[Shifts, ...]) -> Shifts:
    """The shifts of a day; a weekend that the week leaves free has those of the day it was exchanged for."""
    exchanged = {was: free for free, was in year.moved.items()}
    shifts = week[day.weekday()] or week[exchanged.get(day, day).weekday()]
    return _shorter(shifts) if day in year.shortened else shifts


def _shorter(shifts: Shifts) -> Shifts:
    """The day without its last hour of work."""
    left, kept = SHORTER_BY, list[Shift]()
    for start, end in sorted(shifts, reverse=True):
        cut = min(left, end - start)
        left -= cut
        if start < end - cut:
            kept.append((start, end - cut))
    return tuple(reversed(kept))


def _chosen(wanted: Iterable[int] | None) -> list[Year]:
    known = years()
    chosen = sorted(set(known if wanted is None else wanted))
    missing = [str(year) for year in chosen if year not in known]
    if missing:
        raise BadCall(
            f"производственного календаря на {', '.join(missing)} здесь нет, есть {min(known)}–{max(known)}"
        )
    return [known[year] for year in chosen]


@cache
def _file() -> Any:  # JSON of our own; its shape is told inside and given by `_year`
    return json.loads(files(__package__).joinpath("data/ru_production_calendar.json").read_text("utf-8"))


def _year(block: Any) -> Year:  # JSON, as above
    return Year(
        status=block["status"],
        days_off=_dates(block["nonworking"]),
        working_weekends=_dates(block["working_weekends"]),
        shortened=_dates(block["shortened"]),
        decree_days_off=_dates(block["decree_nonworking"]),
        moved={date.fromisoformat(free): date.fromisoformat(was) for free, was in block["moved"].items()},
        working_days=block["working_days"],
        hours40=block["hours40"],
        source=block["source"],
    )


def _dates(texts: list[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)
