"""Random calendars, zones and instants against the slow count of tests/sla/oracle.py."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.sla.worktime import Clock, Hours, NoWorkingTime, Step
from tests.sla import oracle

SPAN = timedelta(days=3)

# a zone and an instant near which its clocks change, or none do
PLACES = [
    ("Europe/Moscow", "1981-03-31"), ("Europe/Moscow", "1991-03-31"), ("Europe/Moscow", "2011-03-26"),
    ("Europe/Moscow", "2014-10-25"), ("Europe/Moscow", "2026-05-08"), ("Europe/Kaliningrad", "2014-10-25"),
    ("Asia/Kamchatka", "2010-03-27"), ("Asia/Kathmandu", "1985-12-31"), ("Asia/Gaza", "2026-03-28"),
    ("Asia/Pyongyang", "2018-05-04"), ("America/New_York", "2026-03-08"), ("America/New_York", "2026-11-01"),
    ("America/Havana", "2026-03-08"), ("America/Sao_Paulo", "2018-11-03"), ("America/St_Johns", "2006-10-28"),
    ("Australia/Lord_Howe", "2026-04-04"), ("Australia/Lord_Howe", "2026-10-03"), ("Pacific/Apia", "2011-12-29"),
    ("Europe/Dublin", "2040-10-27"), ("Africa/Casablanca", "2026-02-14"), ("UTC", "2024-02-28"),
]  # fmt: skip


@st.composite
def places(draw):
    """A calendar whose holidays and special days lie around an instant, and that instant."""
    zone, day = draw(st.sampled_from(PLACES))
    near = st.integers(-1, 4).map(lambda days: (date.fromisoformat(day) + timedelta(days=days)).isoformat())
    clock = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from([0, 0, 0, 30, 17]))
    shifts = st.lists(st.tuples(clock, clock | st.just("24:00")), max_size=3)
    spec = {
        "tz": zone,
        "week": draw(st.fixed_dictionaries(dict.fromkeys(oracle.NAMES, shifts))),
        "holidays": draw(st.lists(near, max_size=2)),
        "days": draw(st.dictionaries(near, shifts, max_size=2)),
    }
    return spec, datetime.fromisoformat(day).replace(tzinfo=UTC) + draw(moments)


moments = st.integers(0, 2 * 86_400).map(lambda seconds: timedelta(seconds=seconds)) | st.timedeltas(
    timedelta(), timedelta(days=2)
)


@st.composite
def pauses(draw):
    """Up to three pauses as pairs of offsets from the start, the last perhaps open."""
    begins = draw(st.lists(moments, max_size=3))
    return [(begin, draw(st.none() | moments.map(begin.__add__))) for begin in begins]


def shifted(offsets, start):
    return [(start + begin, None if end is None else start + end) for begin, end in offsets]


bounded = settings(max_examples=60, derandomize=True, deadline=None, database=None)


@bounded
@given(places(), moments)
def test_time_between_two_instants_is_what_the_wall_clock_shows(place, length):
    spec, start = place

    found = Hours.from_dict(spec).between(start, start + length)

    assert timedelta(seconds=found) == oracle.worked(spec, start, start + length, [])


@bounded
@given(places(), moments, pauses())
def test_pauses_are_left_out_of_the_time_between(place, length, offsets):
    spec, start = place
    away = shifted(offsets, start)

    found = Hours.from_dict(spec).between(start, start + length, away)

    assert timedelta(seconds=found) == oracle.worked(spec, start, start + length, away)


@bounded
@given(places(), st.integers(0, 40 * 3600), pauses())
def test_work_is_done_when_the_wall_clock_has_shown_enough_of_it(place, seconds, offsets):
    spec, start = place
    away = shifted(offsets, start)

    expected = oracle.done(spec, start, timedelta(seconds=seconds), away, start + SPAN)
    try:
        found = Hours.from_dict(spec).add(start, seconds, away)
    except NoWorkingTime:
        found = start + timedelta(days=3654)
    if expected:
        assert found == expected
    elif any(end is None for _, end in away):
        assert found is None
    else:
        assert found > start + SPAN


@bounded
@given(places())
def test_opening_is_the_first_working_instant(place):
    spec, start = place
    hours = Hours.from_dict(spec)
    piece = next(oracle.pieces(spec, start, start + SPAN, []), None)

    assert hours.is_open(start) is oracle.is_working(spec, start)
    if piece:
        assert hours.opening(start) == piece[0]
    else:
        assert hours.between(start, start + SPAN) == 0


@bounded
@given(places(), st.lists(st.tuples(st.integers(0, 2 * 86_400), st.integers(0, 30 * 3600)), max_size=20))
def test_a_batch_answers_as_single_calls_do(place, asked):
    spec, start = place
    hours, begin = (
        Hours.from_dict({**spec, "week": {**spec["week"], "wed": [["10:00", "11:00"]]}}),
        int(start.timestamp()),
    )
    since = np.array([begin + offset for offset, _ in asked], dtype=np.int64)
    seconds = np.array([amount for _, amount in asked], dtype=np.int64)

    due = hours.add_many(since, seconds)

    assert due.tolist() == [hours.add(int(a), int(n)) for a, n in zip(since, seconds, strict=True)]
    assert hours.between_many(since, due).tolist() == seconds.tolist()


EVENTS = st.sampled_from(["pause", "resume", "resolve", "reopen"])


@bounded
@given(places(), st.lists(st.tuples(EVENTS, moments), min_size=1, max_size=6), st.integers(0, 20 * 3600))
def test_a_clock_shows_what_the_list_of_its_pauses_gives(place, events, target):
    spec, start = place
    hours = Hours.from_dict({**spec, "week": {**spec["week"], "wed": [["10:00", "11:00"]]}})
    clock = Clock(hours)
    clock.take(Step(start, "start", target=target))
    away: list[oracle.Pause] = []
    state = "running"

    for event, offset in sorted(events, key=lambda pair: pair[1]):
        at = start + offset
        state, away = _after(state, event, away, at)
        reading = clock.take(Step(at, event))
        due = _due(hours, start, target, away, state)

        assert reading.elapsed == hours.between(start, at, away)
        assert reading.due == due
        late = state == "resolved" and away[-1][0] > due
        assert reading.breached is (late or reading.elapsed > target)


def _after(state, event, away, at):
    """The state after an event, and the pauses: a resolved clock's last one is open."""
    moves = {"running": {"pause": "paused", "resolve": "resolved"},
             "paused": {"resume": "running", "resolve": "resolved"}, "resolved": {"reopen": "running"}}  # fmt: skip
    new = moves[state].get(event, state)
    if new == state:
        return state, away
    closed = [(begin, at if end is None else end) for begin, end in away]
    return new, closed if new == "running" else [*closed, (at, None)]


def _due(hours, start, target, away, state):
    if state == "paused":
        return None
    return hours.add(start, target, away[:-1] if state == "resolved" else away)


@pytest.mark.parametrize("always", [True, False])
def test_the_slow_count_itself_is_right_on_a_case_worked_by_hand(always):
    spec = {"tz": "Europe/Berlin", "always": always, "week": {"sat": [["22:00", "06:00"]]}, "holidays": []}
    start, end = datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)

    assert oracle.worked(spec, start, end, []) == timedelta(hours=24 if always else 7)
