"""«Прошло …, осталось …» of an account against the clock itself, for random lives of a request."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.sla import _instants, account_page, course
from tests.sla.test_course_properties import LIVES, POLICY, _facts

TICKS = 1_000_000


@given(LIVES, st.integers(0, 5 * 86_400))
@settings(deadline=None)
def test_what_has_passed_is_the_working_time_less_pauses_and_the_rest_is_left(life, gap):
    facts = _facts(life)
    now = facts[-1].at + timedelta(seconds=gap)
    for one in course.run(facts, POLICY):
        lines = course.trace(facts, POLICY, one.kind, one.cycle, until=now)

        shown: Any = SimpleNamespace(lines=lines, chosen=one, now=now)  # Any: an account without its request
        done, left = account_page._done(shown)

        first = one.started_at.second  # minutes are whole on the wall
        assert done // 60 == (_worked(one, now) + first) // 60
        assert done // 60 + left == (one.target_s + first) // 60


def _worked(one, now):
    """By the clock as it stands, and the calendar since."""
    since, until = _instants.from_datetime(one.changed_at), _instants.from_datetime(now)
    runs = one.state == "running"
    return one.elapsed_s + (POLICY.versions[one.version].times.between(since, until) // TICKS if runs else 0)
