"""Rights that could not be looked at: nobody hears anything before they were."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from otklik.site.live_journal import ACCESS
from otklik.staff import presence
from tests import make
from tests.site.streams import Reader, hand, ticket_of, write

CANCEL = """
    SELECT pg_cancel_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'otklik live' AND wait_event_type = 'Lock' AND datname = current_database()
"""


@contextmanager
def rights_locked(database):
    """Nobody can read the rights meanwhile; gives what cancels whoever tries, and tells whether somebody did."""
    with hand(database) as locker, hand(database) as watcher:
        locker.execute("LOCK TABLE accounts_user IN ACCESS EXCLUSIVE MODE")
        watcher.autocommit = True
        yield lambda: watcher.execute(CANCEL).fetchone()


def deactivate(database, user):
    """Without a notice: as if it had got lost."""
    with hand(database) as writer:
        writer.execute("ALTER TABLE accounts_user DISABLE TRIGGER accounts_tell_access")
        writer.execute("UPDATE accounts_user SET is_active = false WHERE id = %s", [user.pk])
        writer.execute("ALTER TABLE accounts_user ENABLE TRIGGER accounts_tell_access")
        writer.commit()


@pytest.fixture
def anya(database):
    return make.agent()


def tell(writer, user, team):
    """Their rights may have changed, and somebody writes: without a row, which could not be written under that lock."""
    told = json.dumps({"ticket": 1, "team": team, "user": user.pk, "name": user.name, "doing": "writes"})
    for channel, payload in [(ACCESS, str(user.pk)), (presence.CHANNEL, told)]:
        writer.execute("SELECT pg_notify(%s, %s)", [channel, payload])
    writer.commit()


def test_nothing_is_told_to_whom_we_doubt_when_looking_at_their_rights_fails(
    server, database, wait_until, anya
):
    ticket = ticket_of(anya)
    with Reader(server, ticket) as reader, hand(database) as writer:
        deactivate(database, anya)
        with rights_locked(database) as cancelled:
            tell(writer, anya, ticket.teams[0])
            wait_until(cancelled)
            wait_until(cancelled)  # it came back and asked anew

        assert b"event: presence" not in reader.response.read()


def test_what_came_meanwhile_is_told_once_the_rights_were_read_and_stand(server, database, wait_until, anya):
    ticket = ticket_of(anya)
    with Reader(server, ticket) as reader, hand(database) as writer:
        with rights_locked(database) as cancelled:
            tell(writer, anya, ticket.teams[0])
            wait_until(cancelled)

        assert reader.until("presence")


def last_heard(server, database, ticket):
    """Where the listener left; one entry was written after that, and the stream has told it to others since."""
    with Reader(server, ticket) as reader, hand(database) as writer:
        for word in ("was.heard", "was.missed"):
            write(writer, word, teams=ticket.teams)
            writer.commit()
        heard = reader.until("entry", "was.heard")[-1]["id"]
        reader.until("entry", "was.missed")
        return heard


@pytest.mark.parametrize("works_here", [True, False])
def test_newcomer_whose_rights_could_not_be_read_is_looked_at_as_soon_as_they_can(
    server, database, wait_until, anya, works_here
):
    ticket = ticket_of(anya)
    last = last_heard(server, database, ticket)
    if not works_here:
        deactivate(database, anya)
    with ThreadPoolExecutor(1) as pool, rights_locked(database) as cancelled:
        coming = pool.submit(Reader, server, ticket, last=last)
        wait_until(cancelled)
        newcomer = coming.result(10)
    with newcomer, hand(database) as writer:
        assert [one["event"] for one in newcomer.until("ready")] == ["reset", "ready"]  # nothing of the past
        if works_here:
            write(writer, "after.that", teams=ticket.teams)
            writer.commit()
            assert newcomer.words(1) == ["after.that"]
        else:
            assert b"event: entry" not in newcomer.response.read()  # it ends by itself, without any news
