"""A page server whose parent was killed is gone: two that share a port would both answer."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from otklik.site.postgres import Embedded
from otklik.site.role import command
from tests.mailservers import free_port


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_listening(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def is_gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" in status.read_text()


@pytest.mark.parametrize("when", ["as soon as it is forked", "when it answers"])
def test_a_page_server_ends_with_its_killed_parent(postgres: Embedded, wait_until, when):
    port = free_port()
    told = os.environ | {"OTKLIK_PORT": str(port), "OTKLIK_DATABASE_URL": postgres.url}
    with subprocess.Popen(command("web"), env=told, stderr=subprocess.DEVNULL) as parent:  # noqa: S603 - ours
        (server,) = wait_until(lambda: children(parent.pid))
        if when == "when it answers":
            wait_until(lambda: is_listening(port))
        assert not is_gone(server)
        parent.kill()

    wait_until(lambda: is_gone(server))  # its socket closes a moment later
    wait_until(lambda: not is_listening(port))
