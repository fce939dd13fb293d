"""The settings of proxies that we ship keep in step with the product."""

import re
from pathlib import Path

import pytest

from otklik.web.uploads import MOST_BYTES

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
