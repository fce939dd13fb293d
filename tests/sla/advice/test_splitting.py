"""Levels together: folded against a million requests that are played through, and times that fit into a promise."""

import random

import numpy as np
import pytest

from otklik.sla import chances
from otklik.sla.advice import rounding, splitting
from otklik.sla.visits import END, Visit
from tests.sla.advice import levelled
from tests.sla.advice.histories import H
from tests.sla.advice.levelled import MILLION, SLOW

DAY_S = 8 * H


@pytest.fixture(scope="module")
def played():
    return levelled.played()


@pytest.mark.parametrize("promise_h", [8, 16])
def test_levels_folded_are_within_two_percent_of_a_million_requests(played, promise_h):
    whole = chances.folded(levelled.stays(), 60_000, promise_h * H)

    for share in (0.5, 0.9, 0.95):
        assert whole.percentile(share).value == pytest.approx(played[int(share * MILLION)], rel=0.02), share
    true = np.searchsorted(played, promise_h * H, side="right") / MILLION
    assert whole.share_by(promise_h * H).value == pytest.approx(true, rel=0.02)
    tops = sum(-np.log(0.1) * one * H for one in SLOW.values())
    assert tops > 6 * played[int(0.9 * MILLION)]  # a sum of the levels' percentiles is another thing


@pytest.fixture(scope="module")
def ways():
    chance = random.Random(3)
    return [levelled.way(chance) for _n in range(800)]


@pytest.mark.parametrize(("promise", "share"), [(16 * H, 90), (40 * H, 95), (10 * H, 85)])
def test_times_of_levels_are_as_long_as_they_may_be_and_still_fit(ways, promise, share):
    told = splitting.split(ways, promise, share, DAY_S)

    assert told.fits
    assert told.kept.value >= share / 100
    assert all(one.target_s in rounding.steps(DAY_S, fine=True) for one in told.parts)
    assert [one.level for one in told.parts] == [1, 2, 3]
    assert told.parts[0].kept.value > share / 100 - 0.05  # nobody is asked for what they don't do today
    assert told.through_all == pytest.approx(0.075, abs=0.025)
    targets = [one.target_s for one in told.parts]
    assert told.sum_s == sum(targets)


def test_a_promise_that_is_too_short_asks_the_levels_for_more_than_they_do(ways):
    told = splitting.split(ways, 2 * H, 90, DAY_S)

    assert any(one.kept.value < 0.9 for one in told.parts)
    assert all(one.target_s <= 2 * H for one in told.parts)


def test_one_level_may_take_all_of_the_promise():
    ways = [(Visit(1, 1, n * 60, n * 60, END),) for n in range(1, 201)]

    told = splitting.split(ways, 4 * H, 90, DAY_S)

    assert [(one.level, one.target_s) for one in told.parts] == [(1, 4 * H)]
    assert told.through_all == 1


def test_with_too_few_stays_at_a_level_nothing_is_split(ways):
    assert splitting.split(ways[:40], 16 * H, 90, DAY_S) is None
    assert splitting.split([], 16 * H, 90, DAY_S) is None
