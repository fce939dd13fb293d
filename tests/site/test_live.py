"""The live stream as a real process on a real database, with transactions that end out of order."""

import http.client
import json
import os
import signal
import socket
import subprocess
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
from django.db import connection as django_connection

from otklik.site.postgres import Embedded
from otklik.site.role import command
from otklik.web import livetickets
from otklik.web.livetickets import LiveTicket
from tests import make

ORIGIN = "http://localhost:8000"
ADMIN = LiveTicket(2_000_000_000, user_id=1, all=True)


def url(postgres):
    return postgres.url.replace("/otklik?", f"/{django_connection.settings_dict['NAME']}?")


@pytest.fixture
def database(postgres, transactional_db):
    """The address of the test database, emptied after the test."""
    return url(postgres)


@pytest.fixture(scope="module")
def server(postgres, django_db_setup, wait_until):
    """Where the stream listens."""
    with serving(url(postgres), wait_until) as port:
        yield port


@contextmanager
def serving(database, wait_until):
    """The stream's process on this database; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = {"OTKLIK_DATABASE_URL": database, "OTKLIK_LIVE_PORT": str(port), "OTKLIK_BASE_URL": ORIGIN}
    process = subprocess.Popen(  # noqa: S603 - our own program
        command("live"), env=os.environ | told, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: _listens(port) and _is_ready(port), 30)
        yield port
        process.send_signal(signal.SIGTERM)
        assert process.wait(8) == 0
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def mortal(scratch):
    """A PostgreSQL of this test alone, with our tables: it may be killed."""
    alone = Embedded(scratch, durable=False)
    try:
        told = {"OTKLIK_DATABASE_URL": alone.start()}
        subprocess.run(command("migrate"), env=os.environ | told, check=True, capture_output=True)  # noqa: S603 - ours
        yield alone
    finally:
        alone.stop()


def _is_ready(port):
    with Reader(port, ADMIN) as reader:
        return reader.status == 200 and "id" in reader.first


def _listens(port):
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


class Reader:
    """One open stream. first: the event `ready`; next(): the next event as a dictionary of its fields."""

    def __init__(self, port, ticket, *, last="", origin=ORIGIN):
        signed = ticket if isinstance(ticket, str) else livetickets.sign(ticket)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Origin": origin} | ({"Last-Event-ID": last} if last else {})
        self.connection.request("GET", f"/live?ticket={signed}", headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status
        self.first = self.next() if self.status == 200 and not last else {}

    def next(self):
        fields: dict[str, str] = {}
        while True:
            line = self.response.readline().decode().rstrip("\n")
            if not line and ("event" in fields or self.response.isclosed()):
                return fields
            name, _, value = line.partition(": ")
            fields[name] = value

    def words(self, count):
        return [json.loads(self.next()["data"])["word"] for _ in range(count)]

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        self.close()

    def close(self):
        self.response.close()  # it holds the socket too
        self.connection.close()


def write(connection, word, *, teams=(), ticket=None, public=False):
    connection.execute(
        "INSERT INTO journal_entry (at, actor, ticket_id, word, facts, audience, public)"
        " VALUES (now(), 'system', %s, %s, '{}', %s, %s)",
        [ticket, word, list(teams), public],
    )


@contextmanager
def hand(database):
    """A connection whose transactions end when told."""
    with psycopg.connect(database) as connection:
        yield connection


def test_committed_entry_reaches_an_open_stream(server, database):
    with Reader(server, ADMIN) as reader, hand(database) as writer:
        write(writer, "ticket.solved")
        writer.commit()
        event = reader.next()

    assert event["event"] == "entry"
    assert json.loads(event["data"]) == {"ticket": None, "word": "ticket.solved"}


def test_batch_that_began_first_and_commits_last_is_told_whole(server, database):
    with Reader(server, ADMIN) as reader, hand(database) as slow, hand(database) as quick:
        for number in range(100):
            write(slow, f"slow.{number}")
        for number in range(20):
            write(quick, f"quick.{number}")
            quick.commit()
        slow.commit()
        heard = reader.words(120)

    assert sorted(heard) == sorted([f"slow.{n}" for n in range(100)] + [f"quick.{n}" for n in range(20)])


def test_rolled_back_entry_is_never_told(server, database):
    with Reader(server, ADMIN) as reader, hand(database) as writer:
        write(writer, "never.was")
        writer.rollback()
        write(writer, "really.was")
        writer.commit()

        assert reader.words(1) == ["really.was"]


def test_agent_hears_of_their_teams_only(server, database):
    anya = Reader(server, LiveTicket(2_000_000_000, user_id=2, teams=(1, 2)))
    boris = Reader(server, LiveTicket(2_000_000_000, user_id=3, teams=(3,)))
    with anya, boris, hand(database) as writer:
        for word, teams in [("of.boris", [3]), ("of.nobody", []), ("of.anya", [2, 4]), ("of.both", [1, 3])]:
            write(writer, word, teams=teams)
        writer.commit()

        assert anya.words(2) == ["of.anya", "of.both"]
        assert boris.words(2) == ["of.boris", "of.both"]


def test_page_of_a_client_hears_public_news_of_its_own_request_only(server, database):
    mine, other = make.ticket().pk, make.ticket().pk
    vera = Reader(server, LiveTicket(2_000_000_000, client_ticket=mine))
    with vera, hand(database) as writer:
        write(writer, "secret.mine", ticket=mine)
        write(writer, "public.other", ticket=other, public=True)
        write(writer, "public.nobody", public=True)
        write(writer, "public.mine", ticket=mine, public=True)
        writer.commit()

        heard = [json.loads(vera.next()["data"])]
        while heard[-1]["word"] != "public.mine":
            heard.append(json.loads(vera.next()["data"]))

    assert {one["ticket"] for one in heard} == {mine}
    assert not [one for one in heard if one["word"].startswith("secret")]


def test_returning_reader_gets_what_it_missed_by_its_rights(server, database):
    ticket = LiveTicket(2_000_000_000, user_id=2, teams=(1,))
    with Reader(server, ticket) as reader, hand(database) as writer:
        write(writer, "heard.before", teams=[1])
        writer.commit()
        last = reader.next()["id"]
    with hand(database) as writer, Reader(server, ADMIN) as witness:
        write(writer, "of.others", teams=[2])
        write(writer, "was.missed", teams=[1])
        writer.commit()
        witness.words(2)

    with Reader(server, ticket, last=last) as reader:
        assert reader.words(1) == ["was.missed"]
        assert reader.next()["event"] == "ready"


def test_reader_that_missed_too_much_is_told_to_load_anew(server, database):
    with Reader(server, ADMIN) as reader, hand(database) as writer:
        for number in range(501):
            write(writer, f"many.{number}")
        writer.commit()
        assert len(set(reader.words(501))) == 501
        first = reader.first["id"]

    with Reader(server, ADMIN, last=first) as reader:
        assert reader.next()["event"] == "reset"


@pytest.mark.parametrize(
    "ticket",
    [
        "", "no-dot", "a.b",
        livetickets.sign(LiveTicket(1, user_id=1, all=True)),  # its time is over
        "x" + livetickets.sign(ADMIN),
    ],
)  # fmt: skip
def test_stranger_without_a_good_ticket_hears_nothing(server, ticket):
    with Reader(server, ticket) as reader:
        assert reader.status == 403


def test_page_of_another_site_is_refused_and_ours_is_named(server):
    with Reader(server, ADMIN, origin="https://evil.example") as reader:
        assert reader.status == 403
    with Reader(server, ADMIN) as reader:
        assert reader.response.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_stream_lives_through_a_restart_of_the_database_and_loses_nothing(mortal, wait_until):
    with serving(mortal.url, wait_until) as port, Reader(port, ADMIN) as reader:
        os.kill(mortal.pid, signal.SIGKILL)
        wait_until(lambda: not mortal.is_running())
        mortal.start()
        with hand(mortal.url) as writer:
            write(writer, "after.the.storm")
            writer.commit()

        assert reader.words(1) == ["after.the.storm"]


def test_one_listener_cannot_take_all_places_and_gets_one_back(server, wait_until):
    def status():
        with Reader(server, ADMIN) as one_more:
            return one_more.status

    with ExitStack() as stack:
        readers = [stack.enter_context(Reader(server, ADMIN)) for _ in range(50)]

        assert status() == 429
        readers.pop().close()
        wait_until(lambda: status() == 200)
