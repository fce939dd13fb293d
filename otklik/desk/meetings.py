"""Invitations to a meeting: what, when in the reader's zone, where, who invites. Nothing is ever accepted by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from django.utils.translation import gettext as _

from otklik import mime
from otklik.desk import files
from otklik.desk.threads import Attached
from otklik.mime import Invitation
from otklik.web import dates

TYPES = ("text/calendar", "application/ics")
LONGEST = 64 * 1024  # bytes; the reader takes no longer one


@dataclass(frozen=True, slots=True)
class Meeting:
    """An invitation in words; an empty one stands where the calendar says nothing."""

    title: str
    what: str
    when: str
    where: str
    who: str


def of(attached: Sequence[Attached], *, now: datetime, tz: tzinfo) -> Meeting | None:
    """The meeting of a message: of its first calendar file that can be read."""
    for one in attached:
        if one.type in TYPES and one.size_bytes <= LONGEST and (found := _read(one.sha256)):
            return _worded(found, now, tz)
    return None


@lru_cache(maxsize=256)
def _read(sha256: str) -> Invitation | None:
    """By the hash of the bytes: what is read once is right for ever."""
    try:
        with files.open_stored(sha256) as content:
            return mime.read_invitation(content.read(LONGEST))
    except files.Gone:
        return None


def _worded(found: Invitation, now: datetime, tz: tzinfo) -> Meeting:
    titles = {
        "CANCEL": _("Встречу отменили"),
        "REPLY": _("Ответ на приглашение"),
        "REQUEST": _("Приглашение"),
    }
    title = titles.get(found.method, _("Событие в календаре"))
    try:
        when = _when(found.starts, found.ends, now, tz)
    except (OverflowError, ValueError):  # the year 9999 in a zone of the east
        when = ""
    return Meeting(title, found.summary or _("Без названия"), when, found.location, found.organizer)


def _when(starts: datetime | date | None, ends: datetime | date | None, now: datetime, tz: tzinfo) -> str:
    """«24 ноября, вт, 14:00–15:00», «24 ноября, весь день», «с 24 ноября по 26 ноября»."""
    if not isinstance(starts, datetime):
        return _days(starts, ends, now.astimezone(tz).date()) if starts else ""
    begin = starts if starts.tzinfo else starts.replace(tzinfo=tz)  # a floating time is the reader's own
    said = dates.when(begin, now, tz)
    if not isinstance(ends, datetime):
        return said
    end = ends if ends.tzinfo else ends.replace(tzinfo=tz)
    if end <= begin:
        return said
    same_day = end.astimezone(tz).date() == begin.astimezone(tz).date()
    return f"{said}–{dates.time(end, tz)}" if same_day else f"{said} — {dates.when(end, now, tz)}"


def _days(starts: date, ends: date | datetime | None, today: date) -> str:
    """The end of whole days is the day after the last one (RFC 5545)."""
    last = starts if ends is None or isinstance(ends, datetime) else max(starts, ends - timedelta(days=1))
    if last == starts:
        return _("%(day)s, весь день") % {"day": dates.day(starts, today)}
    return _("с %(first)s по %(last)s") % {"first": dates.day(starts, today), "last": dates.day(last, today)}
