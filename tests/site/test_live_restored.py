"""The live stream over a database that was restored: its transactions are counted anew, from below."""

import os
import subprocess

import psycopg
import pytest

from otklik.site.postgres import Embedded
from otklik.site.role import command
from otklik.web.livetickets import LiveTicket
from tests.site.streams import Reader, add_person, hand, serving, write


def furnish(home):
    """A server with our tables, one administrator, and nothing that was said."""
    server = Embedded(home, durable=False)
    told = {"OTKLIK_DATABASE_URL": server.start()}
    subprocess.run(command("migrate"), env=os.environ | told, check=True, capture_output=True)  # noqa: S603 - ours
    with psycopg.connect(server.url) as line:
        add_person(line)
    return server


@pytest.fixture
def servers(scratch):
    """The one that is worked with, and another cluster ready to take its place."""
    begun: list[Embedded] = []
    try:
        begun.extend(furnish(scratch / name) for name in ("first", "second"))
        begun[1].stop()
        yield begun
    finally:
        for server in begun:
            server.stop()


def restore(first, second):
    """The same address leads to the other cluster, whose transactions are counted from below."""
    first.stop()
    first._data.rename(first._data.with_name("before"))
    second._data.rename(first._data)
    first.start()


def test_stream_neither_stalls_nor_repeats_after_a_restore(servers, wait_until):
    url, ticket = servers[0].url, LiveTicket(2_000_000_000, user_id=1, all=True)
    with psycopg.connect(url, autocommit=True) as line:
        for _step in range(3000):
            line.execute("SELECT pg_current_xact_id()")
    with serving(url, wait_until) as port, Reader(port, ticket) as reader:
        with hand(url) as writer:
            write(writer, "before")
            writer.commit()
        last = reader.next()["id"]
        restore(*servers)
        assert reader.next()["event"] == "reset"
        with hand(url) as writer:
            write(writer, "after")
            writer.commit()
        assert reader.words(1) == ["after"]

        with Reader(port, ticket, last=last) as returning:
            assert returning.next()["event"] == "reset"
