"""Dates and times as they are said in English: the twin of otklik.russian.dates, function by function.

Pure: values in, values out. Every moment is aware; `tz` is the zone of the one who reads. The clock has 24 hours in
both languages and the day stands before the month, so that colleagues of two languages name one time alike.
"""

from datetime import date, datetime, timedelta, tzinfo

from otklik.russian.dates import time
from otklik.russian.typography import NBSP

__all__ = ["age", "brief", "by", "day", "day_of_month", "full", "span", "time", "when"]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NEAR = {0: "today", 1: "tomorrow", -1: "yesterday"}


def day_of_month(value: date, today: date) -> str:
    """«21 November», in another year «21 November 2025»."""
    plain = f"{value.day}{NBSP}{_MONTHS[value.month - 1]}"
    return plain if value.year == today.year else f"{plain} {value.year}"


def day(value: date, today: date) -> str:
    """«today», «tomorrow», «yesterday», «21 November», in another year «21 November 2025»."""
    return _NEAR.get((value - today).days) or day_of_month(value, today)


def when(moment: datetime, now: datetime, tz: tzinfo) -> str:
    """«today, 14:30», «Sat, 21 November, 14:30», «21 November 2025, 14:30»."""
    local, today = moment.astimezone(tz), now.astimezone(tz).date()
    far = abs((local.date() - today).days) > 1 and local.year == today.year
    weekday = f"{_WEEKDAYS[local.weekday()][:3]}, " if far else ""
    return f"{weekday}{day(local.date(), today)}, {time(local, tz)}"


def by(moment: datetime, now: datetime, tz: tzinfo) -> str:
    """A due time as it is told: «today by 18:00», «tomorrow by 12:00», «on Monday, 23 November, by 12:00»."""
    local, today = moment.astimezone(tz), now.astimezone(tz).date()
    said = day(local.date(), today)
    until = f"by{NBSP}{time(local, tz)}"
    if (local.date() - today).days in _NEAR:
        return f"{said} {until}"
    return f"on {_WEEKDAYS[local.weekday()]}, {said}, {until}"


def brief(moment: datetime, now: datetime, tz: tzinfo) -> str:
    """For a row of a list: «12:51», «yesterday», «18 Nov», «18 Nov 2025»."""
    local, today = moment.astimezone(tz), now.astimezone(tz).date()
    if local.date() == today:
        return time(local, tz)
    near = _NEAR.get((local.date() - today).days)
    if near:
        return near
    plain = f"{local.day}{NBSP}{_MONTHS[local.month - 1][:3]}"
    return plain if local.year == today.year else f"{plain}{NBSP}{local.year}"


def full(moment: datetime, tz: tzinfo) -> str:
    """«Friday, 20 November 2026, 9:40»."""
    local = moment.astimezone(tz)
    weekday, month = _WEEKDAYS[local.weekday()], _MONTHS[local.month - 1]
    return f"{weekday}, {local.day}{NBSP}{month} {local.year}, {time(local, tz)}"


def span(length: timedelta) -> str:
    """A length rounded down: «25 min», «1 h 50 min», «2 days»; under a minute «less than a minute»."""
    minutes = int(abs(length).total_seconds()) // 60
    if minutes == 0:
        return "less than a minute"
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        tail = f" {rest}{NBSP}min" if rest else ""
        return f"{hours}{NBSP}h{tail}"
    return f"{hours // 24}{NBSP}{'day' if hours // 24 == 1 else 'days'}"


def age(moment: datetime, now: datetime) -> str:
    """«just now», «1 h 35 min ago», «3 days ago»."""
    passed = now - moment
    return "just now" if passed < timedelta(minutes=1) else f"{span(passed)} ago"
