"""The account of a due time as a strip of days: what counted, what paused, what lies ahead. Numbers for a drawing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from otklik.sla.course import Line

WIDTH: Final = 640
GAP: Final = 4
MOST: Final = 14  # beds; of more nobody could read one
_HOUR: Final = 3600
_LOOKS: Final = {"work": "on", "ahead": "plan", "client": "pause", "vendor": "pause", "away": "pause", "ended": "pause",
                 "lost": "pause"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    look: str  # on, plan, pause
    x: float
    width: float


@dataclass(slots=True)
class Bed:
    """A working day, or the days off between two of them, by its first and last date."""

    first: date
    last: date
    x: float = 0.0
    width: float = 0.0
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Strip:
    """now, due: where their marks stand; None outside."""

    beds: tuple[Bed, ...]
    now: float | None
    due: float | None


def drawn(lines: Sequence[Line], *, now: datetime, due: datetime | None) -> Strip | None:
    """None where there are no working hours to show, or too many days. Days are those of the last line's calendar."""
    work = [one for one in lines if one.counted_s]
    if not work:
        return None
    zone = ZoneInfo(work[-1].hours.rules.tz)
    beds = _beds(lines, zone)
    if len(beds) > MOST:
        return None
    window = _window(work, zone)
    _placed(beds)
    for line in lines:
        for since, until in _stretches(line):
            _fill(beds, window, (since.astimezone(zone), until.astimezone(zone)), _LOOKS.get(line.why, ""))
    return Strip(
        tuple(beds), _at(beds, window, now.astimezone(zone)), _at(beds, window, due and due.astimezone(zone))
    )


def _beds(lines: Sequence[Line], zone: ZoneInfo) -> list[Bed]:
    """Every day from the first line to the last; days off in one."""
    working = {one.since.astimezone(zone).date() for one in lines if one.counted_s}
    day = lines[0].since.astimezone(zone).date()
    last = max(one.until for one in lines).astimezone(zone) - timedelta(microseconds=1)
    beds: list[Bed] = []
    while (day <= last.date() or not beds) and len(beds) <= MOST:
        if beds and day not in working and beds[-1].last not in working:
            beds[-1].last = day
        else:
            beds.append(Bed(day, day))
        day += timedelta(days=1)
    return beds


def _window(work: Sequence[Line], zone: ZoneInfo) -> tuple[int, int]:
    """The hours of a day in which work is done, in seconds after midnight, whole hours; one at least.

    The hour that a clock tells twice ends where it began.
    """
    starts = [_second(one.since.astimezone(zone)) for one in work]
    ends = [_second(one.until.astimezone(zone)) or 24 * _HOUR for one in work]
    ends = [max(end, start) for start, end in zip(starts, ends, strict=True)]
    begin = min(starts) // _HOUR * _HOUR
    return begin, max(-(-max(ends) // _HOUR) * _HOUR, begin + _HOUR)


def _placed(beds: list[Bed]) -> None:
    width = (WIDTH - GAP) / len(beds) - GAP
    for place, bed in enumerate(beds):
        bed.x, bed.width = GAP / 2 + place * (width + GAP), width


def _stretches(line: Line) -> Iterator[tuple[datetime, datetime]]:
    at = line.since
    for since, until in line.breaks:
        yield at, since
        at = until
    yield at, line.until


def _fill(beds: list[Bed], window: tuple[int, int], stretch: tuple[datetime, datetime], look: str) -> None:
    since, until = stretch
    for bed in beds if look else ():
        if until.date() < bed.first or since.date() > bed.last:
            continue
        begin = bed.x if since.date() < bed.first else _x(bed, window, since)
        end = bed.x + bed.width if until.date() > bed.last else _x(bed, window, until)
        if end > begin:
            bed.pieces.append(Piece(look, begin, end - begin))


def _x(bed: Bed, window: tuple[int, int], moment: datetime) -> float:
    """Days off share their width; of a working day the hours in which work is done."""
    days = (bed.last - bed.first).days + 1
    if days > 1:
        passed = (moment.date() - bed.first).days + _second(moment) / (24 * _HOUR)
        return bed.x + bed.width * passed / days
    share = (_second(moment) - window[0]) / (window[1] - window[0])
    return bed.x + bed.width * min(max(share, 0.0), 1.0)


def _at(beds: Sequence[Bed], window: tuple[int, int], moment: datetime | None) -> float | None:
    if moment is None:
        return None
    bed = next((one for one in beds if one.first <= moment.date() <= one.last), None)
    return _x(bed, window, moment) if bed else None


def _second(moment: datetime) -> int:
    return moment.hour * _HOUR + moment.minute * 60 + moment.second
