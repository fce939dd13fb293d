"""How a request went through the levels: by hand, and against its clocks on random lives."""

from datetime import timedelta

from hypothesis import given

from otklik.sla import _instants, course, visits
from otklik.sla._table import TICKS
from otklik.sla._times import Times
from otklik.sla.course import Fact, Policy, Rules
from otklik.sla.terms import Terms
from otklik.sla.visits import END, Visit
from tests.sla.calendars import office
from tests.sla.lives import ALWAYS, HOUR, USUAL, on
from tests.sla.test_course_properties import LIVES, POLICY, _facts

BEGUN = [Fact(on("02 16:00"), "bound", 1), Fact(on("02 16:00"), "team", 1), Fact(on("02 16:00"), "asked")]
RULES = Rules(Terms.from_dict({**USUAL, "reopen_days": 2}), Times(((ALWAYS, office()),)))
BY_LEVEL = Policy({1: RULES}, {1: [(ALWAYS, 1)], 2: [(ALWAYS, 2)], 3: [(ALWAYS, 3)]})


def _ways(*facts, now="31 12:00"):
    return visits.ways([*BEGUN, *facts], BY_LEVEL, now=on(now))


def _moved(text, team):
    return Fact(on(text), "team", team)


def _solved(text):
    return Fact(on(text), "ended", to="solved")


def _hours(level, own, then, *, whole=None, again=False):
    return Visit(level, level, own * HOUR, (own if whole is None else whole) * HOUR, then, again)


def test_visits_go_from_hand_over_to_hand_over_and_a_return_is_a_visit_of_its_own():
    (way,) = _ways(_moved("03 10:00", 2), _moved("03 15:00", 1), _solved("03 17:00"))

    assert way == (_hours(1, 3, 2), _hours(2, 4, 1), _hours(1, 2, END, again=True))


def test_one_that_is_still_there_leads_nowhere_yet():
    (way,) = _ways(_moved("03 10:00", 2), now="03 12:00")

    assert way == (_hours(1, 3, 2), _hours(2, 2, None))


def test_a_wait_for_the_vendor_is_no_time_of_the_level_but_of_the_promise():
    asked, said = Fact(on("02 17:00"), "vendor_asked", 1), Fact(on("03 12:00"), "vendor_said", 2)

    assert _ways(asked, said, _solved("03 15:00")) == [(_hours(1, 3, END, whole=7),)]


def test_a_wait_for_the_client_is_nobodys_time():
    answered, asked = Fact(on("02 17:00"), "answered", 7, "wait"), Fact(on("03 12:00"), "asked")

    assert _ways(answered, asked, _solved("03 15:00")) == [(_hours(1, 3, END),)]


def test_a_reopening_within_days_goes_on_with_the_visit_and_a_later_one_begins_a_way():
    soon, late = Fact(on("04 09:00"), "asked"), Fact(on("16 09:00"), "asked")
    facts = _moved("02 17:00", 2), _solved("03 09:00"), soon, _solved("04 10:00"), late, _solved("16 12:00")

    assert _ways(*facts) == [(_hours(1, 1, 2), _hours(2, 2, END)), (_hours(2, 3, END),)]


def test_after_the_end_another_team_may_get_what_the_client_reopens():
    facts = _solved("02 17:00"), _moved("03 09:00", 2), Fact(on("03 10:00"), "asked"), _solved("03 11:00")

    assert _ways(*facts) == [(_hours(1, 1, 2), _hours(2, 1, END))]


def test_spam_and_what_nothing_binds_are_no_ways():
    assert _ways(Fact(on("03 10:00"), "ended", to="spam")) == []
    assert visits.ways(BEGUN[1:], BY_LEVEL, now=on("03 10:00")) == []


@given(LIVES)
def test_visits_add_up_to_the_clocks_of_the_levels_and_of_the_whole(life):
    facts = _facts(life)
    now = facts[-1].at + timedelta(hours=5)
    at = _instants.from_datetime(now)
    lived = course.live(facts, POLICY)
    judged = [one for one in lived.meters if one.kind == "resolution" and not (one.void and one.ended)]
    spoilt = any(one.void and one.ended for one in lived.meters if one.kind == "resolution")

    ways = visits.ways(facts, POLICY, now=now)

    whole = [sum(one.whole_s for one in way) for way in ways]
    lasted = [one.elapsed(at) // TICKS for one in judged]
    assert [one for one in whole if one] == [
        one for one in lasted if one
    ]  # what ends as it begins is no visit
    own = sum(one.own_s for way in ways for one in way)
    levels = sum(one.elapsed(at) // TICKS for one in lived.meters if one.kind == "level")
    assert own == levels or spoilt
    assert all(way[place].then == way[place + 1].level for way in ways for place in range(len(way) - 1))
