"""The course of clocks from facts alone: what the journal's scenarios don't show."""

from datetime import timedelta

from otklik.sla import course
from otklik.sla._times import Times
from otklik.sla.course import Fact, Policy, Rules
from otklik.sla.terms import Terms
from tests.sla.calendars import office
from tests.sla.lives import ALWAYS, USUAL, on

BEGUN = [Fact(on("02 16:00"), "bound", 1), Fact(on("02 16:00"), "team", 1), Fact(on("02 16:00"), "asked")]


def _policy(**terms):
    times = Times(((ALWAYS, office()),))
    other = {**USUAL, "targets": {"resolution": USUAL["targets"]["resolution"]}}
    return Policy(
        {1: Rules(Terms.from_dict({**USUAL, **terms}), times), 2: Rules(Terms.from_dict(other), times)},
        {2: [(ALWAYS, 2)]},
    )


def _clocks(*facts, **terms):
    return {(one.kind, one.cycle): one for one in course.run([*BEGUN, *facts], _policy(**terms))}


def _lines(*facts, until):
    lines = course.trace([*BEGUN, *facts], _policy(), "resolution", 1, until=on(until))
    return [(line.why, line.since, line.until, line.counted_s / 3600, line.left_s / 3600) for line in lines]


def test_a_due_time_is_told_day_by_day_with_its_pauses():
    facts = [Fact(on("02 17:00"), "answered", 7, "wait"), Fact(on("03 12:00"), "asked")]

    assert _lines(*facts, until="03 15:00") == [
        ("work", on("02 16:00"), on("02 17:00"), 1, 15),
        ("client", on("02 17:00"), on("03 12:00"), 0, 15),
        ("work", on("03 12:00"), on("03 15:00"), 2, 13),
        ("ahead", on("03 15:00"), on("03 18:00"), 3, 10),
        ("ahead", on("04 09:00"), on("04 18:00"), 8, 2),
        ("ahead", on("05 09:00"), on("05 11:00"), 2, 0),
    ]


def test_days_off_are_one_line_and_a_new_target_is_told_where_it_began():
    facts = [Fact(on("06 12:00"), "priority", 2), Fact(on("09 10:00"), "ended", to="solved")]
    lines = course.trace(
        [Fact(on("06 09:00"), "bound", 1), Fact(on("06 09:00"), "asked"), *facts], _policy(), "resolution", 1,
        until=on("09 10:00"),
    )  # fmt: skip

    assert [(line.why, line.counted_s / 3600, line.left_s / 3600) for line in lines] == [
        ("work", 3, 13), ("target", 0, 5), ("work", 5, 0), ("closed", 0, 0), ("work", 1, -1), ("end", 0, -1),
    ]  # fmt: skip


def test_a_clock_that_there_is_not_has_no_lines():
    assert course.trace(BEGUN, _policy(), "vendor", 1, until=on("03 09:00")) == []


def test_warnings_are_shares_of_working_time():
    assert _clocks()["response", 1].warnings == (on("02 18:00"), on("03 10:00"), on("03 10:36"))


def test_a_second_word_of_the_client_starts_no_second_clock():
    clocks = _clocks(Fact(on("02 17:00"), "asked"), Fact(on("03 10:00"), "answered", 7, "wait"))

    assert ("next_reply", 1) not in clocks


def test_where_we_wrote_first_the_clients_word_is_a_next_one():
    told = [BEGUN[0], BEGUN[1], Fact(on("02 16:00"), "answered", 7, "wait"), Fact(on("03 10:00"), "asked")]

    kinds = {one.kind for one in course.run(told, _policy())}

    assert kinds == {"next_reply", "resolution", "level"}


def test_an_answer_that_got_lost_lets_the_clock_go_on_from_when_we_learnt_of_it():
    answered, lost = Fact(on("02 17:00"), "answered", 7, "wait"), Fact(on("03 12:00"), "lost", 7)

    clocks = _clocks(answered, lost)

    assert (clocks["response", 1].state, clocks["response", 1].due_at) == ("running", on("03 16:00"))
    assert ("news", 1) not in clocks
    assert clocks["resolution", 1].due_at == on("05 11:00")


def test_a_lost_answer_sent_again_ends_the_clock_unless_the_client_has_said_more():
    lost = [Fact(on("02 17:00"), "answered", 7, "wait"), Fact(on("03 12:00"), "lost", 7)]
    again = Fact(on("03 14:30"), "resent", 7)

    assert _clocks(*lost, again)["response", 1].state == "done"
    assert _clocks(*lost, Fact(on("03 14:00"), "asked"), again)["response", 1].state == "running"


def test_an_answer_taken_back_opens_the_request_unless_a_later_deed_decided():
    back = Fact(on("02 17:01"), "undone", 7)
    wait = Fact(on("02 17:00"), "answered", 7, "wait")
    by_hand = Fact(on("02 17:00") + timedelta(seconds=30), "state", to="waiting_client")

    assert _clocks(wait, back)["resolution", 1].state == "running"
    assert _clocks(wait, by_hand, back)["resolution", 1].state == "paused"
    assert _clocks(wait, back)["response", 1].state == "running"


def test_solved_and_taken_back_is_not_solved():
    clocks = _clocks(Fact(on("02 17:00"), "answered", 7, "solve"), Fact(on("02 17:01"), "undone", 7))

    assert clocks["resolution", 1].state == "running"


def test_a_vendor_is_awaited_until_they_answer_or_we_say_that_we_work_on():
    asked = Fact(on("03 09:00"), "vendor_asked", 8)

    assert _clocks(asked, Fact(on("03 10:00"), "asked"))["level", 1].state == "paused"
    assert _clocks(asked, Fact(on("03 10:00"), "vendor_said"))["level", 1].state == "running"
    ended = _clocks(asked, Fact(on("03 10:00"), "state", to="open"))
    assert (ended["vendor", 1].state, ended["vendor", 1].elapsed_s) == ("done", 3600)


def test_a_pause_after_the_due_time_freezes_lateness():
    clocks = _clocks(Fact(on("09 10:00"), "state", to="waiting_client"))

    assert (clocks["resolution", 1].state, clocks["resolution", 1].late) == ("paused", True)
    assert clocks["resolution", 1].due_at is None


def test_under_another_agreement_start_and_pauses_stay_and_what_it_does_not_promise_goes():
    pause = [Fact(on("02 17:00"), "state", to="waiting_client"), Fact(on("03 17:00"), "asked")]

    clocks = _clocks(*pause, Fact(on("03 18:00"), "bound", 2))

    assert set(clocks) == {("resolution", 1), ("level", 1)}
    assert (clocks["resolution", 1].version, clocks["resolution", 1].elapsed_s) == (2, 2 * 3600)


def test_the_first_agreement_counts_from_the_beginning_however_late_it_was_bound():
    late = course.run([*BEGUN[1:], Fact(on("05 09:00"), "bound", 1)], _policy())

    assert late == []  # facts_of() puts the first bond before all else
    assert course.run(BEGUN, _policy())[0].started_at == on("02 16:00")
