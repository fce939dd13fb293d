"""Alive, and ready for people: told to anybody, without secrets, quickly."""

import pytest
from django.db import connection
from django.test import Client

from otklik.env import env
from otklik.site.watch import readying

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = {"database": "ok", "migrations": "ok", "disk": "ok", "key": "ok"}


@pytest.fixture(autouse=True)
def no_old_answer(monkeypatch):
    monkeypatch.setattr(readying, "watch", readying.Watch())
    monkeypatch.setattr("otklik.site.watch.views.watch", readying.watch)


def ready():
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()["checks"]


def test_a_whole_installation_is_ready():
    assert ready() == (200, GOOD)


def test_a_missing_step_of_the_tables_is_named():
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'desk' AND name LIKE '0001%%' RETURNING app, name"
        )
        (row,) = cursor.fetchall()
    try:
        assert ready() == (503, GOOD | {"migrations": "1 not applied: run otklik migrate"})
    finally:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", row)


def test_steps_named_by_files_are_those_that_django_knows():
    from django.db.migrations.loader import MigrationLoader

    assert readying.steps() == frozenset(MigrationLoader(None).disk_migrations)


def test_no_database_is_told_without_its_address_or_password(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "secret of the database")

    status, checks = ready()

    assert (status, checks["database"], checks["migrations"]) == (
        503,
        "no answer (OperationalError)",
        "not known",
    )
    assert Client().get("/healthz").status_code == 200


def test_a_full_disk_and_an_unended_restore_are_told(monkeypatch):
    monkeypatch.setattr(readying, "LEAST_DISK_BYTES", 10**18)
    assert ready()[1]["disk"].endswith("MB free")
    mark = env().home / "restoring"
    mark.touch()
    try:
        assert readying.look(env()).checks["disk"] == "a restore has not ended: repeat otklik restore"
    finally:
        mark.unlink()


def test_asked_again_at_once_the_same_answer_is_given_without_a_look(monkeypatch):
    assert ready()[0] == 200
    monkeypatch.setattr(readying, "look", lambda _env: pytest.fail("looked again"))

    assert ready()[0] == 200
