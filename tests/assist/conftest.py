"""Who writes, and to whom, in the tests of the coach in the desk."""

import pytest

from tests import make


@pytest.fixture
def anya(client):
    """An agent, signed in."""
    user = make.agent()
    client.force_login(user)
    return user


@pytest.fixture
def vera_lead(client):
    """A lead of the same team, signed in instead."""
    user = make.agent("Вера Чижова", role="lead")
    client.force_login(user)
    return user


@pytest.fixture
def ticket(anya):
    return make.ticket()
