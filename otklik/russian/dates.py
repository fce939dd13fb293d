"""Dates and times as they are said. Every moment is aware; `tz` is the zone of the one who reads."""

from datetime import date, datetime, timedelta, tzinfo

from otklik.russian.plurals import plural
from otklik.russian.typography import NBSP

MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
MONTH_NAMES = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
ON_WEEKDAY = (
    "в понедельник",
    "во вторник",
    "в среду",
    "в четверг",
    "в пятницу",
    "в субботу",
    "в воскресенье",
)
SHORT_WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
_NEAR = {0: "сегодня", 1: "завтра", -1: "вчера"}


def time(moment: datetime, tz: tzinfo) -> str:
    """«9:41», «14:30»."""
    local = moment.astimezone(tz)
    return f"{local.hour}:{local.minute:02}"


def day_of_month(value: date, today: date) -> str:
    """«21 ноября», in another year «21 ноября 2025 года»."""
    plain = f"{value.day}{NBSP}{MONTHS[value.month - 1]}"
    return plain if value.year == today.year else f"{plain} {value.year}{NBSP}года"


def day(value: date, today: date) -> str:
    """«сегодня», «завтра», «вчера», «21 ноября», in another year «21 ноября 2025 года»."""
    return _NEAR.get((value - today).days) or day_of_month(value, today)


def when(moment: datetime, now: datetime, tz: tzinfo) -> str:
    """«сегодня, 14:30», «21 ноября, сб, 14:30», «21 ноября 2025 года, 14:30»."""
    local, today = moment.astimezone(tz), now.astimezone(tz).date()
    far = abs((local.date() - today).days) > 1 and local.year == today.year
    weekday = f", {SHORT_WEEKDAYS[local.weekday()]}" if far else ""
    return f"{day(local.date(), today)}{weekday}, {time(local, tz)}"


def by(moment: datetime, now: datetime, tz: tzinfo) -> str:
    """A due time as it is told: «сегодня до 18:00», «завтра до 12:00», «в понедельник, 23 ноября, до 12:00»."""
    local, today = moment.astimezone(tz), now.astimezone(tz).date()
    said = day(local.date(), today)
    until = f"до{NBSP}{time(local, tz)}"
    if (local.date() - today).days in _NEAR:
        return f"{said} {until}"
    return f"{ON_WEEKDAY[local.weekday()]}, {said}, {until}"


def brief(moment: datetime, now: datetime, tz: tzinfo) -> str:
    """For a row of a list: «12:51», «вчера», «18 ноября», «18.11.2025»."""
    local, today = moment.astimezone(tz), now.astimezone(tz).date()
    if local.date() == today:
        return time(local, tz)
    if local.year != today.year and abs((local.date() - today).days) > 1:
        return f"{local.day}.{local.month:02}.{local.year}"
    return day(local.date(), today)


def full(moment: datetime, tz: tzinfo) -> str:
    """«20 ноября 2026, пятница, 9:40»."""
    local = moment.astimezone(tz)
    weekday = WEEKDAYS[local.weekday()]
    return f"{local.day}{NBSP}{MONTHS[local.month - 1]} {local.year}, {weekday}, {time(local, tz)}"


def span(length: timedelta) -> str:
    """A length rounded down: «25 мин», «1 ч 50 мин», «2 дня»; under a minute «меньше минуты»."""
    minutes = int(abs(length).total_seconds()) // 60
    if minutes == 0:
        return "меньше минуты"
    if minutes < 60:
        return f"{minutes}{NBSP}мин"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        tail = f" {rest}{NBSP}мин" if rest else ""
        return f"{hours}{NBSP}ч{tail}"
    return plural(hours // 24, "день", "дня", "дней")


def age(moment: datetime, now: datetime) -> str:
    """«только что», «1 ч 35 мин назад», «3 дня назад»."""
    passed = now - moment
    return "только что" if passed < timedelta(minutes=1) else f"{span(passed)} назад"
