"""Where the time of a request went: by hand, and to the second on random lives."""

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.sla import _instants, course
from otklik.sla._table import TICKS
from otklik.sla._times import Times
from otklik.sla.course import Fact, Policy, Rules
from otklik.sla.replay import parts
from otklik.sla.replay.parts import Deed, Part, Turn
from otklik.sla.terms import Terms
from tests.sla.calendars import office
from tests.sla.lives import ALWAYS, HOUR, USUAL, on
from tests.sla.test_course_properties import BEGIN, LIVES, POLICY, _facts

RULES = Rules(Terms.from_dict(USUAL), Times(((ALWAYS, office()),)))
ONE = Policy({1: RULES}, {1: [(ALWAYS, 1)], 2: [(ALWAYS, 2)]})
BEGUN = [Fact(on("02 09:00"), "bound", 1), Fact(on("02 09:00"), "team", 1), Fact(on("02 09:00"), "asked")]


def deed(text, word, *, owner=None, former=None, names=True, agent=True, wakes=False):
    return Deed(on(text), word, 7 if agent else None, agent, names, owner, former, wakes)


def told(facts, deeds, *, now="31 12:00"):
    held = parts.turns(deeds, is_owned=False)
    found = parts.of([*BEGUN, *facts], held, ONE, now=on(now))
    return {(one.where, one.level): seconds / HOUR for one, seconds in found.items() if seconds}


def test_nobody_then_somebody_then_work_then_the_client_then_the_vendor_then_the_next_level():
    facts = [
        Fact(on("02 12:00"), "answered", 1, "wait"), Fact(on("02 15:00"), "asked"),
        Fact(on("02 16:00"), "vendor_asked", 2), Fact(on("02 17:00"), "vendor_said", 3),
        Fact(on("02 17:30"), "team", 2), Fact(on("03 10:00"), "ended", to="solved"),
    ]  # fmt: skip
    deeds = [
        deed("02 10:00", "ticket.assigned", owner="7"), deed("02 11:00", "note.written"),
        deed("02 12:00", "message.written"), deed("02 15:00", "message.received", agent=False, wakes=True),
        deed("02 15:30", "ticket.tagged"), deed("02 16:00", "message.written"),
        deed("02 17:00", "message.received", agent=False, wakes=True), deed("02 17:30", "ticket.moved"),
        deed("03 09:00", "ticket.assigned", owner="8", former="7"), deed("03 09:30", "note.written"),
    ]  # fmt: skip

    assert told(facts, deeds) == {
        ("queue", 1): 1, ("shelf", 1): 2, ("work", 1): 1.5, ("client", 1): 3, ("vendor", 1): 1,
        ("shelf", 2): 1, ("night", 2): 15, ("work", 2): 0.5,
    }  # fmt: skip


def test_an_answer_takes_what_nobody_owned_and_back_in_the_queue_it_is_nobodys():
    facts = [Fact(on("02 11:00"), "answered", 1, "work"), Fact(on("02 17:00"), "ended", to="solved")]
    deeds = [
        deed("02 11:00", "ticket.assigned", names=False), deed("02 11:00", "message.written"),
        deed("02 15:00", "ticket.assigned", owner=None, former="7"),
    ]  # fmt: skip

    assert told(facts, deeds) == {("queue", 1): 4, ("work", 1): 3, ("night", 1): 1}


def test_time_after_the_end_is_nobodys_and_spam_is_no_request():
    back = [Fact(on("02 10:00"), "ended", to="solved"), Fact(on("04 10:00"), "asked")]

    assert told(back, [], now="04 12:00") == {("queue", 1): 3}
    assert told([Fact(on("02 10:00"), "ended", to="spam")], []) == {}


DEEDS = st.lists(
    st.tuples(st.integers(0, 12 * 86_400), st.sampled_from(["ticket.assigned", "note.written", "ticket.moved"])),
    max_size=8,
)  # fmt: skip


@given(LIVES, DEEDS, st.integers(0, 20 * 86_400_000))
@settings(deadline=None)
def test_parts_add_up_to_the_whole_of_each_request_to_the_second(life, done, ms):
    now = BEGIN + timedelta(milliseconds=ms)
    facts = [one for one in _facts(life) if one.at <= now]
    deeds = [
        Deed(BEGIN + timedelta(seconds=s), word, 7, True, True, "7" if s % 3 else None, None, s % 5 == 0)
        for s, word in sorted(done)
    ]
    found = parts.of(facts, parts.turns(deeds, is_owned=False), POLICY, now=now)

    assert all(seconds >= 0 for seconds in found.values())
    assert found.total() == _whole(facts, now)


def _whole(facts, now):
    """While the request was open, by the clock of its resolution, which nothing pauses here."""
    plain = {pk: Rules(Terms(pauses={"resolution": frozenset()}, reopen_days=one.terms.reopen_days), one.times)
             for pk, one in POLICY.versions.items()}  # fmt: skip
    life, total = course.live(facts, Policy(plain, POLICY.levels)), 0
    gone = [id(one) for one in life.forgotten]
    for meter in life.meters:
        if meter.kind == "resolution" and id(meter) not in gone:
            spans = [(one.since, one.until) for one in meter.stretches if one.why != "ended"]
            spans += [(meter.since, _instants.from_datetime(now))] if meter.ended is None else []
            total += sum(until // TICKS - since // TICKS for since, until in spans)
    return total


def test_what_lies_between_two_whole_seconds_is_counted_once():
    held = [Turn(0, "queue"), Turn(1_500_000, "shelf"), Turn(1_700_000, "work"), Turn(9_900_000, "queue")]

    assert list(parts._held(1, 12, held)) == [(1, 9, "work"), (9, 12, "queue")]
    assert Counter({Part("work", 1, 1): 1}).total() == 1
