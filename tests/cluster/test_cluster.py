"""Two machines, one database with a replica, a proxy: nothing twice, nothing lost, nothing old after one's own deed."""

import smtplib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from procrastinate.types import JSONDict

from otklik.accounts import vault
from otklik.accounts.models import User
from otklik.channels.email import watching
from otklik.channels.models import Box, Envelope
from otklik.channels.outbox.keeping import keep_in_sent
from otklik.desk.models import Note, Ticket
from otklik.env import Env, env
from otklik.site.doctor import database as checks
from otklik.staff.models import Membership
from tests import make
from tests.channels.outbox.sinks import Sink, sink
from tests.cluster.play import DOOR, Listener, Load, at_once, letter, watch_jobs, write_events
from tests.cluster.town import Browser, Town, town, until
from tests.conftest import HOME
from tests.mailservers import Dovecot

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def ours(django_db_blocker: pytest.FixtureRequest) -> Iterator[Town]:
    with django_db_blocker.unblock(), town(HOME) as started:  # type: ignore[attr-defined]  # has no public type
        yield started


@pytest.fixture(scope="module")
def anya(ours: Town) -> User:
    return make.agent()


@pytest.fixture
def browser(ours: Town, anya: User) -> Iterator[Browser]:
    opened = ours.browser(anya)
    yield opened
    opened.close()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink() as running:
        yield running


def test_a_machine_behind_a_pooler_is_as_ready_as_the_other(ours):
    answers = [machine.ask("/readyz") for machine in ours.machines]

    assert [status for status, _checks in answers] == [200, 200], answers


def test_a_job_of_two_workers_is_done_once(ours):
    with ours.primary.line() as line:
        watch_jobs(line)
        nothing: list[JSONDict] = [{"delivery_ids": []}] * 200
        keep_in_sent.batch_defer(*nothing)
        until(lambda: line.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,))
        ran = line.execute(
            "SELECT count(*), count(DISTINCT job), count(DISTINCT worker) FROM job_ran"
        ).fetchone()

    assert ran == (200, 200, 2)


def test_letters_to_two_doors_are_one_request_each_and_one_answer_each(ours, server):
    make.box(DOOR, smtp_host="127.0.0.1", smtp_port=server.port, smtp_security=Box.Security.NONE)

    def send(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port) as door:
            for number in range(20):
                door.send_message(letter(number))

    at_once(*(partial(send, machine.door_port) for machine in ours.machines))

    until(lambda: not Envelope.objects.filter(state=Envelope.State.NEW).exists())
    until(lambda: len(server.world.letters) >= 20)
    subjects = Counter(Ticket.objects.filter(box__address=DOOR).values_list("subject", flat=True))
    assert set(subjects.values()) == {1}
    assert len(subjects) == 20
    assert Counter(one.recipients for one in server.world.letters).most_common(1)[0][1] == 1


HELD = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = {} AND objid = {}"


@pytest.mark.mailserver
def test_a_mailbox_is_read_by_one_intake_and_taken_over_when_it_dies(ours, dovecot: Dovecot):
    account = dovecot.account()
    box = make.box(account.address, **imap(dovecot, account.password))
    held = HELD.format(watching.LOCKS, box.pk)
    with ours.primary.line() as line:
        [(holder,)] = until(lambda: line.execute(held).fetchall())
        for victim in ours.machines:
            victim.kill("intake")
            holders = until(lambda: line.execute(held).fetchall())  # the other one's, or now the other one's
            assert len(holders) == 1
            dovecot.deliver(account, bytes(letter(1000 + victim.port)))
            seen = 1 + ours.machines.index(victim)
            until(partial(has_taken, box, seen))
            victim.start("intake")
            until(victim.is_ready)
        assert line.execute(held).fetchall() != [(holder,)]  # it has changed hands
    assert Envelope.objects.filter(box=box).count() == 2
    Box.objects.filter(pk=box.pk).update(mode=Box.Mode.OFF)


def has_taken(box: Box, count: int) -> bool:
    return Envelope.objects.filter(box=box).count() == count


def imap(server: Dovecot, password: str) -> dict[str, Any]:  # Any: values of fields
    return {
        "kind": Box.Kind.IMAP, "mode": Box.Mode.OBSERVE,
        "imap_host": "localhost", "imap_port": server.imap_port, "imap_security": Box.Security.NONE,
        "auth": Box.Auth.PASSWORD, "secret": vault.seal(password),
    }  # fmt: skip


def test_no_live_event_is_lost_when_one_of_two_streams_is_killed(ours, browser, stack):
    ada = make.admin()
    listeners = [Listener(ours, ada, browser) for _ in range(6)]
    for one in listeners:
        stack.callback(one.stop)
    for one in listeners:
        one.ready.wait(20)
    told = write_events(ours, 60)
    for machine in ours.machines:
        machine.kill("live")
        told += write_events(ours, 60)
        machine.start("live")
        until(machine.is_ready)
    until(lambda: all(set(one.words) >= set(told) for one in listeners))

    for one in listeners:
        assert Counter(word for word in one.words if word in set(told)) == Counter(told)
        assert (one.resets, one.lives >= 2) == (0, True)


def test_one_of_two_web_processes_killed_under_load_fails_no_get_and_loses_no_post(ours, anya):
    ticket = make.ticket()
    load = Load([ours.browser(anya) for _ in range(6)], ticket)
    load.start()
    go_on(load)
    ours.machines[0].kill("web")
    go_on(load)
    ours.machines[0].start("web")
    until(ours.machines[0].has_pages)
    go_on(load)
    load.stop()

    assert load.failed_gets == [], load.faults
    kept = Counter(Note.objects.filter(ticket=ticket).values_list("text", flat=True))
    assert kept == Counter(dict.fromkeys(load.forms, 1))
    assert all(sent[-1] in {200, 302} for sent in load.forms.values())


def go_on(load: Load) -> None:
    before = len(load.gets)
    until(lambda: len(load.gets) > before + 50)


# besides the question whether it has heard of the person's rights
LAGGING = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'otklik lagging' AND query_start > %s"
    ' AND query NOT LIKE \'SELECT "accounts_user"."access_epoch"%%\''
)


@pytest.fixture
def copy(ours: Town, browser: Browser) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A line to the replica, which is near and asked by both machines; what was paused goes on afterwards."""
    with ours.replica.line() as line:
        until(lambda: all(asks(line, browser, SEARCH) for _ in range(4)))
        yield line
        line.execute("SELECT pg_wal_replay_resume()")


SEARCH = f"/desk/search/?q={quote('слово')}"


def asks(line: psycopg.Connection[tuple[object, ...]], browser: Browser, path: str) -> bool:
    """Whether the replica is asked for this page."""
    now = line.execute("SELECT clock_timestamp()").fetchone()
    assert browser.get(path)[0] == 200
    return line.execute(LAGGING, now).fetchone() != (0,)


def test_pages_that_may_lag_are_read_from_the_replica_and_others_are_not(ours, copy, browser, stack):
    watchman = stack.enter_context(closing(ours.browser(make.admin())))

    until(lambda: asks(copy, browser, SEARCH))
    until(lambda: asks(copy, watchman, "/desk/looks/"))
    number = Ticket.objects.values_list("number", flat=True).first() or make.ticket().number
    for path in ("/desk/", f"/desk/{number}/", "/desk/list/", f"/desk/{number}/card/"):
        assert not asks(copy, browser, path)


def found(browser: Browser, word: str, ticket: Ticket) -> bool:
    status, page = browser.get(f"/desk/search/?q={quote(word)}")
    assert status == 200
    return f"/desk/{ticket.number}/" in page


def test_who_has_just_written_finds_it_though_the_replica_lags(ours, copy, browser, stack):
    ticket = make.ticket()
    boris = stack.enter_context(closing(ours.browser(make.agent("Борис Ким"))))
    copy.execute("SELECT pg_wal_replay_pause()")

    assert browser.post(f"/desk/{ticket.number}/note/", {"text": "Привезли шестерёнку"}) == 302
    assert found(browser, "шестерёнку", ticket)
    # others find it when the replica is too late to be asked, at the latest
    until(lambda: found(boris, "шестерёнку", ticket))
    assert any("replica is late" in machine.log("web") for machine in ours.machines)
    [finding] = checks.replica(told(ours))
    assert (finding.good, "Реплика отстаёт" in finding.text) == (False, True)

    copy.execute("SELECT pg_wal_replay_resume()")
    until(lambda: asks(copy, boris, SEARCH))
    assert [one.good for one in checks.replica(told(ours))] == [True]


def told(ours: Town) -> Env:
    return replace(env(), database_url=ours.primary.url(), replica_url=ours.replica.url())


def test_a_right_that_was_taken_away_counts_at_once_though_the_replica_lags(ours, copy, stack):
    ticket, user = make.ticket("Сломался арифмометр"), make.agent("Борис Ким")
    boris = stack.enter_context(closing(ours.browser(user)))
    until(lambda: found(boris, "арифмометр", ticket) and asks(copy, boris, SEARCH))
    copy.execute("SELECT pg_wal_replay_pause()")

    Membership.objects.filter(user=user).delete()

    assert not found(boris, "арифмометр", ticket)
    assert not asks(copy, boris, SEARCH)


def test_a_replica_that_is_away_fails_nobody_and_is_asked_again_when_it_is_back(ours, browser):
    ticket = make.ticket("Потерялся микрокалькулятор")
    until(lambda: found(browser, "микрокалькулятор", ticket))
    ours.replica.stop()
    try:
        assert all(found(browser, "микрокалькулятор", ticket) for _ in range(8))
        until(lambda: all("replica is away" in machine.log("web") for machine in ours.machines))
        [finding] = checks.replica(told(ours))
        assert (finding.good, "не отвечает" in finding.text) == (False, True)
    finally:
        ours.replica.start()

    with ours.replica.line() as line:
        until(lambda: all(asks(line, browser, SEARCH) for _ in range(4)))
    assert any("replica is near again" in machine.log("web") for machine in ours.machines)
