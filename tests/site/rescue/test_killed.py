"""A restore that is killed at any instant: begun again it ends with equal counts and checksums."""

import signal

import psycopg
import pytest

from otklik.desk import files
from otklik.site import preparing
from otklik.site.rescue import census
from tests import make
from tests.site.rescue import scene

pytestmark = pytest.mark.django_db(transaction=True)

# what is seen from outside when the kill comes
STAGES = {
    "the mark stands": "SELECT to_regclass('otklik_restore') IS NOT NULL",
    "rows are being loaded": "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = 'otklik rescue' "
    "AND datname = current_database() AND query ~ '^(CREATE|COPY|ALTER|SELECT pg_catalog.setval)')",
    "all rows are there": "SELECT to_regclass('desk_ticket') IS NOT NULL",
}


def seen(place, query):
    try:
        return bool(scene.rows(place, query)[0][0])
    except psycopg.Error:
        return False


@pytest.fixture
def copy(tmp_path):
    for number in range(30):
        name = f"{number}.txt"
        stored = files.store(name.encode() * 1000)
        make.ticket(f"Письмо {number}", files=(files.File(stored, len(name) * 1000, name, "text/plain"),))
    kept = scene.backup(tmp_path / "one.copy")
    return tmp_path / "one.copy", kept.manifest


def test_killed_restore_is_begun_anew_and_ends_equal(copy, postgres, scratch, wait_until, monkeypatch):
    path, told = copy
    with scene.empty_place(postgres, scratch) as place:
        for query in STAGES.values():
            process = scene.start(place, "restore", str(path))
            wait_until(
                lambda query=query, process=process: seen(place, query) or process.poll() is not None, 60
            )
            process.send_signal(signal.SIGKILL)
            process.communicate()
            refused_meanwhile(place, monkeypatch)

        again = scene.start(place, "restore", str(path))
        said = again.communicate()[0].decode()

        assert again.returncode == 0, said
        with psycopg.connect(place.database_url) as line:
            changed = {"desk_delivery", "journal_entry", "channels_box", "journal_follower", "django_session"}
            found = census.take(line)
        assert {n: c for n, c in found.items() if n not in changed} == {
            n: c for n, c in told.tables.items() if n not in changed
        }
        stored = [one for one in (place.home / "files").rglob("*") if one.is_file()]
        assert (len(stored), sum(one.stat().st_size for one in stored)) == (told.files, told.files_bytes)


def refused_meanwhile(place, monkeypatch):
    """Nobody works with half of a company."""
    monkeypatch.setattr(preparing, "env", lambda: place)
    with pytest.raises(SystemExit, match="не закончено"):
        preparing.migrate()
    assert (place.home / "restoring").exists()
