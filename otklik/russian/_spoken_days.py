"""Days, clocks and lengths of time as values, and the moment that they make. No words here."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

Works = Callable[[date], bool]
DayOf = Callable[[date, Works], date | None]
Part = Literal["morning", "dinner", "afternoon", "evening", "night", "end"]
_ENDS: dict[Part, time] = {
    "morning": time(12),
    "dinner": time(13),
    "afternoon": time(18),
    "evening": time(21),
    "end": time(23, 59, 59),
}
_FAR = 3660  # days: a calendar without working days must not turn for ever


@dataclass(frozen=True, slots=True)
class Day:
    """A civil day, the last one where several are meant. `until`: what «до» and «к» make of it, where it differs.

    rank: of two names for one day the surer is kept: a date 3, «завтра» 2, a weekday 1, a period 0.
    """

    on: DayOf
    until: DayOf | None = None
    rank: int = 3


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. loose: said without «утра» or «вечера», so that three may be 15:00."""

    hour: int  # 0–24
    minute: int = 0
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Length:
    """An amount of time; amount is None for «несколько»."""

    amount: float | None
    unit: str
    working: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What one phrase names. role: how it is tied to the deed (see `spoken.Role`)."""

    role: str
    day: Day | None = None
    part: Part | None = None
    clock: Clock | None = None
    length: Length | None = None
    unknown: bool = False  # counted from an event that nobody here knows, or no figure at all


def moment(said: Said, now: datetime, works: Works) -> datetime | None:
    """The due moment in the zone of `now`; None where the words don't tell it."""
    try:
        return None if said.unknown else _moment(said, now, works)
    except OverflowError:  # «через 9000 лет»
        return None


def _moment(said: Said, now: datetime, works: Works) -> datetime | None:
    if said.length and (said.length.amount is None or not (said.day or said.clock or said.part)):
        return _after(said.length, now, works)
    day = _day(said, now, works)
    if day is None:
        return None
    if said.clock and said.role != "after":
        return _at_clock(said, said.clock, day, now)
    if said.part:
        return _at_part(said, said.part, day, now)
    return datetime.combine(day, time(23, 59, 59), now.tzinfo)


def _day(said: Said, now: datetime, works: Works) -> date | None:
    today = now.date()
    if said.day:
        find = said.day.until if said.role == "by" and said.day.until else said.day.on
        return find(today, works)
    if said.length:
        later = _after(said.length, now, works)
        return later.date() if later else None
    return today


def _at_clock(said: Said, clock: Clock, day: date, now: datetime) -> datetime:
    hour = _hour(clock, said.part)
    at = datetime.combine(day, time(hour % 24, clock.minute), now.tzinfo) + timedelta(days=hour // 24)
    if said.day or said.length or at > now:
        return at
    evening = at + timedelta(hours=12)
    if clock.loose and said.part is None and hour < 12 and evening > now:
        return evening
    return at + timedelta(days=1)


def _hour(clock: Clock, part: Part | None) -> int:
    if part in {"evening", "afternoon"} and clock.hour < 12:
        return clock.hour + 12
    return clock.hour + 12 if clock.loose and part is None and 1 <= clock.hour <= 7 else clock.hour


def _at_part(said: Said, part: Part, day: date, now: datetime) -> datetime:
    if part == "night":  # the night after that day
        return datetime.combine(day, time(6), now.tzinfo) + timedelta(days=1)
    at = datetime.combine(day, _ENDS[part], now.tzinfo)
    return at if said.day or said.length or at > now else at + timedelta(days=1)


def _after(length: Length, now: datetime, works: Works) -> datetime | None:
    amount, unit = length.amount, length.unit
    if amount is None:
        return None
    if length.working and unit in {"day", "full day", "week"}:
        days = round(amount * (5 if unit == "week" else 1))
        last = nth_working(now.date(), days, works)
        return datetime.combine(last, time(23, 59, 59), now.tzinfo) if last else None
    seconds = {"second": 1, "minute": 60, "hour": 3600, "full day": 86400}.get(unit)
    if seconds:
        return (now.astimezone(UTC) + timedelta(seconds=amount * seconds)).astimezone(now.tzinfo)
    if unit in {"month", "year"} and amount == int(amount):
        return datetime.combine(
            months_later(now.date(), int(amount) * (12 if unit == "year" else 1)), now.time(), now.tzinfo
        )
    return now + timedelta(days=amount * {"day": 1, "week": 7, "month": 30, "year": 365}[unit])


def nth_working(today: date, number: int, works: Works) -> date | None:
    """The `number`-th day on which one works, the day after `today` being the first that may count."""
    day, left = today, number
    for _ in range(_FAR):
        if left <= 0:
            return day
        day += timedelta(days=1)
        left -= works(day)
    return None


def months_later(day: date, months: int) -> date:
    """The same number in a later month, its last day where it has no such number."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        raise OverflowError(year)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def in_days(days: int) -> Day:
    return Day(lambda today, _: today + timedelta(days=days), rank=2)


def next_working_day() -> Day:
    return Day(lambda today, works: nth_working(today, 1, works), rank=2)


def weekday(number: int) -> Day:
    """The next such day after today: said on a Friday, «в пятницу» is in a week."""
    return Day(lambda today, _: today + timedelta(days=(number - today.weekday() - 1) % 7 + 1), rank=1)


def weekday_of_week(number: int, weeks: int) -> Day:
    """The day of this week (weeks=0) or of a later one."""
    return Day(lambda today, _: today + timedelta(days=number - today.weekday() + 7 * weeks), rank=1)


def number_of_month(number: int) -> Day:
    """«до 25 числа»: the next such day, today included."""

    def find(today: date, _: Works) -> date | None:
        for month in range(13):
            first = months_later(today.replace(day=1), month)
            last = calendar.monthrange(first.year, first.month)[1]
            if number <= last and first.replace(day=number) >= today:
                return first.replace(day=number)
        return None

    return Day(find)


def calendar_day(number: int, month: int, year: int | None = None) -> Day | None:
    """A date; without a year the next such one, today included. None where no year has it."""
    if not 1 <= month <= 12 or not 1 <= number <= (29 if month == 2 else calendar.monthrange(2025, month)[1]):
        return None

    def find(today: date, _: Works) -> date | None:
        years = [year] if year else range(today.year, min(today.year + 9, date.max.year + 1))
        for one in years:
            if number <= calendar.monthrange(one, month)[1]:
                found = date(one, month, number)
                if year or found >= today:
                    return found
        return None

    return Day(find)


@dataclass(frozen=True, slots=True)
class Period:
    """A week, month, quarter, half or year; `shift` 1 is the next one; month: a named month."""

    unit: str
    shift: int = 0
    month: int = 0
    working: bool = False

    def ends(self, today: date) -> tuple[date, date]:
        """Its first and last day."""
        if self.month:
            year = today.year + (self.month < today.month)
            return date(year, self.month, 1), _last(year, self.month)
        if self.unit == "week":
            monday = today + timedelta(days=7 * self.shift - today.weekday())
            return monday, monday + timedelta(days=4 if self.working else 6)
        if self.unit == "day":
            return today + timedelta(days=self.shift), today + timedelta(days=self.shift)
        months = {"month": 1, "quarter": 3, "half": 6, "year": 12}[self.unit]
        begun = today.replace(day=1, month=(today.month - 1) // months * months + 1)
        first = months_later(begun, months * self.shift)
        last = months_later(first, months - 1)
        return first, _last(last.year, last.month)

    def day(self, edge: str) -> Day:
        """Its last day, or the last day of its beginning or middle; «до декабря» is the day before it begins."""
        inside = {"begin": 1 / 3, "middle": 2 / 3}.get(edge, 1.0)

        def on(today: date, _: Works) -> date:
            first, last = self.ends(today)
            if self.unit == "week" and inside < 1:
                return first + timedelta(days=1 if edge == "begin" else 2)
            return first + timedelta(days=round((last - first).days * inside))

        before = edge in {"", "begin"} and (self.month or self.shift)
        return Day(on, (lambda today, _: self.ends(today)[0] - timedelta(days=1)) if before else None, 0)


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def later_end(first: Clock, last: Clock) -> Clock:
    """The end of a window: «с 9 до 6» ends at 18:00, «с 22 до 8» on the next day."""
    if last.loose or last.hour > first.hour or (last.hour == first.hour and last.minute > first.minute):
        return last
    hour = last.hour + 12 if last.hour <= 12 and last.hour + 12 > first.hour else last.hour + 24
    return Clock(hour, last.minute)


def joined(said: Said, more: Said) -> Said | None:
    """Two parts as one term, None when they are two terms."""
    if (said.unknown or more.unknown) or (said.role in {"of", "from"} and more.role != "at"):
        return None
    if said.length and (more.length or said.length.unit in {"second", "minute", "hour"}):
        return None
    if (said.clock and more.clock) or (said.part and more.part) or (more.length and said.clock):
        return None
    if said.day and more.day and (said.day.rank == more.day.rank or more.role in {"of", "from", "onto"}):
        return None
    day = max((one for one in (said.day, more.day) if one), key=lambda one: one.rank, default=None)
    role = more.role if said.role == "at" or more.role == "window" else said.role
    return Said(role, day, said.part or more.part, said.clock or more.clock, said.length or more.length)


def by_part(hour: int, said: str) -> int:
    """The hour of 24 for «утра», «дня», «вечера», «ночи» after an hour."""
    if said == "утра":
        return hour
    if said == "ночи":
        return 24 if hour == 12 else hour + 12 if 9 <= hour < 12 else hour
    return hour + 12 if hour < 12 else hour
