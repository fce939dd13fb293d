"""Hours that change on a day: before it by the old ones, after it by the new ones."""

from datetime import UTC, datetime, timedelta

import pytest

from otklik.sla import timetables
from otklik.sla.worktime import Hours, NoWorkingTime

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
DAY = timedelta(days=1)
NINE_TO_SIX = Hours.from_dict(
    {"tz": "UTC", "week": {key: [["09:00", "18:00"]] for key in ("mon", "tue", "wed", "thu", "fri")}}
)
MORNINGS = Hours.from_dict(
    {"tz": "UTC", "week": {key: [["09:00", "13:00"]] for key in ("mon", "tue", "wed", "thu", "fri")}}
)
H = 3600
CHANGING = timetables.joined([(datetime(1970, 1, 1, tzinfo=UTC), NINE_TO_SIX), (MONDAY + 2 * DAY, MORNINGS)])


@pytest.mark.parametrize(
    ("hours", "due"),
    [
        (9, MONDAY + timedelta(hours=18)),  # an exact fit ends with the day
        (18, MONDAY + DAY + timedelta(hours=18)),
        (19, MONDAY + 2 * DAY + timedelta(hours=10)),  # from Wednesday on by the mornings
        (23, MONDAY + 3 * DAY + timedelta(hours=10)),
    ],
)
def test_a_due_time_crosses_the_change(hours, due):
    assert timetables.add(CHANGING, MONDAY, hours * H) == due
    assert timetables.between(CHANGING, MONDAY, due) == hours * H


def test_what_was_counted_before_the_change_keeps_its_hours():
    assert timetables.between(CHANGING, MONDAY, MONDAY + 2 * DAY) == 18 * H
    assert timetables.between(CHANGING, MONDAY + 2 * DAY, MONDAY + 4 * DAY) == 8 * H
    assert timetables.between(CHANGING, MONDAY + 4 * DAY, MONDAY) == 0
    assert timetables.hours_at(CHANGING, MONDAY) == NINE_TO_SIX
    assert timetables.hours_at(CHANGING, MONDAY + 2 * DAY) == MORNINGS


def test_a_later_version_takes_all_that_follows_its_moment():
    again = timetables.joined([*CHANGING, (MONDAY + DAY, NINE_TO_SIX)])
    assert again == ((datetime(1970, 1, 1, tzinfo=UTC), NINE_TO_SIX),)


def test_before_the_first_version_its_own_hours_count():
    late = timetables.joined([(MONDAY, MORNINGS)])
    assert timetables.between(late, MONDAY - 7 * DAY, MONDAY) == 20 * H


def test_hours_that_end_for_good_are_said():
    empty = Hours.from_dict({"tz": "UTC", "week": {}})
    closed = timetables.joined([(MONDAY, MORNINGS), (MONDAY + DAY, empty)])
    assert timetables.add(closed, MONDAY, 4 * H) == MONDAY + timedelta(hours=13)
    with pytest.raises(NoWorkingTime):
        timetables.add(closed, MONDAY, 4 * H + 1)
