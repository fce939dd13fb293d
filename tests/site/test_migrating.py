"""The tables that an upgrade leaves: every key and index is whole, however often it was cut short."""

import subprocess

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from otklik.site.role import command
from tests.site.rescue import scene

pytestmark = pytest.mark.timeout(300)
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname"
INVALID = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
KEYS = """
    SELECT conrelid::regclass::text, attname FROM pg_constraint JOIN pg_attribute
        ON attrelid = conrelid AND conkey = ARRAY[attnum] WHERE contype = 'f' AND convalidated
"""
BOTH = """
    SELECT 1 FROM pg_stat_activity HAVING count(*) FILTER (WHERE application_name = 'otklik tables') = 2
        OR count(*) FILTER (WHERE query LIKE 'CREATE INDEX CONC%') = 2
"""


def asked(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def wanted_keys():
    """(table, column) of every foreign key of every model."""
    fields = [
        field for model in apps.get_models(include_auto_created=True) for field in model._meta.local_fields
    ]
    return {
        (field.model._meta.db_table, field.column)
        for field in fields
        if field.is_relation and getattr(field, "db_constraint", False)
    }


@pytest.mark.django_db
def test_every_foreign_key_of_the_models_is_there_and_valid():
    assert wanted_keys() - set(asked(KEYS)) == set()
    assert asked(INVALID) == []


def apply_again(migration, loader):
    before = loader.project_state(migration.dependencies)
    with connection.schema_editor(atomic=migration.atomic) as editor:
        migration.apply(before, editor)


def test_every_step_outside_a_transaction_may_be_done_again(postgres, transactional_db):
    loader = MigrationLoader(connection)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("otklik.")}
    loose = [one for one in loader.disk_migrations.values() if one.app_label in ours and not one.atomic]
    assert len(loose) >= 7
    with scene.own_tables(postgres):
        before = asked(INDEXES)

        for migration in loose:
            apply_again(migration, loader)

        assert asked(INVALID) == []
        assert asked(INDEXES) == before


@pytest.fixture
def behind(postgres, transactional_db):
    """A database that lacks one step, an index; and a line to it whose long report lets no index get ready."""
    with scene.own_tables(postgres):
        call_command("migrate", "channels", "0011_one_letter_a_hand_over", verbosity=0)
        with psycopg.connect(scene.here().database_url) as line:
            line.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            line.execute("SELECT 1")
            yield line


def upgrade():
    told = scene.variables(scene.here())
    return subprocess.Popen(command("migrate"), env=told, stderr=subprocess.PIPE, text=True)  # noqa: S603 - ours


def ended(process):
    words = process.communicate()[1]
    return process.returncode, words


def test_an_upgrade_killed_while_it_makes_an_index_is_repeated(behind, wait_until):
    killed = upgrade()
    wait_until(lambda: asked(INVALID), 100)
    killed.kill()
    ended(killed)
    asked(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONC%'"
    )
    assert asked(INVALID) == [("envelope_lately",)]
    behind.rollback()

    assert ended(upgrade()) == (0, "")

    assert asked(INVALID) == []


def test_of_two_machines_that_upgrade_at_once_the_second_waits(behind, wait_until):
    first = upgrade()
    wait_until(lambda: asked(INVALID), 100)
    second = upgrade()
    wait_until(lambda: asked(BOTH), 100)
    behind.rollback()

    assert [ended(first), ended(second)] == [(0, ""), (0, "")]
    assert asked(INVALID) == []
