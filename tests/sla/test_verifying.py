"""A replay of the journal must give the rows that stand."""

import subprocess

import pytest
from django.utils import timezone

from otklik.journal.models import Follower
from otklik.site.rescue.restoring import variables
from otklik.site.role import command
from otklik.sla import agreements, ticking, verifying
from otklik.sla.models import Clock
from tests import make
from tests.running import database_url

pytestmark = pytest.mark.django_db(transaction=True)


def _counted():
    """Two requests whose clocks the loop has made."""
    agreements.default()
    ticking.follow()
    tickets = [make.ticket(at=timezone.now()) for _ in range(2)]
    make.reply(tickets[0], at=timezone.now())
    while ticking.follow():
        pass
    return tickets


def _verified(requests=None):
    return list(verifying.verify(requests))[-1]


def test_clocks_that_the_loop_made_are_what_a_replay_gives():
    _counted()

    tally = _verified()

    assert (tally.requests, tally.waiting, tally.differences) == (2, 0, [])
    assert tally.clocks == Clock.objects.count() > 2


def test_a_row_that_somebody_changed_is_told_by_its_column():
    ticket = _counted()[1]
    Clock.objects.filter(ticket=ticket, kind="response").update(target_s=1, returns=3)

    differences = _verified().differences

    assert [(one.kind, one.column, one.stands) for one in differences] == [
        ("response", "returns", 3), ("response", "target_s", 1)
    ]  # fmt: skip
    assert str(differences[1]).startswith(f"{ticket.number} response 1 target_s: 1 ≠ ")


def test_a_row_that_is_missing_and_one_too_many_are_told():
    ticket = _counted()[1]
    Clock.objects.filter(ticket=ticket, kind="response").update(cycle=2)

    found = {(one.cycle, one.stands, one.replayed) for one in _verified().differences}

    assert found == {(1, None, "running"), (2, "running", None)}


def test_a_running_clock_is_late_when_the_sweep_says_so_and_not_before_its_due():
    ticket = _counted()[1]
    Clock.objects.filter(ticket=ticket, kind="response").update(late=True)

    assert [one.column for one in _verified().differences] == ["late"]


def test_what_the_loop_has_not_read_yet_is_no_difference():
    ticket = _counted()[1]
    make.reply(ticket, at=timezone.now())

    tally = _verified()

    assert (tally.waiting, tally.differences) == (1, [])


def test_only_the_newest_are_compared_when_asked_for():
    ticket = _counted()[0]
    Clock.objects.filter(ticket=ticket).update(target_s=1)

    assert _verified(1).differences == []
    assert _verified(2).differences != []


def test_the_command_ends_with_0_1_or_2_and_says_how_long_it_took():
    silent = _command()
    ticket = _counted()[1]
    good = _command()
    Clock.objects.filter(ticket=ticket).update(returns=7)
    bad = _command("1")

    assert (silent.returncode, good.returncode, bad.returncode) == (2, 0, 1)
    assert "Запросов: 2, часов: " in good.stdout
    assert "Расхождений: 0. Время: " in good.stdout
    assert f"{ticket.number} response 1 returns: 7 ≠ 0" in bad.stdout
    assert "сверено 1 из 1" in bad.stderr


def _command(*wish):
    """The process on the database of this test."""
    return subprocess.run(  # noqa: S603 - our own command
        command("verify-sla", *wish),
        env=variables(database_url()),
        capture_output=True,
        text=True,
        check=False,
    )


def test_before_the_loop_has_begun_there_is_nothing_to_compare():
    Follower.objects.filter(name=ticking.FOLLOWER).delete()

    with pytest.raises(verifying.NeverRan):
        _verified()
