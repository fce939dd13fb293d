"""Faults of the machine, each planted and found."""

import os
import shutil
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from datetime import timezone as fixed
from http.server import BaseHTTPRequestHandler, HTTPServer

import psycopg
import pytest
from django.utils import timezone

from otklik.channels.email import credentials
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.site import home as homes
from otklik.site import postgres as embedded
from otklik.site.doctor import database, machine, network
from otklik.site.postgres import Embedded
from tests import make
from tests.mailservers import free_port
from tests.site.doctor.scene import bad

NOBODY = "postgresql://nobody@127.0.0.1:1/none"


def test_healthy_machine_is_praised(home):
    for check in (machine.home, machine.rights, machine.key, machine.zone, machine.past, machine.key_fits):
        assert bad(check, home) == []
    for check in (database.database, database.notices, database.tables, database.replica):
        assert bad(check, home) == []


def test_missing_folder(home):
    (text,) = bad(machine.home, replace(home, home=home.home / "none"))
    assert text.endswith("нет.")


def test_full_disk(home, monkeypatch):
    real = shutil.disk_usage(home.home)
    monkeypatch.setattr(machine, "LEAST_DISK_GB", real.free / 1e9 + 1)  # a disk of one's own needs root

    (text,) = bad(machine.home, home)
    assert "свободно" in text


def test_restore_that_has_not_ended(home):
    (home.home / homes.RESTORING).touch()

    assert bad(machine.home, home) == ["Восстановление из копии не закончено."]


@pytest.mark.parametrize(
    ("uid", "contained", "warned"), [(0, False, True), (0, True, False), (4711, False, False)]
)
def test_data_of_root_are_worth_a_warning_but_no_fault(home, monkeypatch, uid, contained, warned):
    if os.geteuid() == 0:
        os.chown(home.home, uid, -1)
    elif uid == 0:
        pytest.skip("only root can give a folder to root")
    monkeypatch.setattr(machine, "_in_container", lambda: contained)

    found = list(machine.owner(home))
    assert [one.warns for one in found] == [True] * warned
    assert all(one.good and "docs/administrator.md" in one.advice for one in found)


def test_key_that_others_can_read(home):
    (home.home / "secret.key").chmod(0o644)

    (text,) = bad(machine.rights, home)
    assert "secret.key" in text


def test_folder_that_cannot_be_written(home):
    (home.home / "files").rmdir()
    (home.home / "files").symlink_to("/proc")  # not even root writes there

    assert any("Нельзя писать" in text for text in bad(machine.rights, home))


def test_missing_key(home):
    assert bad(machine.key, replace(home, secret_key="")) == ["Секретного ключа нет."]


def test_key_that_does_not_open_the_passwords(home, monkeypatch):
    make.box("it@primer.example", secret=credentials.seal("secret"))
    assert bad(machine.key_fits, home) == []
    monkeypatch.setattr("otklik.accounts.vault.env", lambda: replace(home, secret_key="another" * 9))

    assert bad(machine.key_fits, home) == ["Ключ не подходит: ящик it@primer.example."]


def test_secrets_under_a_key_of_before(home, monkeypatch):
    make.box("it@primer.example", secret=credentials.seal("secret"))
    changed = replace(home, secret_key="another" * 9, old_secret_keys=(home.secret_key,))
    monkeypatch.setattr("otklik.accounts.vault.env", lambda: changed)

    (text,) = bad(machine.key_fits, home)
    assert "Под прежним ключом ещё 1" in text


def test_zone_without_data(home):
    (text,) = bad(machine.zone, replace(home, timezone="Europe/Nowhere"))
    assert "Europe/Nowhere" in text


def test_machine_and_database_with_different_rules_of_a_zone(home, monkeypatch):
    monkeypatch.setattr(machine, "ZoneInfo", lambda _name: fixed(timedelta(hours=4)))

    (text,) = bad(machine.zone, home)
    assert "по-разному" in text


def test_clock_that_was_ahead(home):
    journaling.write(Line(None, "now.said", timezone.now() + timedelta(hours=3)))

    (text,) = bad(machine.past, home)
    assert "на 180 мин позже" in text or "на 179 мин позже" in text


def test_clock_of_the_database_that_differs(home):
    with psycopg.connect(home.database_url) as line:
        line.execute("CREATE SCHEMA wrong")
        line.execute("CREATE FUNCTION wrong.clock_timestamp() RETURNS timestamptz LANGUAGE sql "
                     "AS $$ SELECT pg_catalog.clock_timestamp() + interval '1 hour' $$")  # fmt: skip
        line.execute("SET search_path = wrong, pg_catalog")

        finding = database._clock(line)
        line.rollback()
    assert not finding.good
    assert "3600" in finding.text


def test_wrong_address_of_the_database(home):
    (text,) = bad(database.database, replace(home, database_url=NOBODY))
    assert text.startswith("База данных не отвечает:")


def test_server_with_few_connections(home, scratch, monkeypatch):
    monkeypatch.setitem(embedded.SMALL, "max_connections", "12")
    server = Embedded(scratch / "small", durable=False)
    try:
        url = server.start()
        (text,) = bad(database.database, replace(home, database_url=url))
    finally:
        server.stop()
    assert text.startswith("Соединений с базой занято")


def test_replica_that_is_away(home):
    (text,) = bad(database.replica, replace(home, replica_url=NOBODY))
    assert text.startswith("Реплика не отвечает:")


def test_replica_that_is_none(home):
    (text,) = bad(database.replica, replace(home, replica_url=home.database_url))
    assert "самостоятельная база" in text


@pytest.mark.django_db(transaction=True)
def test_tables_of_another_version(home):
    with psycopg.connect(home.database_url, autocommit=True) as line:
        taken = line.execute(
            "DELETE FROM django_migrations WHERE app = 'otklik_site' AND name NOT LIKE '0001%' "
            "RETURNING app, name, applied"
        )
        (row,) = taken.fetchall()
        line.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('desk', '0999_later', now())"
        )
        try:
            older, newer = bad(database.tables, home)
        finally:
            line.execute("DELETE FROM django_migrations WHERE name = '0999_later'")
            line.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", row)
    assert "старее этой версии: шагов 1" in older
    assert "desk.0999_later" in newer


@contextmanager
def somebody(body):
    """Another program's pages."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            pass

    with HTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_port_that_somebody_else_has_taken(home):
    with somebody(b"nginx") as port, somebody("Здесь только /live.".encode()) as live:
        (text,) = bad(network.ports, replace(home, port=port, live_port=live, door_port=0))
    assert f"127.0.0.1:{port}: отвечает не Отклик" in text


def test_pages_live_stream_and_door_that_nobody_runs(home):
    texts = bad(network.ports, replace(home, port=free_port(), live_port=free_port(), door_port=free_port()))

    assert [text.split(",")[0] for text in texts] == ["Страницы", "Живая лента", "Приём писем по SMTP"]


def test_process_that_hangs(home, monkeypatch):
    monkeypatch.setattr(network, "LIMIT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, somebody(b"ok") as port:
        hung = replace(home, port=port, live_port=silent.getsockname()[1], door_port=0)
        (text,) = bad(network.ports, hung)
    assert "соединение есть, ответа нет" in text


def test_address_for_people_that_leads_elsewhere(home):
    with somebody(b"nginx") as port, somebody(b"ok") as ours:
        assert bad(network.address, replace(home, base_url=f"http://127.0.0.1:{ours}")) == []
        (text,) = bad(network.address, replace(home, base_url=f"http://127.0.0.1:{port}"))
    assert "ведёт не в Отклик" in text
