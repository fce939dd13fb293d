"""What happens to a request, from its first message on, and how its clocks stand then (notes on clocks, §3 and §8)."""

import pytest

from otklik.desk import replying, routing, solving, tagging
from otklik.desk.models import Ticket
from otklik.desk.receiving import Address
from otklik.sla.models import Clock
from otklik.staff import working
from tests import make
from tests.sla import lives
from tests.sla.lives import on, shown

pytestmark = pytest.mark.django_db
State = Ticket.State


def _asked(at, **terms):
    """A letter of the client and an agreement for it."""
    return lives.bound(make.ticket(at=at), lives.agreement(**terms))


def test_a_letter_starts_response_resolution_and_the_level():
    ticket = _asked(on("02 16:00"))

    clocks = lives.clocks(ticket, on("02 16:00"))

    assert {key: shown(one) for key, one in clocks.items()} == {
        ("response", 1): ("running", 0, on("03 11:00"), False),
        ("resolution", 1): ("running", 0, on("04 16:00"), False),
        ("level", 1): ("running", 0, on("03 11:00"), False),
    }


def test_an_answer_ends_the_response_and_starts_the_silence():
    ticket = _asked(on("02 16:00"))
    make.reply(ticket, at=on("03 11:00"), then="work")

    clocks = lives.clocks(ticket, on("03 11:00"))

    assert shown(clocks["response", 1]) == ("done", 4, on("03 11:00"), False)  # just at its due: in time
    assert shown(clocks["news", 1]) == ("running", 0, on("04 11:00"), False)


def test_an_answer_a_minute_after_due_stays_a_miss():
    ticket = _asked(on("02 16:00"))
    make.reply(ticket, at=on("03 11:01"))
    make.received(ticket=ticket, at=on("03 12:00"))
    make.reply(ticket, at=on("03 12:30"))

    assert shown(lives.clock(ticket, "response", on("04 09:00")))[::3] == ("done", True)


def test_a_priority_raised_mid_flight_keeps_start_and_elapsed_and_moves_due_back():
    ticket = _asked(on("02 10:00"))
    tagging.set_priority(ticket, Ticket.Priority.URGENT, by=make.agent(), at=on("02 12:00"))

    clocks = lives.clocks(ticket, on("02 12:00"))

    assert shown(clocks["response", 1]) == ("running", 2, on("02 11:00"), False)
    assert shown(clocks["resolution", 1]) == ("running", 2, on("02 15:00"), False)
    assert clocks["resolution", 1].started_at == on("02 10:00")


def test_grace_keeps_the_due_of_a_raised_request_ahead_of_now():
    ticket = _asked(on("02 10:00"), grace_s=1800)
    tagging.set_priority(ticket, Ticket.Priority.URGENT, by=make.agent(), at=on("02 12:00"))

    clocks = lives.clocks(ticket, on("02 12:00"))

    assert clocks["response", 1].due_at == on("02 12:30")
    assert clocks["resolution", 1].due_at == on("02 15:00")


def test_grace_gives_nothing_to_what_was_late_before():
    ticket = _asked(on("02 10:00"), grace_s=1800)
    tagging.set_priority(ticket, Ticket.Priority.URGENT, by=make.agent(), at=on("03 12:00"))

    assert lives.clock(ticket, "response", on("03 12:00")).due_at == on("02 15:00")


def test_a_pause_over_a_weekend_moves_due_by_its_working_time_alone():
    ticket = _asked(on("06 09:00"))
    make.reply(ticket, at=on("06 16:00"))
    paused = lives.clock(ticket, "resolution", on("06 16:00"))
    make.received(ticket=ticket, at=on("09 10:00"))

    running = lives.clock(ticket, "resolution", on("09 10:00"))

    assert shown(paused) == ("paused", 6, None, False)
    assert shown(running) == ("running", 6, on("10 12:00"), False)


def test_two_reasons_at_once_pause_once():
    ticket = _asked(on("02 09:00"))
    replying.forward(
        ticket, make.words(to=(Address("to", "vendor@x.example"),)), by=make.agent(), at=on("02 10:00")
    )
    make.reply(ticket, at=on("02 11:00"))
    make.received(ticket=ticket, at=on("02 15:00"))
    still = lives.clocks(ticket, on("02 15:00"))
    make.received(
        ticket=ticket,
        at=on("02 17:00"),
        circle="vendor",
        sender=make.identity("vendor@x.example", "Поставщик"),
    )

    clocks = lives.clocks(ticket, on("02 17:00"))

    assert shown(still["level", 1]) == ("paused", 1, None, False)
    assert shown(clocks["level", 1]) == ("running", 1, on("03 11:00"), False)
    assert shown(clocks["resolution", 1]) == ("running", 2, on("04 12:00"), False)


def test_waiting_for_the_vendor_runs_his_clock_and_not_the_clients_pause():
    ticket = _asked(on("02 09:00"))
    words = make.words(to=(Address("to", "vendor@x.example"),))
    replying.forward(ticket, words, by=make.agent(), at=on("02 10:00"))

    clocks = lives.clocks(ticket, on("02 10:00"))

    assert shown(clocks["vendor", 1]) == ("running", 0, on("04 10:00"), False)
    assert shown(clocks["level", 1]) == ("paused", 1, None, False)
    assert shown(clocks["resolution", 1])[0] == "running"


def test_a_team_hand_over_starts_the_next_level_and_a_return_goes_on():
    ticket = _asked(on("02 09:00"))
    second = make.team("Инженеры", level=2)
    routing.move(ticket, second, by=None, at=on("02 12:00"))
    away = lives.clocks(ticket, on("02 12:00"))
    routing.move(ticket, make.team(), by=None, at=on("02 16:00"))

    clocks = lives.clocks(ticket, on("02 16:00"))

    assert shown(away["level", 1]) == ("done", 3, on("02 13:00"), False)
    assert shown(away["level", 2]) == ("running", 0, on("03 12:00"), False)
    assert (clocks["level", 1].returns, shown(clocks["level", 1])) == (
        1,
        ("running", 3, on("02 17:00"), False),
    )
    assert shown(clocks["level", 2]) == ("done", 3, on("03 12:00"), False)
    assert clocks["resolution", 1].due_at == on("03 18:00")


def test_a_team_that_changes_its_level_is_judged_by_the_one_it_had():
    ticket = _asked(on("02 09:00"))
    team = working.save_team(make.team("Инженеры", level=2), by=make.admin(), at=on("01 09:00"))
    routing.move(ticket, team, by=None, at=on("02 12:00"))
    before = lives.clock(ticket, "level", on("02 12:00"), cycle=2)
    team.level = 1
    working.save_team(team, by=make.admin(), at=on("02 14:00"))

    after = lives.clock(ticket, "level", on("02 15:00"), cycle=2)

    assert (before.target_s, after.target_s) == (8 * lives.HOUR, 8 * lives.HOUR)


def test_a_request_opened_again_in_time_goes_on_with_its_resolution():
    ticket = _asked(on("02 09:00"))
    make.reply(ticket, at=on("02 11:00"), then="solve", result="сделали")
    solved = lives.clock(ticket, "resolution", on("02 11:00"))
    make.received(ticket=ticket, at=on("04 10:00"))

    clocks = lives.clocks(ticket, on("04 10:00"))

    assert shown(solved) == ("done", 2, on("03 18:00"), False)
    assert shown(clocks["resolution", 1]) == ("running", 2, on("05 17:00"), False)
    assert shown(clocks["next_reply", 1]) == ("running", 0, on("04 15:00"), False)
    assert shown(clocks["response", 1])[0] == "done"
    assert ("resolution", 2) not in clocks


def test_a_request_opened_again_after_the_window_begins_a_new_resolution():
    ticket = _asked(on("02 09:00"), reopen_days=3)
    make.reply(ticket, at=on("02 11:00"), then="solve", result="сделали")
    make.received(ticket=ticket, at=on("10 10:00"))

    clocks = lives.clocks(ticket, on("10 10:00"))

    assert shown(clocks["resolution", 1]) == ("done", 2, on("03 18:00"), False)
    assert shown(clocks["resolution", 2]) == ("running", 0, on("12 10:00"), False)
    assert ("response", 2) not in clocks


def test_an_edited_calendar_moves_what_lies_ahead_and_leaves_what_is_closed():
    calendar = lives.calendar()
    ticket = lives.bound(make.ticket(at=on("02 16:00")), lives.agreement(calendar))
    make.reply(ticket, at=on("02 17:00"), then="work")
    before = lives.clocks(ticket, on("02 17:00"))
    shorter = {
        "tz": "Europe/Moscow",
        "week": {day: [["10:00", "14:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    }
    lives.hours(calendar, shorter, since=on("04 00:00"))

    after = lives.clocks(ticket, on("03 09:00"))

    assert before["resolution", 1].due_at == on("04 16:00")
    assert after["resolution", 1].due_at == on("05 12:00")  # 2 + 8 by the old hours, 4 + 2 by the new ones
    assert shown(after["response", 1]) == shown(before["response", 1])


def test_the_clients_last_word_before_the_end_opens_no_clock_that_runs_on():
    ticket = _asked(on("02 09:00"))
    make.reply(ticket, at=on("02 11:00"))
    make.received("Спасибо!", ticket=ticket, at=on("02 12:00"))
    solving.solve(ticket, result="сделали", by=make.agent(), at=on("02 12:30"))

    clocks = lives.clocks(ticket, on("09 12:30"))

    assert (clocks["next_reply", 1].state, clocks["next_reply", 1].late) == ("void", False)
    assert not [one for one in clocks.values() if one.state in ("running", "paused")]


def test_a_word_that_nobody_answered_in_time_is_a_miss_though_the_request_ended():
    ticket = _asked(on("02 09:00"))
    solving.close(ticket, by=None, at=on("03 12:30"))

    clock = lives.clock(ticket, "response", on("03 12:30"))

    assert shown(clock) == ("done", 11.5, on("02 13:00"), True)


def test_a_shift_over_midnight_counts_the_night_and_a_holiday_cuts_it():
    night = lives.calendar("Ночь", tz="Europe/Moscow", week={"mon": [["22:00", "06:00"]], "tue": [["22:00", "06:00"]]},
                           holidays=["2026-03-03"])  # fmt: skip
    ticket = lives.bound(make.ticket(at=on("02 21:00")), lives.agreement(night))

    clock = lives.clock(ticket, "response", on("02 23:30"))

    # two hours before midnight; Tuesday is closed whole, and its own shift works from the next midnight
    assert clock.due_at == on("04 02:00")


def test_an_answer_taken_back_never_was():
    ticket = _asked(on("02 09:00"))
    message = make.reply(ticket, at=on("02 10:00"))
    lives.clocks(ticket, on("02 10:00"))
    replying.undo(message, by=make.agent(), at=on("02 10:00") + make.MINUTE / 10)

    clocks = lives.clocks(ticket, on("02 10:01"))

    assert shown(clocks["response", 1]) == ("running", 0, on("02 13:00"), False)
    assert ("news", 1) not in clocks
    assert clocks["resolution", 1].state == "running"


def test_spam_is_judged_neither_way_and_goes_on_when_it_was_none():
    ticket = _asked(on("02 09:00"))
    solving.spam(ticket, block=False, by=make.agent(), at=on("02 10:00"))
    spam = lives.clocks(ticket, on("03 10:00"))
    solving.not_spam(ticket, by=make.agent(), at=on("03 10:00"))

    clocks = lives.clocks(ticket, on("03 10:00"))

    assert {one.state for one in spam.values()} == {"void"}
    assert shown(clocks["response", 1]) == ("running", 1, on("03 13:00"), False)
    assert len(clocks) == Clock.objects.filter(ticket=ticket).count() == 3


def test_history_starts_no_clock():
    old = lives.bound(make.ticket(at=on("02 09:00"), history=True), lives.agreement())

    assert lives.clocks(old, on("02 10:00")) == {}
