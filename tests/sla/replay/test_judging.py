"""History judged all at once says of each clock what its own course says, by any hours and targets."""

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.sla import _instants, course
from otklik.sla.course import Policy, Rules
from otklik.sla.replay import judging, wishing
from otklik.sla.replay.judging import KEPT, LATE, NONE
from otklik.sla.replay.tapes import Recorder
from otklik.sla.replay.wishing import Wish
from otklik.sla.terms import KINDS
from tests.sla.calendars import every_day
from tests.sla.test_course_properties import BEGIN, LIVES, POLICY, TIMES, _facts

WISHES = st.sampled_from([
    Wish(), Wish(hours="saturday"), Wish(hours="longer", since="08:00", until="22:00"), Wish(hours="always"),
    Wish(hours="calendar", calendar=1), Wish(targets={"response": {"normal": 600}, "news": {"normal": 3600}}),
])  # fmt: skip
NIGHT = every_day(["23:00", "05:00"], tz="Asia/Omsk")


def _told(facts, policy, now):
    """(kind, cycle) → due, verdict, by the course of this request alone."""
    found = {}
    for one in course.run(facts, policy):
        late = one.late or (one.state == "running" and one.due_at < now)
        verdict = LATE if late else KEPT if one.state == "done" else NONE
        due = NONE if one.due_at is None else _instants.from_datetime(one.due_at)
        found[one.kind, one.cycle] = due, verdict
    return found


@given(st.lists(LIVES, min_size=1, max_size=4), WISHES, st.integers(0, 20 * 86_400_000))
@settings(deadline=None)
def test_columns_say_what_the_course_of_each_request_says(lives, wish, ms):
    now = BEGIN + timedelta(milliseconds=ms)
    lives = [[one for one in _facts(life) if one.at <= now] for life in lives]
    policy = wishing.changed(POLICY, wish, NIGHT, now)
    recorder = Recorder(now, lambda _policy: policy)
    for place, facts in enumerate(lives):
        recorder.take(place, facts, POLICY)
    tape = recorder.tape()
    judged = judging.judge(tape, policy)

    for place, facts in enumerate(lives):
        shown = judging._goals(tape, policy.versions) > 0
        at = np.flatnonzero((tape.request == place) & shown).tolist()
        found = {
            (KINDS[tape.kind[n]], tape.cycle[n]): (judged.due[n], judged.verdict[n]) for n in at
        }  # fmt: skip
        assert found == _told(facts, policy, now)


def test_a_wish_for_nothing_changes_nothing_and_hours_for_all_of_history_are_one():
    same = wishing.changed(POLICY, Wish(), None, BEGIN)
    other = wishing.changed(POLICY, Wish(hours="calendar", calendar=1), NIGHT, BEGIN)

    assert same == POLICY
    assert {id(one.times) for one in other.versions.values()} == {id(other.versions[1].times)}


def test_saturdays_take_the_hours_of_a_working_day_and_longer_hours_leave_days_off_alone():
    times = TIMES["edited"]
    policy = Policy({1: Rules(POLICY.versions[1].terms, times)}, {})
    office = times.hours_at(_instants.from_datetime(BEGIN))

    saturday = wishing.changed(policy, Wish(hours="saturday"), None, BEGIN).versions[1].times
    longer = wishing.hours_of(office, Wish(hours="longer", since="08:00", until="22:00"), None)

    week = saturday.hours_at(0).to_dict()["week"]
    assert week["sat"] == week["fri"]
    assert longer.to_dict()["week"]["mon"] == [["08:00", "22:00"]]
    assert "sat" not in longer.to_dict()["week"]
