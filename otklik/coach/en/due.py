"""When an English promise is due: «by 6 pm», «tomorrow», «within 3 business days» (table of the coach's data).

All moments are in the zone of `now`. No clock inside. Of several times in one sentence the last one that begins with
a word of a term («by», «within», «before») counts, else the first after the verb, else the first before it.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from otklik.coach.en import _days
from otklik.coach.en._days import LAST, MONTHS, NUMBERS

_NUMBER = rf"\d{{1,4}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))}"
_SPAN = re.compile(
    rf"\b(?P<word>within|inside|in|over|after|for)(?: about| around| roughly| approximately| just| under| less than"
    rf"| no more than| at most"
    rf"| a maximum of| up to)*(?: the)?(?: next| coming| following)? "
    rf"(?:(?:{_NUMBER})\s?(?:-|–|—|to|or)\s?)?(?P<count>{_NUMBER})(?: full| whole| clear)?[ -]"
    rf"(?P<kind>business |working |work |week)?(?P<unit>min|minute|hour|hr|day|night|week|fortnight|month)s?\b"
    r"(?P<half> and a half)?"
)
# after a number these make it no clock time
_THINGS = (
    r"(?:business |working |full |more |other |new )?(?:days?|hours?|hrs?|minutes?|mins?|weeks?"
    r"|months?|years?|people|pieces|times|boxes|percent|euros?|dollars?|pounds?|km|kg|cm|mm|metres?|meters?|miles|gb|mb)\b"
)
_HALF = re.compile(
    r"\b(?:within|in)(?: about| the next)? (?P<what>half an hour|a quarter of an hour|an hour and a half)\b"
)
_HALVES = {"half an hour": 30, "a quarter of an hour": 15, "an hour and a half": 90}
_THE_SPAN = re.compile(
    r"\b(?:within|inside|in) the (?:next )?(?P<unit>hour|day|week|fortnight)\b(?! after| of| before)"
)
_HALF_DAY = r"(?P<half{n}>\s?[ap]\.?m\b\.?)?"
_WINDOW = re.compile(
    rf"\b(?:between |from )?(?P<from>\d{{1,2}}(?:[:.]\d\d)?|noon|midday)(?:\s?[ap]\.?m\b\.?)?"
    rf"\s?(?:and|to|till|until|-|–|—)\s?(?P<hour>\d{{1,2}}|noon|midday|midnight)(?:[:.](?P<minute>\d\d))?"
    rf"{_HALF_DAY.format(n='')}(?![\d%£$€]|\s?(?:{'|'.join(MONTHS)}|{_THINGS}))"
)
_CLOCK = re.compile(
    rf"(?:\b(?P<word>by|at|before|until|till|around|about|after|from|for|than) (?:about |around )?)?"
    rf"(?<![\d.,:£$€#/-])(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d\d))?"
    r"(?:\s?(?P<half>[ap]\.?m)\b\.?|(?P<clock> o'clock))?"
    rf"(?![\d%/]|[.,:]\d|(?:st|nd|rd|th)\b|\s?(?:{'|'.join(MONTHS)}|{_THINGS}))"
)
_NAMED_CLOCK = {
    "noon": time(12), "midday": time(12), "lunchtime": time(12), "midnight": LAST, "morning": time(12),
    "afternoon": time(18), "evening": time(21), "tonight": time(21),
}  # fmt: skip
_NAMED = re.compile(rf"\b(?:{'|'.join(_NAMED_CLOCK)})\b")
_DAY, _NOON = 24 * 60, 12
_TWO_FIGURES = 10  # «10:30» is said of the morning
# what follows a bare «by 5»; any other word makes it a number of things
_ENDS = re.compile(
    r"\s*(?:$|[.,;!?)—–-]|(?:on|tomorrow|today|tonight|in|and|or|at|with|to|from|for|so|when|if|sharp|the|this|latest|then|but|your|our"
    r"|local|gmt|cet|\w+day|next|if|unless|because|as|of|before|after)\b)"
)
_QUARTERS = {
    "quarter past": 15,
    "a quarter past": 15,
    "half past": 30,
    "half": 30,
    "quarter to": -15,
    "a quarter to": -15,
}
_HOURS = "|".join(name for name in NUMBERS if " " not in name and len(name) > 2)
_SPOKEN = re.compile(
    rf"\b(?P<quarter>(?:a )?quarter past|half(?: past)?|(?:a )?quarter to) (?P<hour>\d{{1,2}}|{'|'.join(NUMBERS)})\b"
    rf"|\b(?:by|at|before|until|till) (?P<word>{_HOURS})(?: (?P<clock>o'clock))?"
    r"(?=$|[.,;!?]| (?:on|today|tomorrow|tonight|this|in the|\w+day)\b)"
)
_EARLY = 7  # a bare hour before this one is in the afternoon
_TERM = re.compile(r"\b(?:by|before|within|until|till|no later than|not later than|latest)\b")


@dataclass(frozen=True, slots=True)
class Said:
    """A time that stands in the words: the whole moment, or a day and a clock time apart."""

    moment: datetime | None = None
    day: datetime | None = None
    clock: time | None = None

    @property
    def is_named(self) -> bool:
        return self.moment is not None or self.day is not None or self.clock is not None


def names_a_time(lows: list[str]) -> bool:
    """Whether an exact term stands in these words, lower case."""
    return _read(_plain(" ".join(lows)), datetime(2026, 1, 1, 12)).is_named  # noqa: DTZ001 - any moment will do


def due(after: str, now: datetime, before: str = "") -> datetime | None:
    """The moment until which a promise runs, None where none is named. after, before: the words round its verb."""
    said = _read(_plain(after), now)
    if said.moment is None and said.day is None and before:
        earlier = _read(_plain(before), now)
        said = earlier if said.clock is None else Said(day=earlier.day, clock=said.clock)
    if said.moment is not None:
        return said.moment
    if said.day is None:
        return _at(now, said.clock) if said.clock else None
    return _at(said.day, said.clock or LAST)


def _plain(said: str) -> str:
    return " ".join(said.lower().replace("’", "'").replace("\u2011", "-").split()).replace(" ,", ",")


def _read(said: str, now: datetime) -> Said:
    """What the words name; where a term stands («by», «within»), what stands after the last one counts first."""
    terms = [match.start() for match in _TERM.finditer(said)]
    for start in reversed(terms):
        found = _plainly(said[start:], now)
        if found.is_named:
            if found.day is None and found.moment is None:
                found = Said(day=_days.day(said, now), clock=found.clock)
            return found
    return _plainly(said, now)


def _plainly(said: str, now: datetime) -> Said:
    if moment := _after(said, now):
        return Said(moment=moment)
    day = _days.day(said, now)
    return Said(day=day, clock=_clock(said, now if day is None else None))


def _after(said: str, now: datetime) -> datetime | None:
    if week := _days.WEEK_ON.search(said):
        return now + timedelta(days=8 if week["day"] == "tomorrow" else 7)
    if half := _HALF.search(said):
        return now + timedelta(minutes=_HALVES[half["what"]])
    for span in _SPAN.finditer(said):
        if span["word"] in {"after", "for", "over"} and "next" not in span[0]:
            continue
        return _counted(span, now)
    if the := _THE_SPAN.search(said):
        return now + _length(the["unit"], 1)
    return None


def _counted(span: re.Match[str], now: datetime) -> datetime:
    count = NUMBERS.get(span["count"]) or int(span["count"])
    if (span["kind"] or "").strip() in {"business", "working", "work", "week"} and span["unit"] == "day":
        return _at(_days.working(now, count), LAST)
    length = _length(span["unit"], count)
    return now + (length + timedelta(minutes=30) if span["half"] else length)


def _length(unit: str, count: int) -> timedelta:
    minutes = {"min": 1, "minute": 1, "hour": 60, "hr": 60}
    if unit in minutes:
        return timedelta(minutes=minutes[unit] * count)
    return timedelta(days={"day": 1, "night": 1, "week": 7, "fortnight": 14, "month": 30}[unit] * count)


def _clock(said: str, now: datetime | None) -> time | None:
    """The clock time said. now: where no day is named; «by 9» said at noon is nine in the evening."""
    if window := _WINDOW.search(said):
        found = _end_of(window)
        if found:
            return found
    for clock in _CLOCK.finditer(said):
        exact = clock["half"] or clock["clock"] or clock["minute"]
        if not exact and not _ENDS.match(said[clock.end() :]):
            continue
        if not exact and clock["word"] not in {"by", "at", "before", "until", "till", "around", "about"}:
            continue
        part = _part_after(said, clock.end())
        if found := _time(clock["hour"], clock["minute"], clock["half"], part):
            is_bare = not (clock["half"] or part) and clock["hour"][0] != "0"
            return _later(found, now) if now and is_bare and found.hour < _TWO_FIGURES else found
    if spoken := _SPOKEN.search(said):
        return _spoken(spoken, _part_after(said, spoken.end()))
    named = _NAMED.search(said)
    return _NAMED_CLOCK[named[0]] if named else None


def _spoken(said: re.Match[str], part: str) -> time | None:
    """«Quarter to five», «by five»: in words, of the working day."""
    name = said["hour"] or said["word"]
    hour = int(name) if name.isdigit() else NUMBERS[name]
    hour += 12 * (0 < hour < _EARLY or (part == "pm" and hour < _NOON))
    minutes = hour * 60 + (_QUARTERS[said["quarter"]] if said["quarter"] else 0)
    return time(minutes // 60, minutes % 60) if 0 <= minutes < _DAY else None


def _later(clock: time, now: datetime) -> time:
    return clock.replace(hour=clock.hour + 12) if _at(now, clock) <= now else clock


def _part_after(said: str, end: int) -> str:
    """«8 tonight», «9 in the morning»: which half of the day."""
    after = re.match(
        r"(?: in the| this| tomorrow| on \w+day| \w+day)?,? (morning|afternoon|evening|tonight|at night)\b",
        said[end:],
    )
    return "" if after is None else "am" if after[1] == "morning" else "pm"


def _time(hour: str, minute: str | None, half: str | None, part: str = "") -> time | None:
    number, minutes = int(hour), int(minute or 0)
    side = (half or part).replace(".", "").strip()
    if side in {"am", "pm"} and number <= 12:
        number = number % 12 + 12 * (side == "pm")
    elif not side and 0 < number < _EARLY and not hour.startswith("0"):
        number += 12  # «by 5.30» is the afternoon
    return time(number, minutes) if number < 24 and minutes < 60 else LAST if number == 24 else None


def _end_of(window: re.Match[str]) -> time | None:
    """«between 2 and 6 pm», «from 9 to noon»: the later end; «10-2» ends in the afternoon."""
    if not window[0].startswith(("between", "from")) and not (
        window["half"] or window["minute"] or ":" in window["from"]
    ):
        return None
    if window["hour"] in _NAMED_CLOCK:
        return _NAMED_CLOCK[window["hour"]]
    end = _time(window["hour"], window["minute"], window["half"])
    begin = re.match(r"\d+", window["from"])
    if end and begin and not window["half"] and end.hour < min(int(begin[0]), 12):
        return end.replace(hour=end.hour + 12) if end.hour < 12 else end
    return end


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
