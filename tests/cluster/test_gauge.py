"""How old a replica is, by places in the log."""

import pytest

from otklik.replica import LAG_LIMIT_S, STALE_S, Gauge, Standing, lsn


def test_a_replica_that_has_all_is_not_late_however_long_nobody_writes():
    gauge = Gauge()

    assert [gauge.standing(at, 100, 100).lag_s for at in (0.0, 1.0, 500.0)] == [0, 0, 0]


def test_lag_is_the_age_of_the_last_end_of_the_log_that_it_has_reached():
    gauge = Gauge()
    reached = [gauge.standing(at, written, replayed).lag_s for at, written, replayed in
               [(0.0, 100, 100), (1.0, 200, 150), (2.0, 300, 199), (3.0, 400, 200), (4.0, 400, 400)]]  # fmt: skip

    assert reached == [0, 1, 2, 2, 0]


def test_a_replica_whose_line_is_cut_grows_late_though_it_has_replayed_all_that_came():
    gauge = Gauge()
    gauge.standing(0, 100, 100)

    standings = [gauge.standing(float(at), 101, 100) for at in range(1, 200)]

    assert [one.is_near(one.at) for one in standings[:6]] == [True] * 5 + [False]
    assert not standings[-1].is_near(standings[-1].at)


def test_nothing_is_known_of_a_replica_that_was_never_seen_to_reach_anything():
    assert Gauge().standing(0, 200, 100).lag_s is None
    assert not Standing().is_near(0)


def test_an_old_measure_tells_nothing():
    standing = Gauge().standing(10, 100, 100)

    assert standing.is_near(10 + STALE_S)
    assert not standing.is_near(10 + STALE_S + 0.1)
    assert STALE_S < LAG_LIMIT_S


@pytest.mark.parametrize(("text", "place"), [("0/10", 16), ("1/0", 2**32), ("FFFFFFFF/FFFFFFFF", 2**64 - 1)])
def test_a_place_in_the_log_is_a_number(text, place):
    assert lsn(text) == place


@pytest.mark.parametrize("text", ["", "0", "0/", "0/G", "1/123456789", "0/1;drop", " 0/1"])
def test_anything_else_is_no_place(text):
    assert lsn(text) is None
