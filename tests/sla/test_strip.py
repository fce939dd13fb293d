"""The strip of days above an account: what lies where."""

from otklik.sla import course, strip
from otklik.sla.course import Fact
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
