"""A live stream on the test database, and one whose database may be killed."""

import os
import subprocess

import pytest
from django.db import connection

from otklik.site.postgres import Embedded
from otklik.site.role import command
from tests import make
from tests.site.streams import serving, ticket_of


@pytest.fixture
def admin(database):
    return ticket_of(make.admin())


def url(postgres):
    return postgres.url.replace("/otklik?", f"/{connection.settings_dict['NAME']}?")


@pytest.fixture
def database(postgres, transactional_db):
    """The address of the test database, emptied after the test."""
    return url(postgres)


@pytest.fixture(scope="module")
def server(postgres, django_db_setup, wait_until):
    """Where the stream listens."""
    with serving(url(postgres), wait_until) as port:
        yield port


@pytest.fixture
def mortal(scratch):
    """A PostgreSQL of this test alone, with our tables: it may be killed."""
    alone = Embedded(scratch, durable=False)
    try:
        told = {"OTKLIK_DATABASE_URL": alone.start()}
        subprocess.run(command("migrate"), env=os.environ | told, check=True, capture_output=True)  # noqa: S603 - ours
        yield alone
    finally:
        alone.stop()
