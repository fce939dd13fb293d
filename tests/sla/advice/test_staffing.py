"""How many people: against the published example, against a queue that is played through, and at its borders."""

import heapq
import math

import numpy as np
import pytest

from otklik.sla.advice import staffing
from otklik.sla.advice.staffing import Load

CALLS = {"per_hour": 200, "handling_s": 180}


def test_the_published_example_needs_fourteen_and_thirteen_where_callers_lose_patience():
    all_wait, five_minutes = Load(**CALLS), Load(**CALLS, patience_s=300)

    assert staffing.people_needed(all_wait, 0.8, 20).people == 14
    assert [round(staffing.served(n, all_wait, 20).in_time, 3) for n in (13, 14)] == [0.796, 0.888]
    assert staffing.people_needed(five_minutes, 0.8, 20).people == 13
    twelve = staffing.served(12, five_minutes, 20)
    assert round(twelve.in_time, 3) == 0.772
    assert round(twelve.in_time / (1 - twelve.left), 3) == 0.807  # of those who stayed: not our reading


def _played(people, load, within_s, contacts=30_000):
    """A queue from its first contact on: in time, gave up, mean wait, occupancy."""
    chance = np.random.default_rng(20)
    comes = np.cumsum(chance.exponential(3600 / load.per_hour, contacts)).tolist()
    takes = chance.exponential(load.handling_s, contacts).tolist()
    stays = (
        chance.exponential(load.patience_s or 1, contacts).tolist()
        if load.patience_s
        else [math.inf] * contacts
    )
    free, waits, worked = [0.0] * people, [], 0.0
    for come, take, stay in zip(comes, takes, stays, strict=True):
        wait = max(free[0] - come, 0.0)
        waits.append(min(wait, stay))
        if wait <= stay:
            heapq.heapreplace(free, come + wait + take)
            worked += take
    told, most = np.array(waits), np.array(stays)
    in_time = np.mean((told <= within_s) & (told < most))
    return in_time, np.mean(told >= most), told.mean(), worked / comes[-1] / people


@pytest.mark.parametrize(
    ("people", "load"),
    [(14, Load(**CALLS)), (13, Load(**CALLS, patience_s=300)), (8, Load(**CALLS, patience_s=60)), (1, Load(10, 180))],
)  # fmt: skip
def test_it_says_what_a_queue_that_is_played_through_does(people, load):
    told = staffing.served(people, load, 20)

    in_time, left, wait_s, occupancy = _played(people, load, 20)

    assert told.in_time == pytest.approx(in_time, abs=0.015)
    assert told.left == pytest.approx(left, abs=0.01)
    assert told.wait_s == pytest.approx(wait_s, rel=0.08, abs=0.5)
    assert told.occupancy == pytest.approx(occupancy, abs=0.01)


def _leaving_after(patience_s, people, load, within_s):
    """In time where each gives up after exactly so long: by the virtual wait (Gnedenko and Kovalenko)."""
    come, serve, lost = load.per_hour / 3600, people / load.handling_s, 1.0
    for one in range(1, people):
        lost = load.erlangs * lost / (one + load.erlangs * lost)
    spare = serve - come
    found, every = (come * (1 - math.exp(-spare * upto)) / spare for upto in (within_s, patience_s))
    return (1 / lost + found) / (1 / lost + every + come * math.exp(-spare * patience_s) / serve)


def test_callers_who_leave_after_exactly_five_minutes_are_not_what_the_example_means():
    thirteen = _leaving_after(300, 13, Load(**CALLS), 20)

    assert round(thirteen, 3) == 0.797  # hardly anybody waits so long
    assert _leaving_after(36_000, 13, Load(**CALLS), 20) == pytest.approx(
        staffing.served(13, Load(**CALLS), 20).in_time
    )


def test_patience_without_end_is_the_same_as_all_who_wait():
    patient, all_wait = (staffing.served(14, Load(**CALLS, patience_s=one), 20) for one in (1e6, None))

    assert patient.in_time == pytest.approx(all_wait.in_time, abs=1e-3)
    assert patient.wait_s == pytest.approx(all_wait.wait_s, rel=0.01)


def test_without_a_contact_one_person_is_enough_and_idle():
    for patience in (None, 60):
        quiet = staffing.people_needed(Load(0, 180, patience), 0.99, 0)
        assert (quiet.people, quiet.in_time, quiet.wait_s, quiet.occupancy) == (1, 1, 0, 0)


def test_who_has_more_work_than_time_keeps_nothing_and_whoever_leaves_unburdens_them():
    drowned = staffing.served(10, Load(**CALLS), 24 * 3600)
    assert (drowned.in_time, drowned.keeps_up, drowned.occupancy) == (0, False, 1)
    assert staffing.waited(10, Load(**CALLS), 0.9) is None

    left = staffing.served(5, Load(**CALLS, patience_s=60), 20)
    assert left.keeps_up
    assert left.left == pytest.approx(0.5, abs=0.02)
    assert left.occupancy == pytest.approx(0.96, abs=0.01)


def test_one_person_is_the_plain_queue_of_the_textbook():
    one = staffing.served(1, Load(10, 180), 60)  # half of the time busy

    assert one.wait_s == pytest.approx(180)
    assert one.in_time == pytest.approx(1 - 0.5 * math.exp(-60 / 360))
    assert staffing.waited(1, Load(10, 180), 0.9) == pytest.approx(360 * math.log(5))
    assert staffing.waited(5, Load(10, 180), 0.9) == 0


def test_more_are_hired_than_work_at_once():
    assert [staffing.hired(14, away) for away in (0, 0.3, 0.5)] == [14, 20, 28]
    assert staffing.hired(7, 0.3) == 10  # exactly, without a tenth of a person more


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Load(-1, 180), lambda: Load(1, 0), lambda: Load(math.inf, 1), lambda: Load(1, 1, 0),
        lambda: staffing.served(0, Load(1, 1), 1), lambda: staffing.served(1, Load(1, 1), -1),
        lambda: staffing.people_needed(Load(1, 1), 1, 1), lambda: staffing.hired(1, 1),
        lambda: staffing.people_needed(Load(1e9, 3600), 0.9, 1),
    ],
)  # fmt: skip
def test_what_is_no_load_is_refused_with_what_it_should_be(wrong):
    with pytest.raises(ValueError, match=r"or more|more than|above 0|1 to"):
        wrong()


def test_a_thousand_people_are_counted_as_well_as_ten():
    load = Load(20_000, 180, 300)

    found = staffing.people_needed(load, 0.8, 20)

    assert 950 < found.people < 1010
    assert staffing.served(found.people - 1, load, 20).in_time < 0.8 <= found.in_time
