"""Targets out of histories whose truth is known, a third of them still open; human times; too little to say."""

import math

import pytest

from otklik.sla.advice import rounding, subjects, targets
from tests.sla.advice import histories
from tests.sla.advice.histories import H

SEEDS = range(80)
DAY_S = 8 * H


@pytest.fixture(scope="module")
def drawn():
    return [histories.made(seed) for seed in SEEDS]


@pytest.mark.parametrize("share", subjects.SHARES)
def test_the_truth_lies_in_the_interval_though_a_third_is_open_and_the_ended_ones_alone_lie(drawn, share):
    told = [targets.advise(one.cases, share, DAY_S) for one in drawn]
    true = histories.truth(share / 100)

    assert 0.28 < sum(one.open for one in drawn) / len(drawn) < 0.32
    within = [(one.bound.low or 0) <= true <= (one.bound.high or math.inf) for one in told]
    assert sum(within) >= 0.9 * len(SEEDS)
    assert all(
        (one.naive_s or 0) < (one.bound.low or 0) for one in told
    )  # the trap: surely too short, each time


def test_the_proposal_is_a_human_time_at_or_above_the_upper_end_and_is_kept(drawn):
    for one in drawn:
        told = targets.advise(one.cases, 90, DAY_S)
        if told.bound.high is None:
            assert told.proposal_s is None
            continue
        assert told.proposal_s in rounding.steps(DAY_S)
        assert told.proposal_s >= told.bound.high
        assert (one.took <= told.proposal_s).mean() > 0.86
    assert sum(targets.advise(one.cases, 90, DAY_S).proposal_s is not None for one in drawn) == len(SEEDS)


def test_below_a_hundred_ended_cases_nothing_is_proposed_but_what_there_is_is_told():
    few = targets.advise([(n * 60, True) for n in range(1, 100)], 90, DAY_S)
    assert (few.is_enough, few.proposal_s, few.ended) == (False, None, 99)
    assert few.bound.value == 90 * 60

    enough = targets.advise([(n * 60, True) for n in range(1, 101)], 90, DAY_S)
    assert (enough.is_enough, enough.proposal_s) == (True, 2 * H)
    nobody = targets.advise([], 90, DAY_S, 4 * H)
    assert (nobody.proposal_s, nobody.naive_s, nobody.kept, nobody.cases) == (None, None, None, 0)


def test_where_nobody_saw_the_end_of_the_slow_ones_nothing_is_proposed():
    told = targets.advise(
        [(n * 60, True) for n in range(1, 201)] + [(200 * 60, False)] * 200, 90, DAY_S, 4 * H
    )

    assert (told.is_enough, told.bound.value, told.proposal_s) == (True, None, None)
    assert told.naive_s == 180 * 60
    assert told.kept.low < 0.55 < told.kept.high


def test_todays_target_says_what_it_would_have_kept():
    told = targets.advise([(n * 60, True) for n in range(1, 201)], 90, DAY_S, H)

    assert told.kept.value == pytest.approx(0.3)
    marks = targets.choices(told)
    assert [one for one, _share in marks] == sorted(one for one, _share in marks)
    assert {H, told.proposal_s} <= {one for one, _share in marks}
    assert marks[-1][0] > (told.proposal_s or 0)


@pytest.mark.parametrize(
    ("seconds", "day_s", "human"),
    [
        (1, DAY_S, 15 * 60), (15 * 60, DAY_S, 15 * 60), (15 * 60 + 1, DAY_S, 30 * 60), (2.1 * H, DAY_S, 4 * H),
        (4 * H + 1, DAY_S, 8 * H), (8 * H + 1, DAY_S, 16 * H), (17 * H, DAY_S, 24 * H), (25 * H, DAY_S, 40 * H),
        (8 * H + 1, 9 * H, 9 * H), (8 * H + 1, 24 * H, 24 * H), (49 * H, 24 * H, 72 * H), (10**9, DAY_S, None),
    ],
)  # fmt: skip
def test_times_are_rounded_up_to_what_people_promise(seconds, day_s, human):
    assert rounding.up(seconds, day_s) == human


def test_times_of_levels_are_rounded_down_and_have_a_next_one():
    assert [rounding.down(one, DAY_S) for one in (1, 899, 6.9 * H, 50 * H)] == [300, 600, 6 * H, 48 * H]
    assert rounding.finer(6 * H, DAY_S) == 8 * H
