"""Random lives of a request: what must hold of its clocks whatever happens to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from otklik.sla import course
from otklik.sla._times import Times
from otklik.sla.course import Fact, Policy, Rules
from otklik.sla.terms import Terms
from otklik.sla.timetables import joined
from otklik.sla.worktime import Hours, Step, replay
from tests.sla.calendars import every_day, office
from tests.sla.lives import USUAL

BEGIN = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)  # Monday, nine in Moscow
CHANGE = BEGIN + timedelta(days=3)
NIGHT = every_day(["22:00", "06:00"], tz="Europe/Berlin", holidays=["2026-03-05"])
TIMES = {
    "office": Times(((BEGIN, office()),)),
    "edited": Times(((BEGIN, office()), (CHANGE, every_day(["10:00", "15:00"], tz="Europe/Moscow")))),
    "night": Times(((BEGIN, NIGHT),)),
}
GAPS = st.integers(0, 3 * 86_400)
DEEDS = st.one_of(
    st.sampled_from(["asked", "reopened", "vendor_said"]).map(lambda word: (word, 0, "")),
    st.tuples(st.just("answered"), st.integers(1, 4), st.sampled_from(["wait", "work", "solve"])),
    st.tuples(st.sampled_from(["vendor_asked", "undone", "lost", "resent"]), st.integers(1, 4), st.just("")),
    st.tuples(st.just("state"), st.just(0), st.sampled_from(["open", "waiting_client", "waiting_other"])),
    st.tuples(st.just("ended"), st.just(0), st.sampled_from(["solved", "closed", "spam"])),
    st.tuples(st.just("priority"), st.integers(0, 3), st.just("")),
    st.tuples(st.just("team"), st.integers(1, 3), st.just("")),
    st.tuples(st.just("bound"), st.integers(1, 3), st.just("")),
)
LIVES = st.lists(st.tuples(GAPS, DEEDS), max_size=14)


def _policy():
    """Three agreements with calendars of their own; one gives grace, one promises no news."""
    terms = [
        Terms.from_dict({**USUAL, "reopen_days": 2}),
        Terms.from_dict({**USUAL, "grace_s": 1800, "pauses": {"response": ["client"], "news": []}}),
        Terms.from_dict({**USUAL, "targets": {**USUAL["targets"], "news": {}}}),
    ]
    return Policy(
        {n + 1: Rules(one, times) for n, (one, times) in enumerate(zip(terms, TIMES.values(), strict=True))},
        {n: [(BEGIN, n), (CHANGE, 3 - n % 2)] for n in (1, 2, 3)},
    )


POLICY = _policy()


def _facts(life):
    facts, at = [Fact(BEGIN, "bound", 1), Fact(BEGIN, "team", 1), Fact(BEGIN, "asked")], BEGIN
    for gap, (word, number, to) in life:
        at += timedelta(seconds=gap)
        facts.append(Fact(at, word, number, to))
    return facts


@given(LIVES)
@settings(deadline=None)
def test_the_same_facts_give_the_same_clocks(life):
    assert course.run(_facts(life), POLICY) == course.run(_facts(life), _policy())


@given(LIVES)
@settings(deadline=None)
def test_a_clock_stands_in_one_way_only(life):
    clocks = course.run(_facts(life), POLICY)

    for one in clocks:
        assert (one.state == "running") <= (one.due_at is not None)
        assert (one.state in ("done", "void")) is (one.ended_at is not None)
        assert not (one.late and one.state == "void")
    assert len({(one.kind, one.cycle) for one in clocks}) == len(clocks)
    standing = [one.kind for one in clocks if one.state in ("running", "paused")]
    assert len(set(standing)) == len(standing)
    assert sum(one.kind == "response" for one in clocks) <= 1


@given(LIVES)
@settings(deadline=None)
def test_the_lines_of_a_clock_add_up_to_what_it_shows(life):
    facts = _facts(life)
    for one in course.run(facts, POLICY):
        lines = course.trace(facts, POLICY, one.kind, one.cycle, until=one.changed_at)

        counted = sum(
            line.counted_s for line in lines if line.why != "ahead" and line.until <= one.changed_at
        )
        assert abs(counted - one.elapsed_s) <= len(lines)  # each line in whole seconds
        assert all(line.since <= line.until for line in lines)
        assert [line.since for line in lines] == sorted(line.since for line in lines)


@given(LIVES)
@settings(deadline=None)
def test_a_line_counts_all_between_its_ends_but_its_breaks_and_each_deed_stands_once(life):
    facts = _facts(life)
    for one in course.run(facts, POLICY):
        lines = course.trace(facts, POLICY, one.kind, one.cycle, until=one.changed_at)

        for line in lines:
            idle = sum((until - since for since, until in line.breaks), timedelta())
            assert line.why not in ("work", "ahead") or line.until - line.since - idle == timedelta(
                seconds=line.counted_s
            )
            assert line.why not in ("target", "end") or (line.since == line.until and not line.idle_s)
        told = [id(fact) for line in lines for fact in line.facts]
        assert len(told) == len(set(told))
        assert all(fact.at <= line.until for line in lines for fact in line.facts)


@given(LIVES)
@settings(deadline=None)
def test_a_running_clock_reaches_its_target_just_at_its_due(life):
    facts = _facts(life)
    for one in course.run(facts, POLICY):
        if one.state == "running" and one.due_at and one.due_at > one.changed_at:
            last = course.trace(facts, POLICY, one.kind, one.cycle, until=one.changed_at)[-1]

            assert (last.why, last.until, last.left_s) == ("ahead", one.due_at, 0)
            assert all(one.started_at <= moment <= one.due_at for moment in one.warnings)
            assert list(one.warnings) == sorted(one.warnings)


@given(LIVES, st.sampled_from(["solved", "closed"]))
@settings(deadline=None)
def test_nothing_runs_on_after_the_end(life, how):
    facts = _facts(life)
    clocks = course.run([*facts, Fact(facts[-1].at, "ended", to=how)], POLICY)

    assert not [one for one in clocks if one.state in ("running", "paused")]


@given(
    st.lists(
        st.tuples(GAPS, st.sampled_from(["wait", "work", "raise", "lower", "solve", "back"])), max_size=10
    )
)
@example([(3600, "wait"), (86_400, "solve"), (60, "back"), (86_400 * 3, "solve")])
@settings(deadline=None)
def test_a_resolution_shows_what_the_clock_of_the_contract_shows(life):
    facts, steps = _both([*life, (1800, "solve")])
    targets = Terms.from_dict({"targets": {"resolution": USUAL["targets"]["resolution"]}, "reopen_days": 365})
    policy = Policy({1: Rules(targets, Times(((BEGIN, office()),)))}, {})

    (one,) = course.run(facts, policy)
    reading = replay(steps, office())[-1]

    assert (one.state, one.elapsed_s, one.due_at) == ("done", reading.elapsed, reading.due)
    assert one.late is reading.breached


_SAME: dict[str, tuple[Any, str, Any]] = {  # Any: words of a fact and of a step
    "wait": ("state", "waiting_client", "pause"), "work": ("state", "open", "resume"),
    "solve": ("ended", "solved", "resolve"), "back": ("reopened", "", "reopen"),
}  # fmt: skip


def _both(life):
    """The same life as facts of a request and as steps of a clock. A solved one is only opened again."""
    targets = USUAL["targets"]["resolution"]
    facts, at, solved = [Fact(BEGIN, "bound", 1), Fact(BEGIN, "asked")], BEGIN, False
    steps = [Step(BEGIN, "start", target=targets["normal"])]
    for gap, what in life:
        if (what in ("wait", "work", "solve") and solved) or (what == "back" and not solved):
            continue
        at, solved = at + timedelta(seconds=gap), what == "solve" if what in ("solve", "back") else solved
        if what in _SAME:
            word, to, event = _SAME[what]
            facts.append(Fact(at, word, to=to))
            steps.append(Step(at, event))
        elif not solved:
            priority = {"raise": ("urgent", 3), "lower": ("low", 0)}[what]
            facts.append(Fact(at, "priority", priority[1]))
            steps.append(Step(at, "target", target=targets[priority[0]]))
    return facts, steps


@given(st.integers(0, 10 * 86_400), st.integers(0, 10 * 86_400), st.integers(0, 20 * 3600))
@settings(deadline=None)
def test_a_calendar_of_versions_is_additive_and_finds_its_way_back(first, second, work):
    tick = 1_000_000
    begin = int(BEGIN.timestamp()) * tick
    a, b = begin + min(first, second) * tick, begin + max(first, second) * tick
    for times in TIMES.values():
        assert times.between(begin, a) + times.between(a, b) == times.between(begin, b)
        assert times.between(a, times.add(a, work * tick)) == work * tick


def test_hours_of_a_later_version_take_all_that_follows_its_moment():
    week = BEGIN + timedelta(days=7)
    always = Hours.from_dict({"always": True})
    times = Times(joined([(BEGIN, office()), (week, every_day(["10:00", "15:00"])), (CHANGE, always)]))

    at = int(week.timestamp() + 86_400) * 1_000_000
    assert times.hours_at(at) == always
