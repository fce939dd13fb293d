from datetime import UTC, datetime, timedelta

import pytest

from otklik.sla.worktime import BadCall, Hours, NoWorkingTime
from tests.sla.calendars import every_day, moscow, office, utc

HOUR = 3600

# 2 March 2026 is a Monday
ADDED = [
    ("within an interval", "2026-03-02 10:00", 2 * HOUR, "2026-03-02 12:00"),
    ("over the break", "2026-03-02 12:00", 2 * HOUR, "2026-03-02 15:00"),
    ("over the night", "2026-03-02 16:00", 3 * HOUR, "2026-03-03 10:00"),
    ("over the weekend", "2026-03-06 17:30", HOUR, "2026-03-09 09:30"),
    ("from closed time", "2026-03-07 11:00", HOUR, "2026-03-09 10:00"),
    ("an exact fit ends at the break", "2026-03-02 09:00", 4 * HOUR, "2026-03-02 13:00"),
    ("an exact fit ends in the evening", "2026-03-02 09:00", 8 * HOUR, "2026-03-02 18:00"),
    ("nothing to do, in closed time", "2026-03-07 11:00", 0, "2026-03-07 11:00"),
    ("one second", "2026-03-02 17:59:59", 1, "2026-03-02 18:00"),
    ("two seconds", "2026-03-02 17:59:59", 2, "2026-03-03 09:00:01"),
    ("half a second", "2026-03-02 12:59:59.750", 0.5, "2026-03-02 14:00:00.250"),
    ("a week", "2026-03-02 09:00", 40 * HOUR, "2026-03-06 18:00"),
]


@pytest.mark.parametrize(
    ("start", "seconds", "due"), [case[1:] for case in ADDED], ids=[case[0] for case in ADDED]
)
def test_work_is_done_at_the_earliest_instant_that_has_so_much_working_time_behind_it(start, seconds, due):
    found = office().add(moscow(start), seconds)

    assert found == moscow(due)
    assert found.tzinfo is UTC
    assert office().between(moscow(start), found) == seconds


def test_posix_seconds_in_give_posix_seconds_out():
    start, due = int(moscow("2026-03-02 16:00").timestamp()), int(moscow("2026-03-03 10:00").timestamp())

    assert office().add(start, 3 * HOUR) == due
    assert type(office().add(start, 3 * HOUR)) is int
    assert office().between(start, due) == 3 * HOUR
    assert office().add(start + 0.25, 3 * HOUR) == due + 0.25


def test_time_between_is_zero_when_the_end_is_not_later():
    assert office().between(moscow("2026-03-02 12:00"), moscow("2026-03-02 11:00")) == 0
    assert office().between(moscow("2026-03-02 12:00"), moscow("2026-03-02 12:00")) == 0


def test_an_instant_may_come_in_any_zone():
    tokyo = datetime.fromisoformat("2026-03-02T22:00+09:00")

    assert office().add(tokyo, HOUR) == moscow("2026-03-02 17:00")


def test_a_shift_over_midnight_belongs_to_the_day_on_which_it_starts():
    nights = Hours.from_dict({"tz": "UTC", "week": {"fri": [["22:00", "06:00"]]}})

    assert nights.between(utc("2026-03-06 00:00"), utc("2026-03-07 00:00")) == 2 * HOUR
    assert nights.between(utc("2026-03-07 00:00"), utc("2026-03-08 00:00")) == 6 * HOUR
    assert nights.add(utc("2026-03-06 12:00"), 8 * HOUR) == utc("2026-03-07 06:00")


@pytest.mark.parametrize("shift", [["00:00", "24:00"], ["00:00", "00:00"], ["07:30", "07:30"]])
def test_a_shift_as_long_as_the_day_works_round_the_clock(shift):
    assert every_day(shift).between(utc("2026-03-02 00:00"), utc("2026-03-09 00:00")) == 7 * 24 * HOUR


def test_overlapping_shifts_count_once():
    hours = every_day(["09:00", "13:00"], ["12:00", "15:00"], ["22:00", "10:00"])

    assert hours.between(utc("2026-03-02 00:00"), utc("2026-03-03 00:00")) == (15 + 2) * HOUR


def test_always_is_round_the_clock_and_the_rest_is_ignored():
    hours = Hours.from_dict({"always": True, "tz": "Mars/Base", "week": 7})

    assert hours.add(1_000, 86_400) == 87_400
    assert hours.between(utc("1950-01-01"), utc("1950-01-02")) == 86_400


def test_a_holiday_closes_the_civil_day_and_the_tail_of_the_night_before():
    nights = every_day(["22:00", "06:00"], holidays=["2026-03-04"])

    assert nights.between(utc("2026-03-03 22:00"), utc("2026-03-04 06:00")) == 2 * HOUR
    assert nights.between(utc("2026-03-04 00:00"), utc("2026-03-05 00:00")) == 0
    assert nights.between(utc("2026-03-05 00:00"), utc("2026-03-06 00:00")) == 8 * HOUR


def test_a_day_of_its_own_replaces_its_shifts_and_lifts_the_holiday():
    nights = every_day(["22:00", "06:00"], holidays=["2026-03-04"], days={"2026-03-04": [["10:00", "11:00"]]})

    assert nights.between(utc("2026-03-04 00:00"), utc("2026-03-05 00:00")) == (6 + 1) * HOUR
    assert nights.between(utc("2026-03-05 00:00"), utc("2026-03-06 00:00")) == 2 * HOUR


def test_an_empty_day_starts_no_shift_but_leaves_the_tail_of_the_night_before():
    nights = every_day(["22:00", "06:00"], days={"2026-03-04": []})

    assert nights.between(utc("2026-03-04 00:00"), utc("2026-03-05 00:00")) == 6 * HOUR
    assert nights.between(utc("2026-03-05 00:00"), utc("2026-03-06 00:00")) == 2 * HOUR


PAUSED = [
    ("in working time", [("2026-03-02 10:00", "2026-03-02 12:00")], "2026-03-02 15:00"),
    ("in closed time", [("2026-03-02 13:00", "2026-03-02 14:00")], "2026-03-02 12:00"),
    ("begun before the start", [("2026-03-01 10:00", "2026-03-02 11:00")], "2026-03-02 15:00"),
    ("after the work is done", [("2026-03-02 12:00", "2026-03-02 12:30")], "2026-03-02 12:00"),
    ("overlapping, in any order", [("2026-03-02 11:00", "2026-03-02 12:00"), ("2026-03-02 10:00", "2026-03-02 11:30")],
     "2026-03-02 15:00"),
    ("empty", [("2026-03-02 10:00", "2026-03-02 10:00")], "2026-03-02 12:00"),
    ("open", [("2026-03-02 10:00", None)], None),
    ("open, but only after the work is done", [("2026-03-02 12:00", None)], "2026-03-02 12:00"),
]  # fmt: skip


@pytest.mark.parametrize(("pauses", "due"), [case[1:] for case in PAUSED], ids=[case[0] for case in PAUSED])
def test_three_hours_from_nine_leave_the_pauses_out(pauses, due):
    given = [(moscow(begin), moscow(end) if end else None) for begin, end in pauses]

    assert office().add(moscow("2026-03-02 09:00"), 3 * HOUR, given) == (moscow(due) if due else None)


def test_time_between_leaves_pauses_out_and_an_open_one_to_the_end():
    begin, end = moscow("2026-03-02 09:00"), moscow("2026-03-02 18:00")
    pauses = [(moscow("2026-03-02 10:00"), moscow("2026-03-02 11:00")), (moscow("2026-03-02 15:00"), None)]

    assert office().between(begin, end, pauses) == 4 * HOUR


def test_a_calendar_that_never_works_says_so():
    never = Hours.from_dict({"tz": "UTC", "week": {}})

    assert never.between(utc("2026-01-01"), utc("2036-01-01")) == 0
    with pytest.raises(NoWorkingTime, match="2026-01-01 00:00 UTC"):
        never.add(utc("2026-01-01"), 1)
    with pytest.raises(NoWorkingTime):
        never.opening(utc("2026-01-01"))


def test_ten_years_are_looked_through_and_not_more():
    once = Hours.from_dict({"tz": "UTC", "days": {"2036-01-01": [["00:00", "01:00"]]}})

    assert once.add(utc("2026-01-02"), HOUR) == utc("2036-01-01 01:00")
    with pytest.raises(NoWorkingTime):
        once.add(utc("2025-12-01"), HOUR)


def test_opening_is_now_in_working_time_and_the_next_beginning_else():
    assert office().opening(moscow("2026-03-02 10:30")) == moscow("2026-03-02 10:30")
    assert office().opening(moscow("2026-03-02 13:00")) == moscow("2026-03-02 14:00")
    assert office().opening(moscow("2026-03-06 18:00")) == moscow("2026-03-09 09:00")


@pytest.mark.parametrize(
    ("clock", "is_open"), [("08:59:59", 0), ("09:00", 1), ("12:59:59.9", 1), ("13:00", 0)]
)
def test_working_time_begins_with_its_first_instant_and_ends_before_its_last(clock, is_open):
    assert office().is_open(moscow(f"2026-03-02 {clock}")) is bool(is_open)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda hours: hours.add(datetime(2026, 3, 2, 9), 1), "часовой пояс"),  # noqa: DTZ001 - naive on purpose
        (lambda hours: hours.between(utc("2026-03-02"), 5), "одинаково"),
        (lambda hours: hours.add(0, -1), "меньше нуля"),
        (lambda hours: hours.add(0, float("nan")), "число"),
        (lambda hours: hours.add(0, "1"), "число"),
        (lambda hours: hours.add(0, 1, [(5, 4)]), "раньше, чем началась"),
        (lambda hours: hours.add(0, 1, [(None, 4)]), "пара"),
        (lambda hours: hours.add(10**30, 1), "1900–2199"),
        (lambda hours: hours.between(utc("1899-12-31"), utc("2026-01-01")), "1900–2199"),
    ],
)
def test_a_senseless_question_is_refused_in_words(call, words):
    with pytest.raises(BadCall, match=words):
        call(office())


def test_equal_calendars_share_one_table():
    one, other = office(holidays=["2026-01-01"]), office(holidays=["2026-01-01", "2026-01-01"])

    assert one == other
    assert hash(one) == hash(other)
    assert one.axis is other.axis
    assert one.axis is not office().axis


def test_far_instants_agree_with_a_table_that_began_elsewhere():
    far = office(days={"2150-03-04": [["01:00", "02:00"]]})
    before = far.between(utc("2026-03-02"), utc("2026-03-07"))

    assert far.between(utc("1950-01-01"), utc("1950-01-08")) == 40 * HOUR
    assert far.between(utc("2150-03-01"), utc("2150-03-08")) == 33 * HOUR
    assert far.between(utc("2026-03-02"), utc("2026-03-07")) == before == 40 * HOUR
    assert far.add(utc("2199-12-31 23:59"), 8 * HOUR) - utc("2199-12-31") < timedelta(days=5)
