"""The account of a due time in words, line by line, so that its columns add up on paper (mocks «why»).

Minutes are rounded once, on the running sum, by the seconds of the beginning: what stands in a column is the
difference of two sums, and of a stretch without pauses just what its clock times say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from otklik.russian.typography import NBSP
from otklik.sla import days_said, deeds_said, hours_said, spans
from otklik.sla.account import Account
from otklik.sla.course import Line
from otklik.web import dates

_PAUSES: Final = {
    "client": gettext_lazy("ждали клиента"), "vendor": gettext_lazy("ждали поставщика"),
    "ended": gettext_lazy("запрос стоял с итогом"), "away": gettext_lazy("запрос вела другая команда"),
    "lost": gettext_lazy("письмо не дошло"),
}  # fmt: skip
_STANDS: Final = {
    "client": gettext_lazy("ждём клиента, срок стоит"), "vendor": gettext_lazy("ждём поставщика, срок стоит"),
}  # fmt: skip
MANY: Final = 40  # lines; more of them are told by runs of usual days
_SPOKEN: Final = {"work": "", "ahead": "ahead", "closed": "off"}


@dataclass(frozen=True, slots=True)
class Row:
    """look: '' counted · ahead · off · pause · turn (no time) · due · late. counted and left may be ''."""

    day: str
    hours: str
    words: str
    counted: str
    left: str
    look: str
    now: bool = False


def rows(account: Account) -> list[Row]:
    """A day is named where it begins."""
    made_of = account.version.agreement.calendar.made_of
    found, told = list[Row](), None
    for line in folded(account.lines):
        for row, day in _rows(line, account, made_of):
            found.append(row if day != told else Row("", *_rest(row)))
            told = day
    return found


def _rest(row: Row) -> tuple[str, str, str, str, str, bool]:
    return row.hours, row.words, row.counted, row.left, row.look, row.now


def folded(lines: tuple[Line, ...]) -> list[Line]:
    """Of many lines, runs of usual days as one each: nothing happened in them. The first and the last stay."""
    if len(lines) <= MANY:
        return list(lines)
    found: list[Line] = [lines[0]]
    for one in lines[1:-1]:
        last = found[-1]
        if len(found) > 1 and _is_usual(one) and _is_usual(last) and _same(last, one):
            found[-1] = _joined(last, one)
        else:
            found.append(one)
    return [*found, lines[-1]]


def _is_usual(one: Line) -> bool:
    return not one.facts and one.why in _SPOKEN


def _same(first: Line, second: Line) -> bool:
    """Both behind us or both ahead, and on the same side of the due time."""
    ahead = [one.why == "ahead" for one in (first, second) if one.why != "closed"]
    return len(set(ahead)) < 2 and (first.left_s >= 0) == (second.left_s >= 0)


def _joined(first: Line, second: Line) -> Line:
    why = second.why if first.why == "closed" else first.why
    return Line(
        first.since, second.until, why, first.counted_s + second.counted_s, second.left_s, second.hours,
        goal_s=second.goal_s,
    )  # fmt: skip


def _rows(line: Line, account: Account, made_of: dict[str, Any]) -> Iterator[tuple[Row, str]]:
    """With the day that each belongs to."""
    if line.why == "closed":
        yield from _closed(line, account, made_of)
        return
    zone = ZoneInfo(line.hours.rules.tz)
    since, until = line.since.astimezone(zone), line.until.astimezone(zone)
    is_now = line.why == "ahead" and line.since == account.now
    day = _day(since.date(), _last(until, since), account.now.astimezone(zone).date())
    shown = _day(since.date(), since.date(), account.now.astimezone(zone).date()) if _is_pause(line) else day
    row = Row(
        shown, _hours(line, since, until), _words(line, account, made_of), _counted(line, account),
        _left(line, account), _look(line), is_now,
    )  # fmt: skip
    yield row, shown


def _closed(line: Line, account: Account, made_of: dict[str, Any]) -> Iterator[tuple[Row, str]]:
    """By days and reasons. Evenings and mornings are told only where something happened or the clock began."""
    told = deeds_said.words(line, account) if line.facts else ""
    parts = days_said.closed(line.since, line.until, line.hours, made_of)
    first = line == account.lines[0]
    for place, one in enumerate(parts):
        if one.is_part and not (place == 0 and (told or first)):
            continue
        day = _day(
            one.since.date(), _last(one.until, one.since), account.now.astimezone(one.since.tzinfo).date()
        )
        hours = _clock(one.since, one.until) if one.is_part else ""
        words = f"{told}; {one.words}" if told and place == 0 else one.words
        yield Row(day, hours, words, _("не считаем"), "", "off"), day


def _words(line: Line, account: Account, made_of: dict[str, Any]) -> str:
    deeds = deeds_said.words(line, account)
    if line.why in ("target", "end"):
        return deeds_said.turned(line, deeds) if line.why == "target" else deeds or _("срок остановился")
    if _is_pause(line):
        return "; ".join(filter(None, [deeds, _paused(line, account)]))
    parts = [deeds, *_calendar(line, made_of, bool(deeds)), _place(line, account)]
    return ", ".join(filter(None, parts))


def _paused(line: Line, account: Account) -> str:
    stands = account.chosen.ended_at is None and line == account.lines[-1]
    return str(_STANDS[line.why] if stands and line.why in _STANDS else _PAUSES[line.why])


def _calendar(line: Line, made_of: dict[str, Any], has_deeds: bool) -> Iterator[str]:
    """The kind of day and its breaks; of a run of days how many there are."""
    zone = ZoneInfo(line.hours.rules.tz)
    since = line.since.astimezone(zone)
    last = _last(line.until.astimezone(zone), since)
    if last > since.date():
        yield _("рабочие дни подряд, без выходных и перерывов")
        return
    kind = days_said.unusual(since.date(), line.hours, made_of)
    if kind or not has_deeds:
        yield kind or (_("рабочий день") if not line.hours.rules.always else _("круглосуточно"))
    breaks = [_clock(a.astimezone(zone), b.astimezone(zone)) for a, b in line.breaks]
    if breaks:
        yield ngettext("перерыв %s", "перерывы %s", len(breaks)) % ", ".join(breaks)


def _place(line: Line, account: Account) -> str:
    if line.left_s < 0:
        return _("срок прошёл")
    if line.why == "ahead" and line.left_s == 0:
        return _("срок")
    if line.why == "ahead" and line.since == account.now:
        return _("идёт сейчас")
    return _("здесь был срок") if line.left_s == 0 and line.counted_s else ""


def _look(line: Line) -> str:
    if line.why in ("target", "end"):
        return "turn"
    if _is_pause(line):
        return "pause"
    if line.left_s < 0:
        return "late"
    return "due" if line.left_s == 0 else "ahead" if line.why == "ahead" else ""


def _counted(line: Line, account: Account) -> str:
    if line.why in ("target", "end"):
        return ""
    if _is_pause(line):
        return _("пауза %s") % amount(line.idle_s) if line.idle_s >= spans.MINUTE_S else _("пауза")
    done = (line.goal_s or 0) - line.left_s
    return amount(60 * (whole_min(done, account) - whole_min(done - line.counted_s, account)))


def _left(line: Line, account: Account) -> str:
    if _is_pause(line) or line.goal_s is None or line.why == "end":
        return ""
    return signed(left_min(line, account))


def left_min(line: Line, account: Account) -> int:
    """After this line, in minutes as they are shown; < 0 when the time has passed."""
    goal = line.goal_s or 0
    return whole_min(goal, account) - whole_min(goal - line.left_s, account)


def whole_min(seconds: int, account: Account) -> int:
    return (seconds + account.chosen.started_at.second) // 60


def signed(minutes: int) -> str:
    """«4 ч», «0», «−1 ч 20 мин» where the time has passed."""
    if minutes == 0:
        return "0"
    return f"−{amount(-minutes * 60)}" if minutes < 0 else amount(minutes * 60)


def amount(seconds: int) -> str:
    """«1 ч 18 мин», «0 мин»: working time is never told in days of 24 hours."""
    return spans.said(seconds, spans.WHOLE_DAY_S) or (_("%s мин") % 0).replace(" ", NBSP)


def _is_pause(line: Line) -> bool:
    return line.why in _PAUSES


def _last(until: datetime, since: datetime) -> date:
    """The day that the stretch ends on; midnight belongs to the day before."""
    return max((until - timedelta(microseconds=1)).date(), since.date())


def _hours(line: Line, since: datetime, until: datetime) -> str:
    if line.why in ("target", "end"):
        return dates.time(since, since.tzinfo or timezone.get_default_timezone())
    if since.date() == _last(until, since):
        return _clock(since, until)
    if _is_pause(line):
        return f"{_time(since)} – {dates.day_of_month(until.date(), until.date())}, {_time(until)}"
    return ""


def _clock(since: datetime, until: datetime) -> str:
    end = "24:00" if until.date() > since.date() and (until.hour, until.minute) == (0, 0) else _time(until)
    return f"{_time(since)}–{end}"


def _time(moment: datetime) -> str:
    return f"{moment.hour}:{moment.minute:02}"


def _day(first: date, last: date, today: date) -> str:
    """«20 ноября, пт», «21–22 ноября», «30 апреля – 3 мая»."""
    if first == last:
        day = dates.day_of_month(first, today)
        return _("%(day)s, %(weekday)s") % {
            "day": day,
            "weekday": list(hours_said.DAYS.values())[first.weekday()],
        }
    end = dates.day_of_month(last, today)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{dates.day_of_month(first, today)} – {end}"


def short_day(first: date, last: date) -> str:
    """Under the strip: «20, пт», «21–22»."""
    if first != last:
        return f"{first.day}–{last.day}"
    return f"{first.day}, {list(hours_said.DAYS.values())[first.weekday()]}"
