"""The calendars that deadlines are counted by, each with its versions."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import Max

from otklik.sla import making, timetables
from otklik.sla.hours_said import Spec
from otklik.sla.models import Calendar, CalendarVersion
from otklik.sla.timetables import Timetable
from otklik.sla.worktime import Hours

OFFICE = {
    "tz": "Europe/Moscow",
    "week": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "country": "RU",
}
BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def default() -> Calendar:
    """The calendar of the company; the Russian working week at the first call."""
    calendar = Calendar.objects.filter(is_default=True).first()
    if calendar is None:
        spec = making.spec(OFFICE)
        defaults = {"spec": spec, "made_of": OFFICE, "is_default": True}
        calendar = Calendar.objects.get_or_create(name="Пн–пт, 9–18, Москва", defaults=defaults)[0]
        CalendarVersion.objects.get_or_create(
            calendar=calendar,
            number=1,
            defaults={"spec": spec, "effective_from": BEGINNING, "made_at": BEGINNING},
        )
    return calendar


def timetable(calendar_id: int) -> Timetable:
    """All hours of a calendar, each from its moment on. One query; the tables behind it are built once a version."""
    latest = CalendarVersion.objects.filter(calendar=calendar_id).aggregate(Max("pk"))["pk__max"]
    return _timetable(calendar_id, latest)


def in_force(calendar_ids: Collection[int], at: datetime) -> dict[int, Spec]:
    """The JSON of the hours that count at this moment: `Calendar.spec` may hold those of a day to come. One query."""
    known = CalendarVersion.objects.filter(calendar__in=calendar_ids)
    latest = dict(known.order_by().values_list("calendar_id").annotate(Max("pk")))
    return {pk: dict(timetables.hours_at(_timetable(pk, last), at).to_dict()) for pk, last in latest.items()}


def of_default() -> Timetable:
    """Runs a query for the version."""
    versions = CalendarVersion.objects.filter(calendar__is_default=True).order_by("-pk")
    found = versions.values_list("calendar_id", "pk").first()
    if found is None:
        return timetable(default().pk)
    return _timetable(*found)


def default_hours(at: datetime) -> Hours:
    """The company's hours at this moment."""
    return timetables.hours_at(of_default(), at)


def due_after(at: datetime, work: timedelta) -> datetime:
    """The moment when this much working time of the company has passed. Raises worktime.NoWorkingTime."""
    return timetables.add(of_default(), at, work.total_seconds())


@lru_cache(maxsize=64)
def _timetable(calendar_id: int, latest: int | None) -> Timetable:
    """latest: the last version's row, which makes the key: versions never change, there only come new ones."""
    versions = CalendarVersion.objects.filter(calendar=calendar_id, pk__lte=latest or 0).order_by("pk")
    return timetables.joined((one.effective_from, Hours.from_dict(one.spec)) for one in versions)
