"""The estimate of how levels keep a promise: known answers by hand, and a way drawn many times."""

import random

import pytest

from otklik.sla import chances, levels
from otklik.sla.terms import Terms
from otklik.sla.visits import END, Visit

H = 3600
TERMS = Terms.from_dict({"targets": {"resolution": {"normal": 3 * H}}, "levels": {"1": {"normal": H}}})


def _way(*stays, last=END):
    """Stays: (level, hours); one that came before is a return."""
    tos = [level for level, _hours in stays[1:]] + [last]
    seen = [level for level, _hours in stays]
    return tuple(
        Visit(level, level, int(hours * H), int(hours * H), to, level in seen[:place])
        for place, ((level, hours), to) in enumerate(zip(stays, tos, strict=True))
    )


def _left(stays):
    found = chances.curve(stays)
    return list(found.times), [round(float(one), 6) for one in found.left]


def test_the_product_limit_by_hand_with_ties_and_with_cases_that_go_on():
    stays = [(5, True), (1, True), (3, False), (3, True), (2, False)]

    assert _left(stays) == ([1, 3, 5], [0.8, round(0.8 * 2 / 3, 6), 0])


def test_ends_of_the_same_instant_are_one_step_and_an_exact_fit_is_in_time():
    curve = chances.curve([(2, True), (2, True), (2, True), (4, True)])

    assert (curve.share_by(2).value, curve.share_by(1.9).value, curve.percentile(0.75).value) == (0.75, 0, 2)


def test_without_an_end_nothing_is_known_and_no_case_gives_no_figure():
    going = chances.curve([(H, False), (2 * H, False)])
    assert going.percentile(0.5) == chances.Span(None, None, None)
    assert going.share_by(3 * H).low == 0
    assert going.share_by(3 * H).high == pytest.approx(1)
    assert going.share_by(H).high < 1  # one has been there for longer: we know as much

    nobody = chances.curve([])
    assert (nobody.cases, nobody.percentile(0.9).value, nobody.share_by(H).low) == (0, None, 0)
    one = chances.curve([(H, True)])
    assert (one.percentile(0.9).value, one.percentile(0.9).high, one.share_by(H).value) == (H, None, 1)


def test_the_band_of_a_percentile_is_as_wide_as_the_cases_are_few():
    few, more = (chances.curve((n, True) for n in range(1, cases + 1)).percentile(0.9) for cases in (30, 100))

    assert (few.value, few.high) == (27, None)  # thirty cases don't tell how long one of ten may take
    assert (more.value, more.low, more.high) == (90, 85, 96)


def test_ways_are_mixed_and_not_added():
    ways = [_way((1, 1))] * 60 + [_way((1, 1), (2, 2))] * 40

    whole = chances.whole(ways, 2 * H)

    assert [round(whole.share_by(hours * H).value, 6) for hours in (0.5, 1, 2, 3)] == [0, 0.6, 0.6, 1]
    assert whole.percentile(0.6).value == pytest.approx(H, abs=60)
    spent = {level: float(part.sum()) * whole.step_s / H for level, part in whole.parts.items()}
    assert spent == pytest.approx({1: 1, 2: 0.8, 3: 0, 4: 0}, abs=0.01)


def test_returns_go_round_as_often_as_they_did_and_last_as_long():
    ways = [_way((1, 1), (2, 1), (1, 0.5))] * 50 + [_way((1, 1), (2, 1), (1, 0.5), (2, 1), (1, 0.5))] * 50

    whole = chances.whole(ways, 4 * H)

    assert whole.share_by(2.6 * H).value == pytest.approx(
        1 / 2 + 1 / 6, abs=0.001
    )  # a return ends in 100 of 150
    assert whole.share_by(4.1 * H).value == pytest.approx(1 / 2 + 1 / 6 + 2 / 9, abs=0.07)
    assert chances.leading(ways)[1] == {END: 0.4, 2: 0.6}


def test_what_takes_no_time_is_in_time_and_what_nobody_saw_the_end_of_is_not():
    whole = chances.whole([_way((1, 0), (2, 0), (1, 0))] * 20 + [_way((1, 0), (2, 0), last=None)], 2 * H)

    assert whole.share_by(2 * H).value == pytest.approx(20 / 21, abs=1e-6)


def _drawn(chance, until=None):
    """A way that somebody looks at after `until` seconds: quick ones end, others bounce between three levels."""
    stays, level, seen, passed = [], 1, set(), 0.0
    while True:
        again = level in seen
        took = chance.expovariate(1 / ({1: 1, 2: 6, 3: 20}[level] * H * (0.5 if again else 1)))
        ends = {1: 0.9 if again else 0.7, 2: 0.4, 3: 0.5}[level]
        to = END if chance.random() < ends else {1: 2, 2: chance.choice((1, 3)), 3: 2}[level]
        if until is not None and passed + took > until:
            stays.append(Visit(level, level, int(until - passed), int(until - passed), None, again))
            return tuple(stays)
        stays.append(Visit(level, level, int(took), int(took), to, again))
        if to == END:
            return tuple(stays)
        seen.add(level)
        level, passed = to, passed + took


@pytest.mark.parametrize(("seed", "promise_h"), [(1, 4), (2, 16), (3, 40)])
def test_it_finds_the_truth_though_a_third_is_still_open(seed, promise_h):
    chance = random.Random(seed)
    truth = [sum(one.whole_s for one in _drawn(chance)) for _n in range(10_000)]
    true = sum(took <= promise_h * H for took in truth) / len(truth)
    ways = [_drawn(chance, chance.choice((None, chance.expovariate(1 / (15 * H))))) for _n in range(3000)]

    whole = chances.whole(ways, promise_h * H)

    share = whole.share_by(promise_h * H)
    assert share.value == pytest.approx(true, abs=0.025)
    assert share.low < true < share.high
    most = whole.percentile(0.9).value
    assert most is None or most == pytest.approx(sorted(truth)[9000], rel=0.15)
    ended = [sum(one.whole_s for one in way) <= promise_h * H for way in ways if way[-1].then == END]
    assert sum(ended) / len(ended) > true  # who looks at the ended ones alone is too glad


def test_a_sum_of_percentiles_says_no_where_the_whole_says_yes():
    chance = random.Random(7)
    ways = [_way((1, 0.5))] * 70 + [_way((1, 0.5), (2, 1 + chance.random() * 1.9)) for _n in range(30)]

    told = levels.figures(ways, TERMS, 1)

    assert told.naive_s
    assert told.most
    assert told.most.value
    assert told.naive_s > 3 * H > told.most.value
    assert told.chance
    assert told.straight
    assert told.chance.value > 0.9
    assert told.straight.low <= told.chance.value <= told.straight.high
    first, second = told.levels
    assert (first.kept.value, first.leads, second.target_s) == (1, ((END, 0.7), (2, 0.3)), None)
    assert first.part + second.part == pytest.approx(1)


@pytest.mark.parametrize("ways", [[], [_way((1, 1))], [_way((1, 1), last=None)] * 40, [_way((1, 1))] * 29])
def test_below_the_floor_nothing_is_claimed(ways):
    told = levels.figures(ways, TERMS, 1)

    assert (told.chance, told.most, told.is_enough, told.requests) == (None, None, False, len(ways))


def test_few_that_were_all_in_time_prove_no_hundred_percent():
    told = levels.figures([_way((1, 1))] * 40, TERMS, 1)

    assert told.chance.value == pytest.approx(1, abs=1e-6)
    assert 0.9 < told.chance.low < 0.93
    assert told.is_rough


def test_what_a_team_held_twice_is_judged_by_one_clock():
    ways = [_way((1, 0.7), (2, 1), (1, 0.7))] * 40

    first, _second = levels.figures(ways, TERMS, 1).levels

    assert (first.kept.value, first.again, first.visits) == (0, 0.5, 80)


def test_what_nobody_was_followed_through_to_makes_the_share_unsure_and_not_small():
    chance = random.Random(5)
    took = [chance.expovariate(1 / 10) for _n in range(500)]
    since = [
        chance.random() * 8 for _n in range(500)
    ]  # the newest of a busy desk: one working day old at most
    day = [
        _way((1, min(*one)), last=END if one[0] < one[1] else None) for one in zip(took, since, strict=True)
    ]
    young = [_way((1, 1))] * 40 + [_way((1, 2), last=None)] * 40
    terms = Terms.from_dict(
        {"targets": {"resolution": {"normal": 40 * H}}, "levels": {"1": {"normal": 40 * H}}}
    )

    for ways in (day, young):
        told = levels.figures(ways, terms, 1)
        for share in (told.chance, told.straight, told.levels[0].kept):
            assert share.low < 0.75
            assert share.high > 0.98
    assert chances.whole(young, 40 * H).share_by(1.5 * H).high < 0.7  # until then all were followed


def test_one_slow_case_speaks_for_nobody_else():
    ways = [_way((1, n / 20)) for n in range(1, 101)] + [_way((1, 5.1), last=None)] * 150 + [_way((1, 30))]
    curve = chances.curve((one.own_s, one.then is not None) for (one,) in ways)

    for told in (curve, chances.whole(ways), chances.whole(ways, 40 * H)):
        for share in (0.5, 0.9):
            assert (told.percentile(share).value, told.percentile(share).high) == (None, None)
        assert told.share_by(40 * H).value == pytest.approx(100 / 251, abs=0.01)
        assert told.share_by(40 * H).high == 1
    closed = chances.curve([(n, True) for n in range(1, 100)] + [(99, False)] * 30 + [(200, True)] * 5)
    assert closed.worth[-1] == closed.worth[-2]  # the last step is no surer than the one before


def test_without_a_promise_a_percentile_is_worth_what_is_known_at_its_time():
    ways = [_way((1, n / 100)) for n in range(1, 91)] + [_way((1, 1), last=None)] * 890
    ways += [_way((1, 2 + n / 5)) for n in range(20)]  # twenty alone tell by when half is over

    whole = chances.whole(ways).percentile(0.5)
    curve = chances.curve((one.own_s, one.then is not None) for (one,) in ways).percentile(0.5)

    assert whole.value == pytest.approx(curve.value, rel=0.01)
    assert whole.high == pytest.approx(curve.high, rel=0.05)
    assert whole.low == pytest.approx(curve.low, rel=0.1)


def test_the_sum_counts_no_level_of_which_too_little_is_known():
    ways = [_way((1, 1))] * 70 + [_way((1, 1), (2, 2))] * 29

    told = levels.figures(ways, TERMS, 1)

    assert (told.naive_s, told.is_enough) == (None, True)
