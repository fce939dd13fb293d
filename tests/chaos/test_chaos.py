"""Kill any process at any instant: nothing is lost, nothing is sent twice (R-L1). The long form: bench/chaos.py."""

from pathlib import Path

import pytest

from tests.chaos.play import Outcome, Plan, play


def assert_nothing_lost_or_doubled(outcome: Outcome, plan: Plan) -> None:
    assert outcome.unfinished == ""
    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert (outcome.answers, outcome.acknowledgements) == (plan.answers, plan.letters)
    assert outcome.sent_twice == 0
    assert outcome.untrue == []
    assert set(outcome.states) <= {"sent", "failed", "unknown"}
    assert not outcome.fuse_blown


@pytest.mark.timeout(180)
def test_with_copies_every_letter_stands_once_and_every_answer_is_known(scratch: Path):
    plan = Plan(letters=60, answers=15, kills=5, seed=20261121, copies=True, limit_s=150)

    outcome = play(plan, scratch)

    assert_nothing_lost_or_doubled(outcome, plan)
    assert outcome.unknown == 0
