"""`otklik move`: to a server of one's own, back, and into a new version; each time everything is there."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import psycopg
import pytest

from otklik.env import read
from otklik.site import home as homes
from otklik.site.pgprograms import MAJOR
from otklik.site.postgres import Embedded, data_major
from otklik.site.rescue import census, moving, places, upgrading
from otklik.site.rescue.faults import RescueFault
from tests.site.rescue import debian

# run in a process of its own: a few rows by the product's own deeds, in the database of the environment
FURNISH = """
import django; django.setup()
from otklik.site import preparing; preparing.migrate()
from tests import make
for number in range(5): make.reply(make.ticket(f"Письмо {number}"))
"""


def furnish(url, home):
    ours = {
        "OTKLIK_DATABASE_URL": url,
        "OTKLIK_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "otklik.site.settings",
    }
    subprocess.run([sys.executable, "-c", FURNISH], env=os.environ | ours, check=True, capture_output=True)  # noqa: S603


def counted(url):
    with psycopg.connect(url) as line:
        found = census.take(line).items()
        return {name: [one.rows, one.sum] for name, one in found if not name.startswith("journal_")}


def running(home, **more):
    server = Embedded(home, durable=False, **more)
    server.start()
    return server


@pytest.fixture(scope="module")
def original():
    """A folder with a filled embedded database, made once: each test works with a copy."""
    folder = Path(tempfile.mkdtemp(prefix="original-", dir=os.environ["OTKLIK_HOME"]))
    folder.chmod(0o711)
    homes.make(folder / "home")
    fill(folder / "home")
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture
def scene(monkeypatch):
    """No variable tells where the database is; nothing here has to outlive a power cut."""
    for name in ("OTKLIK_DATABASE_URL", "OTKLIK_LISTEN_URL", "OTKLIK_HOME"):
        monkeypatch.delenv(name, raising=False)
    for module in (places, upgrading):
        monkeypatch.setattr(module, "Embedded", partial(Embedded, durable=False))


@pytest.fixture
def home(scene, original, scratch):
    subprocess.run(["cp", "-a", str(original), str(scratch / "home")], check=True)  # noqa: S603, S607 - keeps owners
    return scratch / "home"


@pytest.fixture
def was(original):
    return json.loads((original / "counted").read_text())


def env(home):
    return read({**os.environ, "OTKLIK_HOME": str(home)})


def fill(home, **more):
    """Rows in the embedded database, which stands still then; their counts and checksums stand beside it."""
    server = running(home, **more)
    try:
        homes.write_private(home / "database.url", server.url)
        furnish(server.url, home)
        (home / "counted").write_text(json.dumps(counted(server.url)))
    finally:
        server.stop()


def test_embedded_database_moves_out_and_back_whole(home, was, scratch):
    with debian.running(scratch) as url:
        moving.move(env(home), url)

        assert counted(url) == was
        assert homes.is_external(home)
        assert env(home).database_url == url
        assert not (home / "postgres").exists()  # put aside, so that nobody works with it by mistake
        with pytest.raises(RescueFault, match="та же самая база"):
            moving.move(env(home), url)

        notes = moving.move(env(home), "embedded")
        with psycopg.connect(url) as line, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            line.execute("DELETE FROM desk_delivery")
    assert any("только для чтения" in note for note in notes)
    assert not homes.is_external(home)
    server = running(home)
    try:
        assert counted(server.url) == was
    finally:
        server.stop()


def test_move_names_every_address_that_still_leads_to_the_old_server(tmp_path, monkeypatch):
    other = "postgresql://nobody@127.0.0.1:1/none"  # nobody answers: nothing is closed there
    place = places.Place(tmp_path, other, is_embedded=False)
    for name in ("LISTEN_URL", "REPLICA_URL"):
        monkeypatch.delenv(f"OTKLIK_{name}", raising=False)
    assert not any(
        "LISTEN" in note or "REPLICA" in note for note in moving._to_embedded(env(tmp_path), place)
    )
    for name in ("LISTEN_URL", "REPLICA_URL"):
        monkeypatch.setenv(f"OTKLIK_{name}", other)

    for notes in (
        moving._to_embedded(env(tmp_path), place),
        moving._to_external(env(tmp_path), place, other),
    ):
        assert [name for name in ("OTKLIK_LISTEN_URL", "OTKLIK_REPLICA_URL") if name in " ".join(notes)] == [
            "OTKLIK_LISTEN_URL",
            "OTKLIK_REPLICA_URL",
        ]


def test_database_that_is_worked_with_is_not_moved(home, scratch):
    with debian.running(scratch) as url:
        server = running(home)
        try:
            with (
                psycopg.connect(server.url, application_name="otklik outbox"),
                pytest.raises(RescueFault, match="ещё работают: otklik outbox"),
            ):
                moving._carry(places.Place(home, server.url, is_embedded=True), url)
        finally:
            server.stop()


def test_target_that_is_not_empty_stays_as_it_is(home, scratch):
    with debian.running(scratch) as url:
        with psycopg.connect(url) as line:
            line.execute("CREATE TABLE somebodys AS SELECT 1 AS it")
        with pytest.raises(RescueFault, match="не пустая"):
            moving.move(env(home), url)
        with psycopg.connect(url) as line:
            assert line.execute("SELECT it FROM somebodys").fetchall() == [(1,)]
    assert not homes.is_external(home)


def test_embedded_database_of_an_older_version_is_carried_into_this_one(scene, scratch):
    home = scratch / "home"
    homes.make(home)
    fill(home, major="16")
    was = json.loads((home / "counted").read_text())
    data = home / "postgres" / "data"
    assert data_major(data) == "16"

    notes = upgrading.upgrade(env(home))

    assert "из PostgreSQL 16" in notes[0]
    assert data_major(data) == MAJOR
    server = running(home)
    try:
        assert counted(server.url) == was
    finally:
        server.stop()
    assert upgrading.upgrade(env(home)) == [f"Встроенная база уже версии {MAJOR}: делать нечего."]


def test_what_a_killed_upgrade_left_takes_nobodys_work_of_after_it(scene, scratch):
    home = scratch / "home"
    homes.make(home)
    fill(home, major="16")
    was = json.loads((home / "counted").read_text())
    stale = home / "postgres" / "data.ready"  # of a try before all that
    stale.mkdir()
    (stale / "PG_VERSION").write_text(MAJOR)

    upgrading.upgrade(env(home))

    server = running(home)
    try:
        assert counted(server.url) == was
    finally:
        server.stop()
    assert not stale.exists()


def test_start_between_the_two_last_renames_finds_the_new_database(home, was):
    folder = home / "postgres"
    (folder / "data").rename(folder / "data.ready")

    server = running(home)
    try:
        assert counted(server.url) == was
    finally:
        server.stop()
