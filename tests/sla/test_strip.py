"""The strip of days above an account: what lies where."""

from datetime import datetime, timedelta

from otklik.sla import course, strip
from otklik.sla._times import Times
from otklik.sla.course import Fact, Policy, Rules
from otklik.sla.terms import Terms
from otklik.sla.worktime import Hours
from tests.sla.calendars import MOSCOW
from tests.sla.lives import on
from tests.sla.test_course import _policy

BEGUN = [Fact(on("06 09:00"), "bound", 1), Fact(on("06 09:00"), "asked")]
PAUSED = [*BEGUN, Fact(on("06 16:00"), "answered", 7, "wait"), Fact(on("09 10:00"), "asked")]


def _lines(facts, until):
    return course.trace(facts, _policy(), "resolution", 1, until=until)


def test_work_pause_and_what_lies_ahead_stand_by_their_hours_with_a_weekend_in_one_bed():
    now, due = on("09 12:00"), on("10 12:00")

    drawn = strip.drawn(_lines(PAUSED, now), now=now, due=due)

    assert drawn is not None
    assert drawn.now is not None
    assert drawn.due is not None
    assert [(bed.first.day, bed.last.day) for bed in drawn.beds] == [(6, 6), (7, 8), (9, 9), (10, 10)]
    assert [[piece.look for piece in bed.pieces] for bed in drawn.beds] == [
        ["on", "on", "pause"], ["pause"], ["pause", "on", "plan", "plan"], ["plan"],
    ]  # fmt: skip
    monday, tuesday = drawn.beds[2:]
    assert round(drawn.now - monday.x, 6) == round(monday.width / 3, 6)  # three hours of nine
    assert round(drawn.due - tuesday.x, 6) == round(tuesday.width / 3, 6)
    for bed in drawn.beds:
        assert all(bed.x <= one.x and one.x + one.width <= bed.x + bed.width + 1e-6 for one in bed.pieces)


def test_of_too_many_days_there_is_no_strip():
    assert strip.drawn(_lines(BEGUN, on("31 12:00")), now=on("31 12:00"), due=on("10 09:00")) is None


def test_an_hour_that_a_clock_tells_twice_has_a_width():
    """Summer time ends at three: the hour after it begins at two again."""
    begun = datetime.fromisoformat("2026-10-25T02:00:00+02:00")
    due = begun + timedelta(hours=1)
    always = Times(((begun, Hours.from_dict({"tz": "Europe/Berlin", "always": True})),))
    policy = Policy({1: Rules(Terms.from_dict({"targets": {"resolution": {"normal": 3600}}}), always)}, {})
    lines = course.trace(
        [Fact(begun, "bound", 1), Fact(begun, "asked")], policy, "resolution", 1, until=begun
    )

    drawn = strip.drawn(lines, now=begun, due=due)

    assert drawn is not None
    assert [(bed.first.day, bed.last.day) for bed in drawn.beds] == [(25, 25)]
    assert drawn.now == drawn.due == drawn.beds[0].x


def test_a_life_that_ends_as_its_day_begins_lies_on_that_day():
    begun = on("07 00:00")
    facts = [Fact(begun, "bound", 1), Fact(begun, "asked"), Fact(begun, "ended", to="solved")]
    assert [(bed.first.day, bed.last.day) for bed in strip._beds(_lines(facts, begun), MOSCOW)] == [(7, 7)]
