"""Why nobody works on a day, or works other hours, in words: «12 июня, День России», «выходные», «сокращённый день».

Names of Russian days off are our own, those of other countries come from the package `holidays`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from otklik.sla import countries, making, russia
from otklik.sla.worktime import Hours
from otklik.web import dates
from otklik.web.language import is_english

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAY: Final = timedelta(days=1)
_RUSSIAN: Final = {
    (1, 7): gettext_lazy("Рождество"), (2, 23): gettext_lazy("День защитника Отечества"),
    (3, 8): gettext_lazy("Международный женский день"), (5, 1): gettext_lazy("Праздник Весны и Труда"),
    (5, 9): gettext_lazy("День Победы"), (6, 12): gettext_lazy("День России"),
    (11, 4): gettext_lazy("День народного единства"),
}  # fmt: skip
_HOLIDAYS_END: Final = 8  # of January


@dataclass(frozen=True, slots=True)
class Closed:
    """Neighbouring days on which nobody works, for one reason. is_part: some hours of one day only."""

    since: datetime
    until: datetime
    words: str
    is_part: bool


def closed(since: datetime, until: datetime, hours: Hours, made_of: Mapping[str, Any]) -> list[Closed]:
    """A stretch without work, by the days of the calendar's zone and why each of them is free."""
    days = _days(since, until, hours, made_of)
    runs = [list(run) for _key, run in groupby(days, key=lambda one: (one.words, one.is_part))]
    return [Closed(run[0].since, run[-1].until, _plural(run), run[0].is_part) for run in runs]


def _days(since: datetime, until: datetime, hours: Hours, made_of: Mapping[str, Any]) -> Iterator[Closed]:
    zone = ZoneInfo(hours.rules.tz)
    begin, end = since.astimezone(zone), until.astimezone(zone)
    while begin < end:
        midnight = (begin + _DAY).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        last = min(midnight, end)
        words = _reason(begin.date(), hours, made_of)
        yield Closed(begin, last, words or _("вне рабочих часов"), not words)
        begin = last if last > begin else end


def _plural(run: list[Closed]) -> str:
    words = run[0].words
    return _("выходные") if words == _("выходной") and len(run) > 1 else words


def _reason(day: date, hours: Hours, made_of: Mapping[str, Any]) -> str:
    """Why the whole day is free; '' for a day with shifts."""
    rules, place = hours.rules, day.toordinal() - _EPOCH
    if place in rules.holidays:
        return _own(day, made_of) or holiday(day, str(made_of.get("country") or "")) or _("праздничный день")
    changed = dict(rules.days)
    if place in changed:
        return "" if changed[place] else _own(day, made_of) or _("выходной по календарю")
    return "" if rules.week[day.weekday()] else _("выходной")


def _own(day: date, made_of: Mapping[str, Any]) -> str:
    closed = (made_of.get("own") or {}).get(day.isoformat())
    return _("свой выходной компании") if closed == [] else ""


def unusual(day: date, hours: Hours, made_of: Mapping[str, Any]) -> str:
    """What is told of a working day with other hours than its weekday has; '' for a usual one."""
    if day.toordinal() - _EPOCH not in dict(hours.rules.days):
        return ""
    if day.isoformat() in (made_of.get("own") or {}):
        return _("свои часы на этот день")
    year = russia.years().get(day.year) if made_of.get("country") == making.RUSSIA else None
    if year and day in year.working_weekends:
        return _("рабочий выходной: день перенесли")
    return _("сокращённый день") if year and day in year.shortened else _("другие часы")


def holiday(day: date, country: str) -> str:
    """Its name, in the language of the page where it is known in it; '' for none."""
    if country == making.RUSSIA:
        return _russian(day)
    return _abroad(day, country, get_language() or "") if country in countries.CODES else ""


def _russian(day: date) -> str:
    year = russia.years().get(day.year)
    if year and day in year.moved:
        return _("выходной перенесли с %s") % dates.day_of_month(year.moved[day], day)
    if name := _RUSSIAN.get((day.month, day.day)):
        return str(name)
    return _("новогодние каникулы") if day.month == 1 and day.day <= _HOLIDAYS_END else ""


@lru_cache(maxsize=512)
def _abroad(day: date, country: str, language: str) -> str:
    return countries.name(country, day, "en_US" if is_english() else language)


def is_preliminary(year: int, made_of: Mapping[str, Any]) -> bool:
    """Whether the Russian production calendar of this year rests on the rule and on no published table yet."""
    known = russia.years().get(year) if made_of.get("country") == making.RUSSIA else None
    return known is not None and known.status == "предварительный"
