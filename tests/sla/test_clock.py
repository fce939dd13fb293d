import pytest

from otklik.sla import clock
from otklik.sla.worktime import BadCall, BadSteps, Reading, Step, replay
from tests.sla.calendars import every_day, moscow, office

HOUR = 3600

# a day of an office clock (9–13, 14–18) with a target of four hours: steps and what it shows after each:
# working hours elapsed, due, breached
STORIES = {
    "solved in time": [
        ("09:00", "start", 0, "13:00", False),
        ("12:00", "resolve", 3, "13:00", False),
    ],
    "solved exactly at due is in time": [
        ("09:00", "start", 0, "13:00", False),
        ("13:00", "resolve", 4, "13:00", False),
    ],
    "solved in the break, after due: late though no work is over the target": [
        ("09:00", "start", 0, "13:00", False),
        ("13:30", "resolve", 4, "13:00", True),
    ],
    "paused for the client": [
        ("09:00", "start", 0, "13:00", False),
        ("10:00", "pause", 1, None, False),
        ("15:00", "resume", 1, "18:00", False),
        ("18:00", "resolve", 4, "18:00", False),
    ],
    "a pause in closed time moves nothing": [
        ("09:00", "start", 0, "13:00", False),
        ("13:00", "pause", 4, None, False),
        ("14:00", "resume", 4, "13:00", False),
    ],
    "late, then paused: late still, and no due time": [
        ("09:00", "start", 0, "13:00", False),
        ("15:00", "pause", 5, None, True),
        ("16:00", "resume", 5, "13:00", True),
    ],
    "a second pause and a resume without a pause change nothing": [
        ("09:00", "start", 0, "13:00", False),
        ("09:30", "resume", 0.5, "13:00", False),
        ("10:00", "pause", 1, None, False),
        ("11:00", "pause", 1, None, False),
        ("12:00", "resume", 1, "16:00", False),
    ],
    "solved while paused": [
        ("09:00", "start", 0, "13:00", False),
        ("10:00", "pause", 1, None, False),
        ("11:00", "resolve", 1, "15:00", False),
    ],
    "reopened: the time between counts like a pause": [
        ("09:00", "start", 0, "13:00", False),
        ("11:00", "resolve", 2, "13:00", False),
        ("16:00", "reopen", 2, "18:00", False),
        ("17:00", "resolve", 3, "18:00", False),
    ],
    "after the solution a pause says nothing and the verdict stays": [
        ("09:00", "start", 0, "13:00", False),
        ("11:00", "resolve", 2, "13:00", False),
        ("12:00", "pause", 2, "13:00", False),
        ("17:00", "resolve", 2, "13:00", False),
    ],
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_clock_of_four_hours_on_monday_shows(story):
    steps = [Step(_monday(time), event, target=4 * HOUR) for time, event, *_ in story]

    shown = replay(steps, office())

    assert shown == [
        Reading(hours * HOUR, due and _monday(due), breached) for _, _, hours, due, breached in story
    ]


def _monday(clock_time):
    return moscow(f"2026-03-02 {clock_time}")


def test_a_new_target_keeps_start_elapsed_time_and_pauses():
    shown = replay(
        [
            Step(_monday("09:00"), "start", target=8 * HOUR),
            Step(_monday("10:00"), "pause"),
            Step(_monday("11:00"), "resume"),
            Step(_monday("12:00"), "target", target=2 * HOUR),
            Step(_monday("12:30"), "target", target=HOUR),
            Step(_monday("14:30"), "target", target=6 * HOUR),
        ],
        office(),
    )

    assert [reading.due for reading in shown[3:]] == [_monday("12:00"), _monday("10:00"), _monday("17:00")]
    assert [reading.elapsed for reading in shown[3:]] == [2 * HOUR, 2.5 * HOUR, 3.5 * HOUR]
    assert [reading.breached for reading in shown[3:]] == [False, True, False]


def test_new_hours_count_from_their_instant_and_leave_what_has_elapsed():
    shown = replay(
        [
            Step(_monday("12:00"), "start", target=3 * HOUR),
            Step(_monday("16:00"), "hours", hours=every_day(["17:00", "20:00"], tz="Europe/Moscow")),
            Step(_monday("17:30"), "pause"),
            Step(_monday("18:00"), "hours", hours=office()),
            Step(moscow("2026-03-03 09:00"), "resume"),
        ],
        office(),
    )

    assert [reading.elapsed / HOUR for reading in shown] == [0, 3, 3.5, 3.5, 3.5]
    assert [reading.due for reading in shown] == [
        _monday("16:00"), _monday("16:00"), None, None, _monday("16:00")
    ]  # fmt: skip
    assert [reading.breached for reading in shown] == [False, False, True, True, True]


def test_new_hours_move_a_due_time_that_is_not_reached():
    longer = every_day(["09:00", "20:00"], tz="Europe/Moscow")

    shown = replay(
        [Step(_monday("17:00"), "start", target=2 * HOUR), Step(_monday("17:30"), "hours", hours=longer)],
        office(),
    )

    assert [reading.due for reading in shown] == [moscow("2026-03-03 10:00"), _monday("19:00")]


def test_a_target_set_after_the_solution_judges_only_a_reopened_clock():
    shown = replay(
        [
            Step(_monday("09:00"), "start", target=2 * HOUR),
            Step(_monday("12:00"), "resolve"),
            Step(_monday("12:30"), "target", target=4 * HOUR),
            Step(_monday("14:00"), "reopen"),
        ],
        office(),
    )

    assert [reading.breached for reading in shown] == [False, True, True, False]
    assert [reading.due for reading in shown[2:]] == [_monday("11:00"), _monday("15:00")]


def test_a_clock_counts_posix_seconds_as_well():
    always = every_day(["00:00", "24:00"])

    assert clock.replay([Step(0, "start", target=100), Step(30, "pause"), Step(50, "resume")], always) == [
        Reading(0, 100, False), Reading(30, None, False), Reading(30, 120, False)
    ]  # fmt: skip


def test_fractions_of_a_second_add_up_exactly():
    always = every_day(["00:00", "24:00"])
    steps = [Step(0, "start", target=0.3), Step(0.1, "pause"), Step(1, "resume"), Step(1.2, "resolve")]

    assert replay(steps, always)[-1] == Reading(0.3, 1.2, False)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([Step(0, "pause")], "первый шаг"),
        ([Step(0, "start", target=1), Step(1, "start", target=1)], "первый шаг"),
        ([Step(0, "start")], "target"),
        ([Step(0, "start", target=1), Step(5, "pause"), Step(4, "resume")], "раньше предыдущего"),
        ([Step(0, "start", target=1), Step(5, "hours")], "новый календарь"),
        (
            [
                Step(0, "stop")  # type: ignore[arg-type]  # wrong on purpose
            ],
            "такого шага нет",
        ),
    ],
)
def test_contradicting_steps_are_refused(steps, words):
    with pytest.raises(BadSteps, match=words):
        replay(steps, office())


def test_steps_of_two_kinds_of_instants_are_refused():
    with pytest.raises(BadCall, match="одинаково"):
        replay([Step(0, "start", target=1), Step(_monday("09:00"), "pause")], office())
