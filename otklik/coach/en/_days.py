"""Days that English words name: «tomorrow», «next Tuesday», «30 November», «end of the month». No clock inside."""

import re
from datetime import datetime, time, timedelta

_EARLY = 9  # before this hour «in the morning» is today's
LAST = time(23, 59, 59)
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "a couple of": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20,
    "twenty-four": 24, "thirty": 30, "forty": 40, "forty-five": 45, "forty-eight": 48, "sixty": 60, "ninety": 90,
}  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
MONTHS = (*_MONTH_NAMES, "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec")
_NOT_OF = r"(?<!of )(?<!from )(?<!dated )(?<!since )"
_DATE = re.compile(
    rf"{_NOT_OF}\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{'|'.join(MONTHS)})"
    rf"|(?P<month2>{'|'.join(MONTHS)}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?)\b(?:,? (?P<year>20\d\d))?"
)
_DAY_OF_MONTH = re.compile(
    r"\b(?:on|by|before|until|till) the (?P<day>\d{1,2})(?:st|nd|rd|th)\b(?! floor| line| page| item)"
)
_WEEKDAY = re.compile(
    rf"{_NOT_OF}\b(?:(?P<name>{'|'.join(_DAYS)})|"
    r"(?:on|by|before|until|till|next|this) (?P<short>mon|tues?|wed|thur?s?|fri|sat|sun))\b"
)
_NEXT_WORKING = re.compile(r"\b(?:the )?(?:next|following) (?:business|working|work) day\b")
_WORD = re.compile(
    r"\b(?:today|tonight|this (?:morning|afternoon|evening)|later on|(?:end|close|cob|eod)"
    r" of (?:the |my |our )?(?:business |working )?"
    r"(?:day|business|play|shift)|eod|cob|within the day|during the day|midnight)\b"
)
_MORNING = re.compile(r"\bin the morning\b|\bfirst thing\b(?! today)")
_ENDS = re.compile(
    r"\bend of (?:the |this )?(?P<next>next |following )?(?:(?:working|business) )?(?P<what>week|month|year)\b"
)
WEEK_ON = re.compile(
    r"\b(?:a week|one week) (?:from )?(?P<day>today|now|tomorrow)\b|\b(?:in a week|a week)'s time\b"
)


def day(said: str, now: datetime) -> datetime | None:
    """The day that the words name, with the clock time of `now`; None where they name none."""
    if date := _DATE.search(said):
        return _date(date, now)
    if number := _DAY_OF_MONTH.search(said):
        return _of_month(int(number["day"]), now)
    if tomorrow := re.search(r"\b(?P<after>day after )?tomorrow\b", said):
        return now + timedelta(days=2 if tomorrow["after"] else 1)
    return _by_name(said, now)


def _by_name(said: str, now: datetime) -> datetime | None:
    if _NEXT_WORKING.search(said):
        return working(now, 1)
    if ends := _ENDS.search(said):
        return _end(ends, now)
    if weekday := _WEEKDAY.search(said):
        return _weekday(weekday["name"] or weekday["short"], now)
    if _WORD.search(said):
        return now
    if _MORNING.search(said):
        return now if now.hour < _EARLY else now + timedelta(days=1)
    return None


def working(now: datetime, count: int) -> datetime:
    """The count-th working day after now; weekends off."""
    day = now
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _weekday(name: str, now: datetime) -> datetime:
    number = next(at for at, known in enumerate(_DAYS) if known[:3] == name[:3])
    return now + timedelta(days=(number - now.weekday() - 1) % 7 + 1)


def _end(ends: re.Match[str], now: datetime) -> datetime:
    later = bool(ends["next"])
    if ends["what"] == "week":
        return now + timedelta(days=6 - now.weekday() + 7 * later)
    if ends["what"] == "year":
        return now.replace(year=now.year + later, month=12, day=31)
    first = now.replace(day=1)
    for _ in range(1 + later):
        first = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first - timedelta(days=1)


def _date(date: re.Match[str], now: datetime) -> datetime | None:
    said = date["month"] or date["month2"]
    month = next(at for at, known in enumerate(_MONTH_NAMES, 1) if known[:3] == said[:3])
    number = int(date["day"] or date["day2"])
    try:
        that = now.replace(month=month, day=number)
        if date["year"]:
            return that.replace(year=int(date["year"]))
        return that if that.date() >= now.date() else that.replace(year=now.year + 1)
    except ValueError:
        return None


def _of_month(number: int, now: datetime) -> datetime | None:
    """«by the 14th»: of this month, or of the next where it is past."""
    for month in (now, now.replace(day=28) + timedelta(days=4)):
        try:
            that = month.replace(day=number)
        except ValueError:
            continue
        if that.date() >= now.date():
            return that
    return None
