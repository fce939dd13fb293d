"""Answers moved as a queue of other people would have moved them."""

from hypothesis import given
from hypothesis import strategies as st

from otklik.sla import _instants
from otklik.sla._table import TICKS
from otklik.sla._times import Times
from otklik.sla.course import Fact
from otklik.sla.replay import queueing, said, turns
from otklik.sla.replay.grid import Grid, Line
from otklik.sla.replay.models import Replay
from otklik.sla.replay.turns import Moved, Turn
from tests.sla.calendars import office
from tests.sla.lives import ALWAYS, on

H = 3600 * TICKS
START = _instants.from_datetime(on("02 09:00"))
LINE = Line(Grid.of(Times(((ALWAYS, office()),)), START - 1000 * H, START + 50_000 * H))


def at(text):
    return _instants.from_datetime(on(text))


def turn(place, asked, answered, *, person=7, priority=1):
    return Turn(place, at(asked), at(answered), person, 1, priority)


def replayed(told, more=0):
    queue = queueing.Queue(told, queueing.handling(told, LINE), LINE, queueing.people(told), more)
    return [_instants.to_datetime(one.answered) for one in queue.run()]


ONE_BY_ONE = [
    turn(0, "02 09:00", "02 11:00"),
    turn(1, "02 09:30", "02 12:00"),
    turn(2, "02 10:00", "02 16:00"),
]


def test_with_the_same_people_who_answer_in_turn_all_comes_when_it_came():
    assert replayed(ONE_BY_ONE) == [on("02 11:00"), on("02 12:00"), on("02 16:00")]


def test_one_more_answers_sooner_by_working_time_and_one_fewer_later():
    assert replayed(ONE_BY_ONE, more=1) == [on("02 11:00"), on("02 10:30"), on("02 14:30")]
    both = [turn(0, "02 09:00", "02 17:00"), turn(1, "02 09:00", "02 16:00", person=8)]
    assert replayed(both) == [on("02 17:00"), on("02 16:00")]
    assert replayed(both, more=-1) == [on("02 17:00"), on("03 15:00")]
    assert replayed(both, more=-9) == replayed(both, more=-1)


def test_what_is_urgent_is_answered_first():
    told = [*ONE_BY_ONE[:2], turn(2, "02 10:00", "02 16:00", priority=3)]

    assert replayed(told) == [on("02 11:00"), on("02 16:00"), on("02 15:00")]


def test_a_client_writes_on_as_long_after_our_answer_as_they_did():
    told = [
        turn(0, "02 09:00", "02 12:00"),
        turn(1, "02 09:00", "02 14:30", person=7),
        turn(1, "02 16:00", "02 17:00"),
    ]

    assert replayed(told, more=1)[1:] == [on("02 10:30"), on("02 13:00")]


def test_turns_are_words_that_people_of_ours_answered():
    facts = [
        Fact(on("02 09:00"), "team", 4), Fact(on("02 09:00"), "asked"), Fact(on("02 10:00"), "asked"),
        Fact(on("02 11:00"), "answered", 1, "wait", by=7), Fact(on("02 12:00"), "answered", 2, "wait", by=7),
        Fact(on("02 13:00"), "priority", 3), Fact(on("02 14:00"), "asked"), Fact(on("02 15:00"), "answered", 3, "wait"),
        Fact(on("02 16:00"), "asked"), Fact(on("02 17:00"), "ended", to="solved"),
    ]  # fmt: skip

    assert list(turns.of(5, facts)) == [Turn(5, at("02 09:00"), at("02 11:00"), 7, 4, 1)]


def test_a_life_with_other_answers_keeps_its_order_and_its_pauses():
    facts = [Fact(on(text), word) for text, word in (  # type: ignore[arg-type]  # words of facts, all of them
        ("02 09:00", "asked"), ("02 10:00", "state"), ("02 14:00", "answered"), ("02 15:00", "asked"),
        ("02 16:00", "answered"), ("02 16:30", "ended"),
    )]  # fmt: skip
    told = [turn(0, "02 09:00", "02 14:00"), turn(0, "02 15:00", "02 16:00")]
    to = [Moved(at("02 09:00"), at("02 09:30")), Moved(at("02 10:30"), at("02 11:00"))]

    found = turns.moved(facts, told, to, at("02 11:00"))

    assert [one.at for one in found] == [
        on(f"02 {text}") for text in ("09:00", "09:30", "09:30", "10:30", "11:00")
    ]


JOBS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 40), st.integers(1, 3), st.integers(0, 3)),
    min_size=1,
    max_size=25,
)


@given(JOBS, st.integers(0, 3))
def test_no_time_of_a_person_is_counted_twice_and_more_people_are_never_slower(jobs, more):
    told = [
        Turn(place, START + asked * H // 4, START + (asked + took) * H // 4, person, 1, 1)
        for place, (asked, took, person, _priority) in enumerate(jobs)
    ]
    took = queueing.handling(told, LINE)
    for person in (1, 2, 3):
        its = [(one, s) for one, s in zip(told, took, strict=True) if one.person == person]
        span = max((one.answered for one, _s in its), default=START) - START
        assert sum(s for _one, s in its) <= span + len(its) * queueing.LEAST
    few, many = (queueing.Queue(told, took, LINE, queueing.people(told), n).run() for n in (more, more + 1))
    assert all(one.answered > turn_.asked for one, turn_ in zip(few, told, strict=True))
    assert max(one.answered for one in many) <= max(one.answered for one in few)
    assert [one.asked for one in few] == [one.asked for one in told]


def test_moments_of_a_line_are_those_of_the_calendar():
    assert LINE.work(at("03 10:00")) - LINE.work(at("02 10:00")) == 8 * H
    assert LINE.reached(LINE.work(at("02 17:00")) + 2 * H) == at("03 10:00")


def told_of(queue_kept):
    """What the page says where half was kept in truth, and so much by the queue with the same people."""
    counts = {"requests": 200, "taken": 200, "late_count": 0, "saved_count": 0, "late": [], "saved": []}
    row = {"kind": "response", "priority": 1, "change": [0.4, 0.3, 0.5]}
    sides = {"before": [200, 100, 0.5, 0.4, 0.6], "after": [200, 180, 0.9, 0.8, 0.95]}
    people = {"turns": 200, "now": 1, "then": 2, "median_s": 600, "fit": {"response": [0.5, queue_kept]}}
    due = {"earlier": 0, "later": 0, "all": 200, "median_s": 0}
    found = said.told(
        Replay(result={**counts, "rows": [{**row, **sides}], "people": people, "due": due}), None
    )
    return " ".join(found.sentences), found.rows[0].verdict


def test_a_queue_that_is_no_likeness_recommends_nothing():
    words, verdict = told_of(0.55)
    assert "Заметнее всего стало бы лучше" in words
    assert verdict == "лучше"

    words, verdict = told_of(0.7)
    assert "поэтому по нему не решайте" in words
    assert "стало бы" not in words
    assert verdict == "расчёт не сходится"
