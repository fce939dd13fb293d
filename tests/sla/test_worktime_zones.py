from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.sla.calendars import every_day, utc

HOUR = 3600

# zone, shift, the civil day on which the clocks change, hours that pass in that shift begun on that day
CHANGES = [
    ("Europe/Berlin", ["22:00", "06:00"], "2026-03-28", 7),  # skipped 02–03 in the night
    ("Europe/Berlin", ["22:00", "06:00"], "2026-10-24", 9),  # repeated 02–03
    ("Europe/Berlin", ["00:00", "24:00"], "2026-03-29", 23),
    ("Europe/Berlin", ["00:00", "24:00"], "2026-10-25", 25),
    ("Europe/Berlin", ["02:00", "03:00"], "2026-03-29", 0),  # the whole shift does not exist
    ("Europe/Berlin", ["02:30", "04:00"], "2026-03-29", 1),
    ("Europe/Berlin", ["02:00", "03:00"], "2026-10-25", 2),
    ("Europe/Berlin", ["02:30", "03:30"], "2026-10-25", 1.5),  # 02:30–03:00 twice, 03:00–03:30 once
    ("America/New_York", ["01:00", "02:00"], "2026-11-01", 2),
    ("America/Santiago", ["23:00", "01:00"], "2026-04-04", 3),  # 24:00 goes back to 23:00
    ("America/Havana", ["00:00", "01:00"], "2026-03-08", 0),  # midnight itself is skipped
    ("Australia/Lord_Howe", ["00:00", "24:00"], "2026-04-05", 24.5),  # clocks move by half an hour
    ("Australia/Lord_Howe", ["00:00", "24:00"], "2026-10-04", 23.5),
    ("Europe/Moscow", ["00:00", "24:00"], "2011-03-27", 23),  # the last «summer» time, kept for years
    ("Europe/Moscow", ["00:00", "24:00"], "2014-10-26", 25),  # back to UTC+3 for good
    ("Europe/Moscow", ["00:00", "24:00"], "2026-03-29", 24),
    ("Asia/Pyongyang", ["00:00", "24:00"], "2015-08-14", 24.5),
    ("Asia/Kathmandu", ["09:00", "18:00"], "2026-03-29", 9),  # +05:45
    ("Asia/Kamchatka", ["00:00", "24:00"], "2010-03-28", 24),  # summer time and a new standard time at once
    ("Pacific/Apia", ["00:00", "24:00"], "2011-12-30", 0),  # a civil day that never was
    ("Pacific/Kwajalein", ["00:00", "24:00"], "1993-08-21", 0),
    ("Africa/Casablanca", ["00:00", "24:00"], "2026-02-15", 25),  # Ramadan
]


@pytest.mark.parametrize(("zone", "shift", "day", "hours"), CHANGES)
def test_working_time_is_elapsed_time_when_the_clocks_change(zone, shift, day, hours):
    only = every_day(tz=zone, days={day: [shift]})

    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=ZoneInfo("UTC")).timestamp()
    assert only.between(int(noon) - 72 * HOUR, int(noon) + 72 * HOUR) == hours * HOUR


def test_work_goes_on_through_a_repeated_hour():
    night = every_day(["22:00", "06:00"], tz="Europe/Berlin")

    assert night.add(utc("2026-10-24 20:00"), 9 * HOUR) == utc("2026-10-25 05:00")
    assert night.add(utc("2026-10-24 20:00"), 5.5 * HOUR) == utc("2026-10-25 01:30")


def test_both_sides_of_a_repeated_hour_are_told_apart_by_fold():
    berlin = ZoneInfo("Europe/Berlin")
    hours = every_day(["00:00", "24:00"], tz="Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)

    assert hours.between(first, first.replace(fold=1)) == HOUR


def test_local_mean_time_with_odd_seconds_is_exact():
    """Moscow was 2:31:19 ahead until 1 July 1917, then 3:31:19 until 27 December."""
    day = every_day(["09:00", "18:00"], tz="Europe/Moscow")

    assert day.opening(utc("1917-03-05 00:00")) == utc("1917-03-05 06:28:41")
    assert day.opening(utc("1917-08-06 00:00")) == utc("1917-08-06 05:28:41")
    assert day.between(utc("1917-08-06"), utc("1917-08-07")) == 9 * HOUR
