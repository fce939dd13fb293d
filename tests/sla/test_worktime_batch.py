import numpy as np
import pytest

from otklik.sla.worktime import BadCall, Hours, NoWorkingTime
from tests.sla.calendars import moscow, office

MONDAY = int(moscow("2026-03-02 00:00").timestamp())
HOUR = 3600


def test_a_batch_of_random_instants_equals_single_calls():
    hours, numbers = office("America/New_York"), np.random.default_rng(2026)
    since = numbers.integers(MONDAY, MONDAY + 400 * 86_400, 2_000)
    seconds = numbers.integers(0, 200 * HOUR, 2_000)

    due = hours.add_many(since, seconds)
    between = hours.between_many(since, since + seconds)

    assert due.dtype == between.dtype == np.int64
    assert due.tolist() == [hours.add(a, n) for a, n in zip(since.tolist(), seconds.tolist(), strict=True)]
    assert between.tolist() == [
        hours.between(a, a + n) for a, n in zip(since.tolist(), seconds.tolist(), strict=True)
    ]


def test_one_number_serves_the_whole_array():
    assert office().add_many([MONDAY, MONDAY + 86_400], 8 * HOUR).tolist() == [
        MONDAY + 18 * HOUR, MONDAY + 42 * HOUR
    ]  # fmt: skip
    assert office().between_many(MONDAY, [MONDAY + 10 * HOUR, MONDAY - HOUR]).tolist() == [HOUR, 0]


def test_fractions_stay_fractions():
    assert office().add_many([MONDAY + 9.5 * HOUR + 0.25], [1]).tolist() == [MONDAY + 9.5 * HOUR + 1.25]


def test_an_empty_batch_is_answered_with_an_empty_one():
    assert office().add_many([], []).tolist() == []
    assert office().between_many([], []).tolist() == []


def test_nothing_to_do_gives_the_start_back_even_in_closed_time():
    assert office().add_many([MONDAY, MONDAY + 20 * HOUR], 0).tolist() == [MONDAY, MONDAY + 20 * HOUR]


def test_due_times_beyond_the_first_table_are_found():
    rare = Hours.from_dict({"tz": "UTC", "days": {"2035-12-30": [["00:00", "01:00"]]}})

    assert rare.add_many([MONDAY], [HOUR]).tolist() == [rare.add(MONDAY, HOUR)]


def test_a_batch_says_when_one_of_it_never_gets_its_working_time():
    once = Hours.from_dict({"tz": "UTC", "days": {"2026-03-03": [["00:00", "01:00"]]}})

    assert once.add_many([MONDAY], [HOUR]).tolist() == [once.add(MONDAY, HOUR)]
    with pytest.raises(NoWorkingTime, match="2026-03-05"):
        once.add_many([MONDAY, MONDAY + 3 * 86_400 + 3 * HOUR], [HOUR, 1])


@pytest.mark.parametrize(
    ("since", "seconds", "words"),
    [
        ([1, 2, 3], [1, 2], "разной длины"),
        (["2026-03-02"], [1], "массивы чисел"),
        (np.array(["2026-03-02"], dtype="datetime64[s]"), [1], "массивы чисел"),
        ([float("nan")], [1], "NaN"),
        ([1], [-1], "меньше нуля"),
        ([10**17], [1], "1900–2199"),
    ],
)
def test_a_senseless_batch_is_refused_in_words(since, seconds, words):
    with pytest.raises(BadCall, match=words):
        office().add_many(since, seconds)


@pytest.mark.parametrize("much", [2**63 - 1, 1e300])
def test_more_work_than_there_is_time_is_refused_in_a_batch_too(much):
    with pytest.raises(NoWorkingTime, match="2026-03-01 21:00"):
        office().add_many([MONDAY], [much])


def test_a_long_batch_equals_single_calls_and_names_the_one_that_fails():
    hours, since = office(), np.arange(MONDAY, MONDAY + 20_000 * 60, 60)
    until = [hours.add(one, 5 * HOUR) for one in since[::997].tolist()]

    assert hours.add_many(since, 5 * HOUR)[::997].tolist() == until
    with pytest.raises(NoWorkingTime, match="2026-03-15"):
        hours.add_many(since, [*[HOUR] * 19_999, 10**9])
