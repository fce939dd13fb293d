"""The one way out: where it goes, where not, and that nobody goes around it."""

import ast
import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from otklik import outside
from otklik.accounts import oidc
from otklik.env import read
from otklik.outside import Forbidden, Purpose, TooLarge
from tests.test_shape import ROOT, files, imported, name, tree

NOWHERE = read({"OTKLIK_HOME": "/srv", "OTKLIK_DATABASE_URL": "postgresql://u@h:5544/d"})
PUBLIC = ["8.8.8.8", "2a00:1450:4010::1"]
PRIVATE = ["10.1.2.3", "172.16.0.1", "192.168.1.1", "fc00::1", "::ffff:10.0.0.1"]
# ruff: noqa: S104 - compared, not bound
SHUT = [
    "127.0.0.1", "::1", "0.0.0.0", "169.254.169.254", "169.254.1.1", "fe80::1", "100.64.0.1", "100.100.100.200",
    "192.0.0.192", "fd00:ec2::254", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::ffff:127.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "::ffff:169.254.169.254",
]  # fmt: skip


def reach(address: str, **more: str) -> tuple[bool, bool]:
    """(by WEB, by MAIL)"""
    env = read({"OTKLIK_HOME": "/srv", **more}) if more else NOWHERE
    return tuple(outside.may(address, 993, one, of=env) for one in (Purpose.WEB, Purpose.MAIL))  # type: ignore[return-value]  # two of them


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_open(address):
    assert reach(address) == (True, True)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_networks_are_open_to_mail_alone(address):
    assert reach(address) == (False, True)


@pytest.mark.parametrize("address", SHUT)
def test_this_machine_metadata_and_the_like_are_shut(address):
    assert reach(address) == (False, False)


def test_what_the_operator_allows_is_open():
    assert reach("10.1.2.3", OTKLIK_ALLOW_NETWORKS="10.0.0.0/8, ::1/128") == (True, True)
    assert reach("::1", OTKLIK_ALLOW_NETWORKS="10.0.0.0/8, ::1/128") == (True, True)
    assert reach("127.0.0.1", OTKLIK_ALLOW_NETWORKS="10.0.0.0/8, ::1/128") == (False, False)


@pytest.mark.parametrize("port", [8000, 8001, 5544])
def test_our_own_ports_are_shut_even_where_this_machine_is_allowed(port):
    told = {"OTKLIK_ALLOW_NETWORKS": "127.0.0.0/8 ::1/128", "OTKLIK_DATABASE_URL": "postgresql://u@h:5544/d"}
    env = read({"OTKLIK_HOME": "/srv", **told})

    assert not outside.may("127.0.0.1", port, Purpose.MAIL, of=env)
    assert outside.may("127.0.0.1", 2525, Purpose.MAIL, of=env)


@pytest.fixture
def shut(monkeypatch):
    """Nothing is allowed beside what always is."""
    monkeypatch.setattr(outside, "env", lambda: NOWHERE)


def named(monkeypatch, *addresses: str) -> list[str]:
    """Every name leads to these; returns what is asked for."""
    asked: list[str] = []

    def answer(host: str, port: int, *_more: object, **_named: object):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def test_a_name_that_leads_inside_is_not_followed(monkeypatch, shut):
    asked = named(monkeypatch, "127.0.0.1", "169.254.169.254")

    with pytest.raises(Forbidden):
        outside.connect("innocent.example", 993, 1, Purpose.MAIL)
    assert asked == ["innocent.example"]  # asked once: a second answer could be another one (DNS rebinding)


def quiet(*_words: object) -> None:
    """Says nothing."""


@contextmanager
def web(answer):
    """A server on loopback; answer(handler) says what it says."""
    handler = type(
        "Handler", (BaseHTTPRequestHandler,), {"do_GET": answer, "do_POST": answer, "log_message": quiet}
    )
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def says(body: bytes, status: int = 200, **headers: str):
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for one, value in headers.items():
            handler.send_header(one, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_an_allowed_place_answers_and_an_answer_without_end_is_cut():
    with web(says(b'{"a": 1}')) as place:
        assert outside.read_json(outside.post(place, b"", {}, timeout_s=5)) == {"a": 1}
        assert oidc.session().get(place).json() == {"a": 1}

    with web(says(b"x" * (outside.LARGEST_ANSWER + 1))) as place:
        with pytest.raises(TooLarge):
            outside.post(place, b"", {}, timeout_s=5)
        with pytest.raises(requests.RequestException):
            oidc.session().get(place)


def test_clear_http_and_names_with_passwords_are_refused(shut):
    for place in (
        "http://sso.example",
        "https://me:word@sso.example",
        "file:///etc/passwd",
        "ftp://x.example",
        "",
    ):
        assert not outside.is_web_address(place)
        with pytest.raises(Forbidden):
            outside.post(place, b"", {}, timeout_s=1)
        with pytest.raises((requests.RequestException, ValueError)):
            oidc.session().get(place)
    assert outside.is_web_address("https://sso.example/realms/x")


def test_a_redirect_leads_nowhere_that_is_shut():
    with web(says(b"", 302, Location="http://169.254.169.254/latest/meta-data/")) as place:
        with pytest.raises(requests.RequestException):
            oidc.session().get(place)
        assert outside.post(place, b"", {}, timeout_s=5).status == 302


def test_a_https_name_that_leads_inside_is_refused_by_both_ways(monkeypatch, shut):
    named(monkeypatch, "10.0.0.5")

    with pytest.raises(Forbidden):
        outside.post("https://inner.example/token", b"", {}, timeout_s=1)
    with pytest.raises(requests.ConnectionError):
        oidc.session().get("https://inner.example/")


def test_a_proxy_of_the_environment_is_not_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    with web(says(json.dumps({"a": 1}).encode())) as place:
        assert oidc.session().get(place).json() == {"a": 1}


# Who else holds a network module, and why that is no way out for somebody else's address.
SOCKETS = {"socket", "ssl", "smtplib", "imaplib", "imap_tools", "requests", "httpx", "urllib3", "aiohttp",
           "http.client", "urllib.request", "ftplib", "telnetlib", "poplib", "websockets", "dns", "xmlrpc"}  # fmt: skip
KNOWN = {
    "otklik/outside.py": "the way itself",
    "otklik/accounts/oidc.py": "requests through outside.connect()",
    "otklik/accounts/adapters.py": "names the type of oidc.session()",
    "otklik/channels/email/imap.py": "its clients open their sockets by outside.connect()",
    "otklik/channels/outbox/smtp.py": "the same",
    "otklik/channels/email/checking.py": "names of faults; the TLS line is imap.connect()'s",
    "otklik/channels/email/troubles.py": "names of faults",
    "otklik/channels/outbox/evidence.py": "names of faults",
    "otklik/channels/outbox/keeping.py": "names of faults",
    "otklik/channels/email/watching.py": "a pair of sockets within the process",
    "otklik/channels/email/door.py": "a server: others come to it",
    "otklik/channels/email/certificates.py": "the server's own certificate",
    "otklik/site/watch/signs.py": "this machine's name",
    "otklik/site/rescue/keeping.py": "this machine's name",
    "otklik/site/home.py": "whether a port of this machine is free",
    "otklik/site/supervisor.py": "our own pages, by the address that we listen on",
    "otklik/site/doctor/network.py": "our own addresses, as the operator set them",
    "otklik/site/practice/posting.py": "our own door, in the demo alone",
}


def test_nobody_goes_around_the_one_way_out():
    holders = {
        name(path)
        for path in files(".py")
        if name(path).startswith("otklik/")
        and any(one in SOCKETS or one.split(".")[0] in SOCKETS for one in imported(path))
    }

    assert sorted(holders - set(KNOWN)) == [], (
        "a new network module: connect by otklik.outside, and say so in KNOWN"
    )
    assert sorted(set(KNOWN) - holders) == [], "no longer holds one: take it out"


# the calls that open a line; each stands in a file that is named with how often
OPENERS = {"create_connection", "urlopen", "SMTP", "SMTP_SSL", "IMAP4", "IMAP4_SSL", "MailBox", "MailBoxStartTls",
           "MailBoxUnencrypted", "HTTPConnection", "HTTPSConnection", "Session", "open_connection"}  # fmt: skip
OPENED = {
    "otklik/accounts/oidc.py": ["Session"],
    "otklik/site/home.py": ["create_connection"],
    "otklik/site/supervisor.py": ["HTTPConnection"],
    "otklik/site/doctor/network.py": ["HTTPConnection", "create_connection", "urlopen"],
    "otklik/site/practice/posting.py": ["SMTP"],
}


def test_every_call_that_opens_a_line_is_known():
    found: dict[str, list[str]] = {}
    for path in files(".py"):
        if not name(path).startswith("otklik/") or path == ROOT / "otklik/outside.py":
            continue
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in OPENERS
            ):
                found.setdefault(name(path), []).append(node.func.attr)

    assert {where: sorted(calls) for where, calls in found.items()} == OPENED
