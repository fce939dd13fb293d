"""Requests window by window: each solution is paid for once; too few clocks go over, and each is judged once."""

from datetime import UTC, datetime, timedelta

import pytest

from otklik.desk import replying
from otklik.sla import agreements, penalty
from otklik.sla.models import Clock
from otklik.sla.uptime import closing, counting, queries
from tests import make
from tests.sla import lives
from tests.sla.uptime import scene
from tests.sla.uptime.scene import on

pytestmark = pytest.mark.django_db
ZONE = "Asia/Vladivostok"
AUGUST = penalty.window("month", scene.NOVEMBER.first, ZONE).moved(-3)
NOW = datetime(2027, 3, 1, tzinfo=UTC)


def _clocks(under, whose, ends):
    """One for each moment; the first one of them was late."""
    ticket = make.ticket()
    ticket.organisation = whose
    ticket.save(update_fields=["organisation"])
    version, before = agreements.current(under.pk, NOW), Clock.objects.count()
    Clock.objects.bulk_create(
        Clock(
            ticket=ticket, kind="response", cycle=before + n + 1, version=version, state="done", target_s=60,
            started_at=end - timedelta(minutes=1), changed_at=end, elapsed_s=60, ended_at=end, late=n == 0,
        )
        for n, end in enumerate(ends)
    )  # fmt: skip


def _judged(under, whose, window):
    return counting.of(scene.asked(under, whose, window=window), NOW).clocks


@pytest.fixture
def under():
    return scene.agreement(sample=20, penalties=((99.0, 5.0),))


def test_a_solution_that_was_taken_back_is_not_paid_for_and_one_that_stands_is(under):
    whose, anya = scene.firm(under=under), make.agent()
    for day in ("03", "04"):
        ticket = lives.bound(make.ticket(at=on(f"{day} 12:00")), agreements.current(under.pk, NOW))
        ticket.organisation = whose
        ticket.save(update_fields=["organisation"])
        reply = make.reply(ticket, by=anya, at=on(f"{day} 12:10"), then="solve", result="готово")
        if day == "03":
            replying.undo(reply, by=anya, at=on("03 12:10") + timedelta(seconds=5))
    november = scene.NOVEMBER

    assert queries.solved(under.pk, whose.pk, november.since, november.until) == 1
    assert queries.solved(under.pk, whose.pk, november.since, on("04 12:10")) == 0


def test_a_sequence_of_windows_judges_each_clock_once(under):
    whose = scene.firm(under=under)
    for n in range(6):
        _clocks(under, whose, [AUGUST.moved(n).since + timedelta(hours=k) for k in range(8)])

    found = [_judged(under, whose, AUGUST.moved(n)) for n in range(7)]

    whole = penalty.Ratio(21, 24)
    assert found == [None, None, whole, None, None, whole, None]
    quarter = penalty.window("quarter", AUGUST.first, ZONE)
    assert [_judged(under, whose, quarter.moved(n)) for n in range(3)] == [None, penalty.Ratio(35, 40), None]


def test_clocks_that_a_closed_window_judged_are_not_judged_again(under):
    whose = scene.firm(under=under)
    _clocks(under, whose, [AUGUST.since] * 15)
    _clocks(under, whose, [AUGUST.moved(1).since] * 15)
    asked = scene.asked(under, whose, window=AUGUST.moved(1))
    closing.close(asked, by=make.admin(), at=NOW)
    _clocks(under, whose, [AUGUST.since] * 20)  # moved to this organisation after the closing

    assert _judged(under, whose, AUGUST.moved(2)) is None


def test_months_are_those_of_the_window_and_not_of_the_server(under):
    whose = scene.firm(under=under)
    border = AUGUST.until  # 17:00 of the last day in Moscow
    _clocks(under, whose, [border - timedelta(seconds=1)] * 20 + [border] * 20)

    assert [_judged(under, whose, AUGUST.moved(n)) for n in (0, 1)] == [
        penalty.Ratio(19, 20), penalty.Ratio(20, 20),
    ]  # fmt: skip
