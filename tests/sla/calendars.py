"""Calendars that several tests of working time use."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from otklik.sla.worktime import Hours

OFFICE_DAY = [["09:00", "13:00"], ["14:00", "18:00"]]
OFFICE_WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), OFFICE_DAY)
ALL_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOSCOW = ZoneInfo("Europe/Moscow")


def office(tz: str = "Europe/Moscow", **more) -> Hours:
    """9–18 with an hour's break, Monday to Friday."""
    return Hours.from_dict({"tz": tz, "week": OFFICE_WEEK, **more})


def every_day(*shifts: list[str], tz: str = "UTC", **more) -> Hours:
    return Hours.from_dict({"tz": tz, "week": {name: list(shifts) for name in ALL_DAYS}, **more})


def moscow(text: str) -> datetime:
    """«2026-03-02 16:00» by Moscow's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
