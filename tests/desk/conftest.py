"""Who sits at the desk in the tests of its pages."""

import pytest

from tests import make


@pytest.fixture
def anya(client):
    """An agent, signed in."""
    user = make.agent()
    client.force_login(user)
    return user


@pytest.fixture
def ticket(anya):
    """A client's request in the team of hers."""
    return make.ticket()
