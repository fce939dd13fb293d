"""What history says of lives made of facts alone."""

from zoneinfo import ZoneInfo

import pytest

from otklik.sla._times import Times
from otklik.sla.advice import history, targets
from otklik.sla.advice.history import History
from otklik.sla.course import Fact, Policy, Rules
from otklik.sla.terms import Terms
from tests.sla.calendars import office
from tests.sla.lives import ALWAYS, HOUR, USUAL, on

BEGUN = [Fact(on("02 09:00"), "bound", 1), Fact(on("02 09:00"), "team", 1), Fact(on("02 09:00"), "asked")]
ANSWERED = [Fact(on("02 12:30"), "answered", 7, "solve")]
CLOSED = [Fact(on("02 17:00"), "ended", to="closed")]
LOST = [  # ten minutes went while nobody knew
    Fact(on("02 12:30"), "answered", 7, "wait"),
    Fact(on("02 12:40"), "lost", 7),
    *CLOSED,
]


def told(*lives, target_h):
    """target_h: of a first answer; None promises none."""
    kinds = {**USUAL["targets"], "response": {"normal": target_h * HOUR} if target_h else {}}
    terms = Terms.from_dict({**USUAL, "targets": kinds})
    policy = Policy({1: Rules(terms, Times(((ALWAYS, office()),)))}, {})
    facts = {n: [*BEGUN, *life] for n, life in enumerate(lives)}
    return History(len(facts), len(facts), facts, policy, on("03 18:00"))


@pytest.mark.parametrize("target_h", [None, 1, 4, 16])
def test_only_an_answer_ends_the_wait_for_one_whatever_is_promised_today(target_h):
    one = told(ANSWERED, CLOSED, LOST, [], target_h=target_h)

    assert one.responses() == [(3.5 * HOUR, True), (7 * HOUR, False), (24600, False), (16 * HOUR, False)]
    many = targets.advise(
        told(*[ANSWERED] * 120, *[CLOSED] * 80, target_h=target_h).responses(), 90, 8 * HOUR
    )
    assert (many.ended, many.proposal_s) == (120, None)


def test_an_hour_that_the_period_cuts_is_no_busiest_one():
    rules = told(target_h=4).policy.versions[1]
    arrived = {on("02 09:00"): 10, on("02 10:00"): 4, on("02 11:00"): 90}

    def busiest(since, until):
        return history.busiest(arrived, rules, ZoneInfo("Europe/Moscow"), (on(since), on(until)))

    assert busiest("02 08:00", "02 11:20") == (9, 10)
    assert busiest("02 09:10", "02 11:20") == (None, 4)
    assert busiest("02 08:00", "02 12:00") == (11, 90)
