"""Letters that lay somewhere for days before they came to us: a box switched on again, a server that was away.

They open requests like any other. But «Получили ваше письмо» with a time of answer, sent weeks after the letter, would
promise as if it had been written today, to people who have long since phoned or found help elsewhere.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import mktime_tz, parsedate_tz

from otklik.mime import Letter

LATE = timedelta(days=3)  # mail servers themselves try for up to five days; most letters take seconds
_HEAD_BYTES = 64 * 1024
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_RECEIVED = re.compile(rb"^received:((?:[^\n]|\n[ \t]){0,4000})", re.IGNORECASE | re.MULTILINE)


def is_late(letter: Letter, raw: bytes, *, came_at: datetime) -> bool:
    """Whether both the writer and the last server that had the letter dated it days before it came to us.

    came_at: when we fetched or took it. A wrong clock of the writer alone makes nothing late, nor does a letter without
    a date.
    """
    known = [one for one in (letter.date, _last_hop(raw)) if one]
    return bool(known) and max(known) < came_at - LATE


def is_older(letter: Letter, raw: bytes, *, came_at: datetime, moment: datetime | None) -> bool:
    """Whether we, or the last server that had the letter, took it before `moment`. None: there is no such moment."""
    if moment is None:
        return False
    hop = _last_hop(raw) or letter.date
    return came_at < moment or (hop is not None and hop < moment)


def _last_hop(raw: bytes) -> datetime | None:
    """When the server nearest to us took the letter: the topmost Received, which no writer can put there."""
    end = _HEAD_END.search(raw, 0, _HEAD_BYTES)
    found = _RECEIVED.search(raw, 0, end.start() if end else _HEAD_BYTES)
    if found is None:
        return None
    told = " ".join(found[1].decode("latin-1").rpartition(";")[2].split())[:200]
    try:
        parts = parsedate_tz(told)
        return datetime.fromtimestamp(mktime_tz(parts), UTC) if parts else None
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
