"""Dates, times and lengths for people, in the language of the page (Django's active one).

Letters to clients take otklik.russian.dates: the company writes them. The functions are those of otklik.russian.dates;
English beside Russian is otklik.web.english. Every moment is aware; `tz` is the zone of the one who reads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from otklik import russian
from otklik.russian.dates import time
from otklik.web import english
from otklik.web.language import is_english

__all__ = ["age", "brief", "by", "day", "day_of_month", "full", "span", "time", "voice", "when"]


@dataclass(frozen=True, slots=True)
class Voice:
    """Some of these in one language, for a page that says many times: it looks once which language it speaks."""

    when: Callable[[datetime, datetime, tzinfo], str]
    full: Callable[[datetime, tzinfo], str]
    brief: Callable[[datetime, datetime, tzinfo], str]


def voice() -> Voice:
    spoken = english if is_english() else russian.dates
    return Voice(spoken.when, spoken.full, spoken.brief)


def day(value: date, today: date) -> str:
    """«сегодня», «21 ноября»; today, 21 November."""
    return english.day(value, today) if is_english() else russian.dates.day(value, today)


def day_of_month(value: date, today: date) -> str:
    """«21 ноября», never «сегодня»; 21 November."""
    return english.day_of_month(value, today) if is_english() else russian.dates.day_of_month(value, today)


def when(moment: datetime, now: datetime, tz: tzinfo) -> str:
    """«сегодня, 14:30», «21 ноября, сб, 14:30»; Sat, 21 November, 14:30."""
    return english.when(moment, now, tz) if is_english() else russian.dates.when(moment, now, tz)


def by(moment: datetime, now: datetime, tz: tzinfo) -> str:
    """A due time as it is told: «сегодня до 18:00»; today by 18:00."""
    return english.by(moment, now, tz) if is_english() else russian.dates.by(moment, now, tz)


def brief(moment: datetime, now: datetime, tz: tzinfo) -> str:
    """For a row of a list: «12:51», «вчера», «18 ноября»; yesterday, 18 Nov."""
    return english.brief(moment, now, tz) if is_english() else russian.dates.brief(moment, now, tz)


def full(moment: datetime, tz: tzinfo) -> str:
    """«20 ноября 2026, пятница, 9:40»; Friday, 20 November 2026, 9:40."""
    return english.full(moment, tz) if is_english() else russian.dates.full(moment, tz)


def span(length: timedelta) -> str:
    """«1 ч 50 мин», «2 дня»; 1 h 50 min, 2 days."""
    return english.span(length) if is_english() else russian.dates.span(length)


def age(moment: datetime, now: datetime) -> str:
    """«3 дня назад»; 3 days ago."""
    return english.age(moment, now) if is_english() else russian.dates.age(moment, now)
