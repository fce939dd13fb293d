"""One line a request, with a name that is on the error page, in the jobs and in the lines of letters as well."""

import logging
import re
from datetime import datetime
from typing import Any

import pytest
import structlog
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings

from otklik.accounts.models import Tally
from otklik.site.watch import middleware, timing
from tests import make

pytestmark = pytest.mark.django_db
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADER = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def browser():
    """An agent's; a fault of ours becomes the page that people see."""
    agent = make.agent()
    browser = Client(raise_request_exception=False)
    browser.force_login(agent)
    return browser, agent


def test_a_request_is_one_line_with_its_person_ticket_time_and_statements(browser, log):
    client, agent = browser
    ticket = make.ticket()

    answer = client.get(f"/desk/{ticket.number}/?q=иванов")

    (line,) = log.lines("request")
    assert datetime.fromisoformat(line["time"]).utcoffset().total_seconds() == 0
    assert (line["level"], line["logger"], line["process"]) == ("info", "otklik.request", "web")
    assert (line["method"], line["route"], line["status"]) == ("GET", "desk:ticket", 200)
    assert (line["user_id"], line["ticket"]) == (agent.pk, ticket.number)
    assert line["path"] == f"/desk/{ticket.number}/"
    assert line["duration_ms"] > 0
    assert line["queries"] > 3
    assert line["trace_id"] == answer["X-Request-Id"]
    assert "иванов" not in log.text.getvalue()


def test_two_requests_of_one_thread_share_no_trace_and_no_person(browser, log):
    client, _agent = browser
    client.get("/desk/")
    Client().get("/sign-in/")

    first, second = log.lines("request")
    assert first["trace_id"] != second["trace_id"]
    assert "user_id" not in second


def test_checks_of_programs_and_files_of_the_page_are_told_only_when_they_fail(log):
    for path in ["/healthz", "/static/web/mark.svg"]:
        assert Client().get(path).getvalue()  # a file is closed when it is read
    assert log.lines("request") == []


@override_settings(SESSION_COOKIE_SECURE=True)
def test_a_proxy_in_front_names_the_trace_and_its_own_request(log):
    answer = Client().get("/sign-in/", headers={"traceparent": HEADER, "X-Request-Id": "edge-7"})

    assert answer["X-Request-Id"] == TRACE
    (line,) = log.lines("request")
    assert (line["trace_id"], line["request_id"]) == (TRACE, "edge-7")


@override_settings(SESSION_COOKIE_SECURE=True)
@pytest.mark.parametrize(
    "told",
    [
        {"REMOTE_ADDR": "198.41.0.4"},  # not a proxy of ours
        {"HTTP_TRACEPARENT": HEADER.upper()},
        {"HTTP_TRACEPARENT": f"00-{'0' * 32}-00f067aa0ba902b7-01"},
        {"HTTP_TRACEPARENT": f"ff-{TRACE}-00f067aa0ba902b7-01"},
        {"HTTP_X_REQUEST_ID": "a b\nlevel=error"},
    ],
)
def test_a_name_of_a_stranger_or_a_broken_one_is_not_taken(log, told):
    given: dict[str, Any] = {"HTTP_TRACEPARENT": HEADER, "HTTP_X_REQUEST_ID": "a b"} | told

    answer = Client().get("/sign-in/", **given)

    named = answer["X-Request-Id"]
    assert re.fullmatch("[0-9a-f]{32}", named)
    assert (named == TRACE) == ("HTTP_X_REQUEST_ID" in told)  # the trace beside it is good
    assert "request_id" not in log.lines("request")[0]


def test_without_tls_nobody_names_our_traces(log):
    assert Client().get("/sign-in/", headers={"traceparent": HEADER})["X-Request-Id"] != TRACE


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/r/12-kJ8sdf7sdfKJHsdf87sdf/files/3/", "/r/…/files/3/"),
        ("/password/abcdefghijklmnopqrstuvwxyz/", "/password/…/"),
        ("/desk/vera@example.ru/", "/desk/…/"),
        ("/desk/12/", "/desk/12/"),
    ],
)
def test_a_path_shows_no_key_and_no_address(path, seen):
    assert middleware.shown(path) == seen


def test_a_slow_page_and_a_slow_statement_are_warnings(browser, log, monkeypatch):
    monkeypatch.setattr(middleware, "SLOW_PAGE_S", 0)
    monkeypatch.setattr(timing, "SLOW_QUERY_S", 0)

    browser[0].get("/desk/")

    (page,) = log.lines("slow request")
    statements = log.lines("slow query")
    assert page["level"] == statements[0]["level"] == "warning"
    assert len(statements) == page["queries"]
    assert {line["trace_id"] for line in statements} == {page["trace_id"]}


def test_a_traceback_holds_neither_the_refused_row_nor_addresses(log):
    Tally.objects.create(key="vera@example.ru", began_at=make.NOON, last_at=make.NOON)
    try:
        with transaction.atomic():
            Tally.objects.create(key="vera@example.ru", began_at=make.NOON, last_at=make.NOON)
    except IntegrityError:
        structlog.get_logger("x").exception("refused by box vera@example.ru")
        logging.getLogger("y").exception("refused by %s", "vera@example.ru")

    first, second = log.lines()
    assert "vera" not in log.text.getvalue()
    assert "duplicate key" in first["exception"]
    assert "DETAIL" not in first["exception"]
    assert second["message"] == "refused by …@…"
    assert connection.vendor == "postgresql"
