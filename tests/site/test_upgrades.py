"""From every version that was given out to this one: its own code makes a database, ours brings it up."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from otklik.site.rescue import census
from otklik.site.role import command
from tests.running import database_url, end_sessions

ROOT = Path(__file__).resolve().parents[2]
# a few rows of every kind that the version's own deeds make
FILL = """
import django; django.setup()
from otklik.site import preparing; preparing.migrate()
from tests import make
ticket = make.ticket("Первое письмо")
make.reply(ticket)
for number in range(3): make.ticket(f"Письмо {number}")
"""
# this version works with them
USE = """
import django; django.setup()
from tests import make
from otklik.desk.models import Ticket
make.reply(Ticket.objects.order_by("pk")[1])
make.ticket("Письмо новой версии")
"""


def git(*words: str) -> bytes:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        return b""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)  # noqa: S603, S607 - fixed words
    return done.stdout if done.returncode == 0 else b""


# so that a clone without tags tries them too
GIVEN_OUT = {"v0.1.0": "24848059fb4e2b84b07952debb3efcf42fde0803"}


def versions() -> dict[str, str]:
    """Version: commit. Only those whose code this clone holds."""
    tagged = git("tag", "--list", "v*", "--sort=version:refname").decode().split()
    known = GIVEN_OUT | {version: f"refs/tags/{version}" for version in tagged}
    return {
        version: commit for version, commit in known.items() if git("cat-file", "-t", f"{commit}^{{commit}}")
    }


def unpacked(version: str, folder: Path) -> Path:
    folder.mkdir()
    code = git("archive", versions()[version])
    subprocess.run(["tar", "-x", "-C", str(folder)], input=code, check=True)  # noqa: S603, S607 - fixed words
    return folder


def test_the_list_of_what_was_given_out_knows_every_tag():
    """Else a clone without tags would try fewer versions, and say nothing of it."""
    assert set(versions()) - set(GIVEN_OUT) == set()


def run(code: Path, url: str, home: Path, *words: str) -> None:
    """With the variables alone that every version knows."""
    told = {"OTKLIK_DATABASE_URL": url, "OTKLIK_HOME": str(home), "PYTHONPATH": str(code)}
    usual = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("OTKLIK_") or name == "OTKLIK_SECRET_KEY"
    }
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *words], env=usual | told, cwd=code, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


def counted(url: str) -> dict[str, census.Count]:
    with psycopg.connect(url) as line:
        return census.take(line)


KEYS = "SELECT oid, conname FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text ~ '^(desk|journal)_'"
# (what, whether it is whole) of all that is made beside the columns
TABLES = """
    SELECT pg_get_indexdef(indexrelid), indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = 'public'::regnamespace
    UNION SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid), convalidated FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
"""


def rows(url, query):
    with psycopg.connect(url) as line:
        return set(line.execute(query).fetchall())


@pytest.fixture
def url(postgres):
    with psycopg.connect(postgres.url, autocommit=True) as server:
        server.execute("CREATE DATABASE upgraded")
        yield postgres.url.replace("/otklik?", "/upgraded?")
        end_sessions(server, "upgraded")
        server.execute("DROP DATABASE upgraded")


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "version",
    versions() or [pytest.param("", marks=pytest.mark.skip("здесь нет git или кода прежних версий"))],
)
def test_every_version_given_out_comes_up_to_this_one_with_all_its_rows(version, url, scratch, db):
    old = unpacked(version, scratch / "code")
    run(old, url, scratch, "-c", FILL)
    before, keys = counted(url), rows(url, KEYS)

    run(ROOT, url, scratch, *command("migrate")[1:])

    after = counted(url)
    # the same ones: made anew, they would look at every row with writers kept out
    assert keys <= rows(url, KEYS)
    assert rows(url, TABLES) ^ rows(database_url(), TABLES) == set()
    # grow with the code; a new reader of the journal begins at its end
    steps = {"django_migrations", "django_content_type", "auth_permission", "journal_follower"}
    assert {name: one.rows for name, one in before.items() if name not in steps} == {
        name: after[name].rows for name in before if name not in steps
    }
    run(ROOT, url, scratch, "-c", USE)
    assert counted(url)["desk_ticket"].rows == before["desk_ticket"].rows + 1
