"""A calendar part as plain values; nothing is ever accepted by itself."""

from datetime import date, datetime
from typing import Any

from otklik.mime._strings import one_line
from otklik.mime.letter import Invitation

_LIMIT = 64 * 1024


def read(octets: bytes) -> Invitation | None:
    """The first event of a calendar of up to 64 KB; None when there is none or it can't be read."""
    if not octets or len(octets) > _LIMIT:
        return None
    try:
        from icalendar import Calendar

        calendar = Calendar.from_ical(octets)
        event = next(iter(calendar.walk("VEVENT")), None)
        if event is None:
            return None
        return Invitation(
            method=one_line(str(calendar.get("METHOD", ""))).upper()[:40],
            summary=one_line(str(event.get("SUMMARY", "")))[:1000],
            starts=_moment(event, "DTSTART"),
            ends=_moment(event, "DTEND"),
            organizer=_person(event.get("ORGANIZER")),
            location=one_line(str(event.get("LOCATION", "")))[:1000],
        )
    except Exception:  # noqa: BLE001  # a foreign parser on hostile bytes: the part stays a file
        return None


# Any: icalendar has no types; an event is a mapping of property objects
def _moment(event: Any, name: str) -> datetime | date | None:
    value = getattr(event.get(name), "dt", None)
    return value if isinstance(value, date) else None


# Any: a property object or None
def _person(value: Any) -> str:
    if value is None:
        return ""
    name = one_line(str(getattr(value, "params", {}).get("CN", "")))
    address = one_line(str(value))
    if address.lower().startswith("mailto:"):
        address = address[len("mailto:") :]
    return f"{name} <{address}>" if name and name != address else address
