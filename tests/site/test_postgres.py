import os
import signal
import subprocess

import psycopg
import pytest

from otklik.site import pgprograms
from otklik.site.postgres import Embedded


@pytest.fixture
def server(scratch):
    server = Embedded(scratch / "home", durable=False)
    yield server
    server.stop()


def said(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_new_home_gets_a_database_that_knows_russian_letters(server):
    url = server.start()

    assert said(url, "SELECT lower('ЁЖ')") == "ёж"
    assert said(url, "SELECT to_tsvector('russian', '«Письма» пришли') @@ to_tsquery('russian', 'письмо')")


def test_product_is_no_superuser_of_its_own_database(server):
    url = server.start()

    assert said(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_server_starts_again_after_it_was_killed_and_keeps_what_was_committed(server):
    url = server.start()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")

    os.kill(server.pid, signal.SIGKILL)
    server._process.wait()

    assert not server.is_running()
    assert said(server.start(), "SELECT number FROM kept") == 7


def test_other_accounts_of_the_machine_cannot_enter_the_folder_of_the_socket(server):
    server.start()
    folder = server._socket_folder()

    assert folder.stat().st_mode & 0o077 == 0
    rules = (server._data / "pg_hba.conf").read_text()
    assert rules == "local all all peer map=otklik\n"


def test_server_listens_on_no_network_address(server):
    assert said(server.start(), "SHOW listen_addresses") == ""


@pytest.mark.parametrize("name", ["длинное имя " * 8, "a,b", "it's"])
def test_any_name_of_a_home_is_good(scratch, name):
    server = Embedded(scratch / name, durable=False)
    try:
        assert said(server.start(), "SELECT 1") == 1
    finally:
        server.stop()


def test_server_starts_after_a_power_cut_though_its_number_is_now_another_process(server):
    url = server.start()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    note = server._data / "postmaster.pid"
    told = note.read_text().split("\n")
    os.kill(server.pid, signal.SIGKILL)
    server._process.wait()
    who = pgprograms.runner()
    other = subprocess.Popen(["sleep", "60"], user=who.uid, group=who.gid)  # noqa: S607 - anything that lives
    try:
        note.write_text("\n".join([str(other.pid), *told[1:]]))

        assert said(server.start(), "SELECT number FROM kept") == 7
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
