"""Working time as people write and read it: «30 мин», «1 ч 30 мин», «3 рабочих дня по 8 часов» (R-E2).

Stored are working seconds. A day is the usual working day of the agreement's calendar where its hours are not told.
"""

import re
from collections import Counter
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.russian.typography import NBSP
from otklik.sla.terms import LONGEST_S

MINUTE_S: Final = 60
HOUR_S: Final = 3600
WHOLE_DAY_S: Final = 24 * HOUR_S
_NUMBER = r"(\d{1,7}(?:[.,]\d{1,3})?)"
_UNITS: Final = {
    MINUTE_S: r"(?:мин(?:ут[аы]?)?|м|min(?:ute)?s?|m)\.?",
    HOUR_S: r"(?:рабоч\w+\s|working\s)?(?:ч(?:ас(?:а|ов)?)?|h(?:ours?|rs?)?)\.?",
    0: r"(?:раб(?:оч\w+|\.)?\s?|working\s|business\s)?(?:дн(?:я|ей|\.)?|день|д\.?|days?|d)",
}
_PARTS: Final = {unit: re.compile(rf"{_NUMBER}\s*{words}(?!\w)") for unit, words in _UNITS.items()}
_LENGTH = re.compile(rf"(?:по|of|x|×)\s+{_NUMBER}\s*{_UNITS[HOUR_S]}$")
_NONE: Final = frozenset({"", "-", "–", "—", "нет", "no", "none", "не обещаем"})


class BadSpan(ValueError):
    """The words tell what to write instead."""


def read(text: str, day_s: int) -> int | None:
    """Working seconds; None where nothing is promised («», «—», «нет»). Raises BadSpan.

    day_s: how long a working day is where the text doesn't tell.
    """
    words = " ".join(text.replace(NBSP, " ").lower().split())
    if words in _NONE:
        return None
    if re.fullmatch(_NUMBER, words):
        raise BadSpan(_("Допишите, чего именно: «%(n)s мин» или «%(n)s ч».") % {"n": words})
    if length := _LENGTH.search(words):
        words, day_s = words[: length.start()].strip(), int(_value(length[1]) * HOUR_S)
    seconds = _sum(words, day_s)
    if not MINUTE_S <= seconds <= LONGEST_S:
        raise BadSpan(_("Срок — это от 1 минуты до 366 дней."))
    return seconds


def _sum(words: str, day_s: int) -> int:
    """All parts, days before hours before minutes, with nothing left over."""
    total, rest = Decimal(0), words
    for unit in (0, HOUR_S, MINUTE_S):
        if found := _PARTS[unit].match(rest):
            total += _value(found[1]) * (unit or day_s)
            rest = re.sub(r"^(?:[,\s]|и\s|and\s)+", "", rest[found.end() :])
    if rest or total != int(total):
        raise BadSpan(_("Срок непонятен. Напишите так: 30 мин, 4 ч, 3 рабочих дня по 8 часов."))
    return int(total)


def _value(number: str) -> Decimal:
    return Decimal(number.replace(",", "."))


def said(seconds: int, day_s: int) -> str:
    """«30 мин», «1 ч 30 мин», «3 рабочих дня»: whole days of this length, else hours and minutes."""
    if seconds % day_s == 0 and day_s < WHOLE_DAY_S:
        return tied(ngettext("%s рабочий день", "%s рабочих дней", seconds // day_s), seconds // day_s)
    hours, minutes = divmod(seconds // MINUTE_S, 60)
    parts = [tied(_("%s ч"), hours) if hours else "", tied(_("%s мин"), minutes) if minutes else ""]
    return " ".join(filter(None, parts))


def at_length(seconds: int, day_s: int) -> str:
    """With what a day is: «3 рабочих дня по 9 ч», so that nobody asks."""
    short = said(seconds, day_s)
    if seconds % day_s or day_s >= WHOLE_DAY_S:
        return short
    return _("%(days)s по %(hours)s") % {"days": short, "hours": said(day_s, WHOLE_DAY_S)}


def tied(words: str, n: int) -> str:
    """The figure with its unit, never on two lines."""
    return (words % n).replace(f"{n} ", f"{n}{NBSP}", 1)


def usual_day(spec: object) -> int:
    """Seconds of a calendar's usual working day: as most days of its week have; 24 hours round the clock."""
    if not isinstance(spec, dict) or spec.get("always"):
        return WHOLE_DAY_S
    lengths = Counter(_length(day) for day in (spec.get("week") or {}).values() if day)
    return max(lengths, key=lambda one: (lengths[one], one), default=8 * HOUR_S) or 8 * HOUR_S


def _length(day: list[list[str]]) -> int:
    """Of one day's shifts; an end at or before the start lies on the next day."""
    return sum((_clock(end) - _clock(start)) % WHOLE_DAY_S or WHOLE_DAY_S for start, end in day)


def _clock(text: str) -> int:
    hours, _colon, minutes = text.partition(":")
    return int(hours) * HOUR_S + int(minutes or 0) * MINUTE_S
