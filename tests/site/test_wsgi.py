"""How the pages leave the program: a page whole, a file piece by piece."""

from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.templatetags.static import static

from otklik.site.wsgi import application
from tests import make


def ask(path, **more):
    """(what the server is given to send, its status)."""
    environ = {"PATH_INFO": path, "HTTP_HOST": "localhost:8000", **more}
    setup_testing_defaults(environ)
    told = []
    return application(environ, lambda status, _headers: told.append(status)), told[0]


@pytest.fixture
def finished():
    told = []

    def tell(**_values):
        told.append(1)

    for signal in (request_started, request_finished):  # the test's own transaction goes on
        signal.disconnect(close_old_connections)
    request_finished.connect(tell)
    yield told
    request_finished.disconnect(tell)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
def test_a_page_leaves_as_one_piece_and_its_request_is_finished_once(finished):
    make.agent()
    answer, status = ask("/sign-in/")

    assert status.startswith("200")
    assert isinstance(
        answer, list
    )  # the server sends a list with its head in one go, anything else piece by piece
    assert "</html>" in answer[0].decode()
    assert finished == [1]


@pytest.mark.django_db
def test_a_file_leaves_piece_by_piece(finished):
    answer, status = ask(static("web/css/base.css"))

    assert status.startswith("200")
    assert not isinstance(answer, list)
    assert b"{" in b"".join(answer)
    answer.close()
    assert finished == [1]
