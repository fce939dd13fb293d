"""The connection that a page finds: alive without a question, dead before the page meets it."""

import select
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> Iterator[BaseDatabaseWrapper]:
    """A second connection, as a thread of the pages keeps it."""
    other = connection.copy()
    other.connect()
    yield other
    other.close()


def asked(wrapper: BaseDatabaseWrapper) -> tuple[bool, list[str]]:
    """What is_usable() says, and what it asked the server for that."""
    wrapper.force_debug_cursor = True
    wrapper.queries_log.clear()
    return wrapper.is_usable(), [one["sql"] for one in wrapper.queries_log]


def test_a_living_connection_is_known_without_a_question(kept):
    assert asked(kept) == (True, [])


def test_a_connection_that_the_server_ended_is_made_anew(kept):
    with kept.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert kept.connection is not None
    assert select.select([kept.connection.fileno()], [], [], 10)[0], "the server did not end it"

    assert not kept.is_usable()
    kept.health_check_enabled, kept.health_check_done = True, False
    with kept.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_a_connection_that_was_never_made_or_was_closed_is_not_usable(kept):
    kept.close()

    assert not kept.is_usable()
