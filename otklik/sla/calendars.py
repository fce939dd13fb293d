"""The calendar that deadlines are counted by."""

from datetime import datetime, timedelta
from functools import lru_cache

from otklik.sla import russia
from otklik.sla.models import Calendar
from otklik.sla.worktime import Hours

OFFICE_WEEK = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def default() -> Calendar:
    """The calendar of the company; the Russian working week at the first call."""
    calendar = Calendar.objects.filter(is_default=True).first()
    if calendar is None:
        defaults = {"spec": russia.spec(OFFICE_WEEK), "is_default": True}
        calendar = Calendar.objects.get_or_create(name="Пн–пт, 9–18, Москва", defaults=defaults)[0]
    return calendar


def default_hours() -> Hours:
    """Runs a query for the version; the table behind it is built once a version."""
    versions = Calendar.objects.filter(is_default=True).values_list("pk", "version")
    found = versions.first()
    if found is None:
        calendar = default()
        found = (calendar.pk, calendar.version)
    return _hours(*found)


def due_after(at: datetime, work: timedelta) -> datetime:
    """The moment when this much working time has passed. Raises worktime.NoWorkingTime."""
    return default_hours().add(at, work.total_seconds())


@lru_cache(maxsize=8)
def _hours(pk: int, version: int) -> Hours:  # noqa: ARG001 - the version makes the key
    return Hours.from_dict(Calendar.objects.get(pk=pk).spec)
