"""Dates of letters: RFC 5322 and what programs write instead. Without a zone: UTC. Unreadable: None."""

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_tz

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?")
_RUSSIAN_MONTHS = dict(zip(
    ("янв", "фев", "мар", "апр", "мая", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    ("Jan", "Feb", "Mar", "Apr", "May", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), strict=True,
))  # fmt: skip


def parse(value: str) -> datetime | None:
    """An aware moment or None."""
    value = value.strip()[:200]
    if not value:
        return None
    found = _ISO.match(value)
    if found:
        return _moment(tuple(int(item or 0) for item in found.groups()[:6]), _offset(found[7]))
    try:
        parts = parsedate_tz(_in_english(value))
    except (ValueError, IndexError, TypeError):
        return None
    if parts is None:
        return None
    return _moment(parts[:6], parts[9] or 0)


def _offset(zone: str | None) -> int:
    if not zone or zone == "Z":
        return 0
    sign = -1 if zone[0] == "-" else 1
    digits = zone[1:].replace(":", "")
    return sign * (int(digits[:2]) * 3600 + int(digits[2:]) * 60)


def _in_english(value: str) -> str:
    if value.isascii():
        return value
    words = value.replace(",", ", ").split()
    words = [word for word in words if not (word[0].isalpha() and word.endswith(","))]
    return " ".join(_RUSSIAN_MONTHS.get(word.lower().strip(".")[:3], word) for word in words)


def _moment(parts: tuple[int, ...], offset_s: int) -> datetime | None:
    try:
        year, month, day, hour, minute, second = parts
        zone = timezone(timedelta(seconds=offset_s if abs(offset_s) < 86_400 else 0))
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
        moment.astimezone(timezone.utc)  # noqa: UP017  # near the year 1 or 9999 this overflows
    except (ValueError, OverflowError):
        return None
    return moment
