"""When an English promise is due: «by 6 pm», «tomorrow», «within 3 business days» (table of the coach's data).

All moments are in the zone of `now`. No clock inside.
"""

import re
from datetime import datetime, time, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
}
_COUNT = rf"(?P<count>\d{{1,4}}|{'|'.join(_NUMBERS)})"
_SPAN = re.compile(
    rf"\b(?:within|in)(?: the next)? {_COUNT} (?P<kind>business |working )?(?P<unit>minute|hour|day|week)s?\b"
)
_CLOCK = re.compile(
    r"\b(?:by|at|before|until|till) (?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s?(?P<half>am|pm|a\.m|p\.m)?(?!\d)"
)
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{'|'.join(_MONTHS)})"
    rf"|(?P<month2>{'|'.join(_MONTHS)}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?)\b"
)
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(_DAYS)})\b")
_PART = {
    "morning": time(12),
    "noon": time(12),
    "afternoon": time(18),
    "evening": time(21),
    "tonight": time(23, 59, 59),
}
_LAST = time(23, 59, 59)
_HALF_HOUR = re.compile(r"\b(?:within|in) (?:half an hour|30 minutes)\b")


def names_a_time(lows: list[str]) -> bool:
    """Whether an exact term stands in these words, lower case."""
    said = " ".join(lows)
    return bool(
        _SPAN.search(said) or _CLOCK.search(said) or _DATE.search(said) or _WEEKDAY.search(said)
        or re.search(r"\b(?:today|tomorrow|tonight|noon|midnight)\b", said)
    )  # fmt: skip


def due(sentence: str, now: datetime) -> datetime | None:
    """The moment until which the sentence promises, None where it names none. now: aware."""
    said = " ".join(sentence.lower().split())
    if _HALF_HOUR.search(said):
        return now + timedelta(minutes=30)
    if span := _SPAN.search(said):
        return _after(span, now)
    day = _day(said, now)
    clock = _clock(said)
    if day is None:
        return _at(now, clock) if clock else None
    return _at(day, clock or _LAST)


def _after(span: re.Match[str], now: datetime) -> datetime:
    count = _NUMBERS.get(span["count"]) or int(span["count"])
    if not span["kind"]:
        return now + timedelta(**{f"{span['unit']}s": count})
    day = now
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return _at(day, _LAST)


def _day(said: str, now: datetime) -> datetime | None:
    if date := _DATE.search(said):
        return _date(date, now)
    if "day after tomorrow" in said:
        return now + timedelta(days=2)
    if "tomorrow" in said:
        return now + timedelta(days=1)
    if weekday := _WEEKDAY.search(said):
        ahead = (_DAYS.index(weekday[0]) - now.weekday() - 1) % 7 + 1
        return now + timedelta(days=ahead)
    if re.search(
        r"\b(?:today|tonight|this (?:morning|afternoon|evening)|end of (?:the )?(?:business )?day)\b", said
    ):
        return now
    if re.search(r"\bend of (?:the|this) month\b", said):
        return (now.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if re.search(r"\bend of (?:the|this) week\b", said):
        return now + timedelta(days=6 - now.weekday())
    return None


def _date(date: re.Match[str], now: datetime) -> datetime | None:
    month = _MONTHS.index(date["month"] or date["month2"]) + 1
    number = int(date["day"] or date["day2"])
    try:
        that = now.replace(month=month, day=number)
        return that if that.date() >= now.date() else that.replace(year=now.year + 1)
    except ValueError:
        return None


def _clock(said: str) -> time | None:
    if clock := _CLOCK.search(said):
        hour, minute = int(clock["hour"]), int(clock["minute"] or 0)
        half = (clock["half"] or "").replace(".", "")
        hour = hour % 12 + 12 * (half == "pm") if half else hour
        is_clock = (
            half or clock["minute"] or not re.match(r" (?:hours|days|minutes|\w+day)", said[clock.end() :])
        )
        if is_clock and hour < 24 and minute < 60 and not _names_a_month(said, clock.end()):
            return time(hour, minute)
    return next((moment for word, moment in _PART.items() if re.search(rf"\b{word}\b", said)), None)


def _names_a_month(said: str, at: int) -> bool:
    return bool(re.match(rf"(?:st|nd|rd|th)? (?:{'|'.join(_MONTHS)})", said[at:]))


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
