"""Emptying the common test database after a test whose rows were committed."""

import psycopg
from django.db import connection, transaction
from django.test import TransactionTestCase

from otklik.sla import agreements, calendars, policies, warning

# Versions never change, so a process keeps what it read of them by their ids.
KEPT = (agreements.terms, calendars._timetable, policies._terms, policies._versioned, warning._promised)

# made once with the tables, the same for all tests
STANDING = {"django_content_type", "auth_permission"}


def allow(server_url: str) -> None:
    """Let the role that the tests work as leave triggers out for a moment, which it may not elsewhere."""
    as_superuser = server_url.replace("//otklik@/otklik", "//postgres@/postgres", 1)
    with psycopg.connect(as_superuser) as server:
        server.execute("GRANT SET ON PARAMETER session_replication_role TO otklik")


def empty(_case: TransactionTestCase) -> None:
    """Take the rows out of the tables that hold any.

    Django truncates every table and makes its permissions anew: half a second and more after each of hundreds of tests.
    """
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    asked = ", ".join(f'EXISTS(SELECT FROM "{table}")' for table in tables)
    named = ", ".join(f'"{table}"' for table in tables)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {named} IN SHARE ROW EXCLUSIVE MODE")  # who still writes has written then
        cursor.execute(f"SELECT {asked}")
        filled = [table for table, is_filled in zip(tables, cursor.fetchone(), strict=True) if is_filled]
        cursor.execute("SET LOCAL session_replication_role = replica")  # neither order nor triggers count
        for table in set(filled) - STANDING:
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our own models


def forget(**_values: object) -> None:
    """On a new line to a database, which may be another one than before: the same ids mean other rows there."""
    for kept in KEPT:
        kept.cache_clear()
