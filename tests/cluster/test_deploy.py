"""The settings of proxies that we ship keep in step with the product."""

import http.client
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from otklik import tracing
from otklik.web.uploads import MOST_BYTES
from tests.cluster.servers import Proxy

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def told(name: str) -> str:
    """A file without its comments."""
    return re.sub(r"(?m)#.*$", "", (DEPLOY / name).read_text())


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_the_proxy_takes_the_largest_form_of_ours_and_little_more(name):
    [megabytes] = re.findall(r"(?:client_max_body_size|max_size) (\d+)(?:m;|MB)", told(name))

    assert MOST_BYTES < int(megabytes) * 1_000_000 < int(megabytes) * 2**20 < MOST_BYTES * 1.1


def test_nginx_asks_another_machine_for_pages_and_never_repeats_a_form():
    assert "proxy_next_upstream error timeout" in told("nginx.conf")
    assert "non_idempotent" not in told("nginx.conf")
    assert "lb_retry_match" not in told("Caddyfile")  # its own rule is GET alone


def test_the_live_stream_is_given_on_unbuffered():
    stream = told("nginx.conf").partition("location = /live")[2]

    assert "proxy_buffering off" in stream
    assert "proxy_read_timeout 1h" in stream
    assert "flush_interval -1" in told("Caddyfile")


class Page(BaseHTTPRequestHandler):
    """A machine that only remembers what the proxy sends it."""

    asked: list[tuple[str, Message]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Nothing: tests are quiet."""


@pytest.fixture
def machine() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Asked", (Page,), {"asked": []})) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


@pytest.fixture
def proxy(machine: ThreadingHTTPServer, tmp_path: Path) -> Iterator[Proxy]:
    port = machine.server_address[1]
    proxy = Proxy(tmp_path, [port, port], [port, port])
    proxy.start()
    yield proxy
    proxy.end()


def get(proxy: Proxy, path: str, **headers: str) -> int:
    trusts = ssl.create_default_context(cafile=str(proxy.ca))
    with closing(http.client.HTTPSConnection("localhost", proxy.port, timeout=10, context=trusts)) as line:
        line.request("GET", path, headers=headers)
        return line.getresponse().status


def test_nginx_names_each_request_itself_whatever_a_browser_claims(machine, proxy):
    claimed = {"X-Request-Id": "mine", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    assert get(proxy, "/desk/", **claimed) == get(proxy, "/live", **claimed) == 200

    names = [(told["X-Request-Id"], told["traceparent"]) for _path, told in machine.RequestHandlerClass.asked]
    assert len(set(names)) == 2
    for name, trace in names:
        assert re.fullmatch("[0-9a-f]{32}", name)
        assert tracing.continued(trace) == name


@pytest.mark.parametrize("path", ["/metrics", "/metrics?x=1", "//metrics", "/desk/../metrics", "/%6detrics"])
def test_nginx_gives_figures_to_nobody_outside(machine, proxy, path):
    assert get(proxy, path) == 404
    assert machine.RequestHandlerClass.asked == []
    assert get(proxy, "/healthz") == 200


def test_caddy_does_the_same():
    shipped = told("Caddyfile")
    ways = shipped.split("reverse_proxy ")[1:]

    assert re.search(r"handle /metrics \{\s+respond 404\s+\}", shipped)
    for way in ways:
        assert "header_up X-Request-Id {http.request.uuid}" in way
        assert "header_up -Traceparent" in way


def test_containers_open_pages_and_stream_to_the_proxy_on_their_machine_alone():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    opened = [port for one in services.values() for port in one.get("ports", [])]

    assert [port for port in opened if not port.startswith("127.0.0.1:")] == ["2525:2525"] * 2
