"""`otklik up` as a person starts it: real processes in a folder of their own."""

import http.client
import os
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from otklik.site.role import command
from tests.conftest import HOME

pytestmark = pytest.mark.timeout(400)
START_LIMIT_S = 170  # the first start makes all tables


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def family(home):
    """Processes of an installation: what they run → their ids."""
    found: dict[str, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode().split("\0")
            told = (folder / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"OTKLIK_HOME={home}\0" in told or any(str(home) in word for word in words):
            kind = words[words.index("otklik.site.role") + 1] if "otklik.site.role" in words else words[0]
            found.setdefault(Path(kind).name, []).append(int(folder.name))
    return found


class Started:
    def __init__(self, home=None):
        self.home = home or Path(tempfile.mkdtemp(prefix="up-", dir=HOME))
        self.home.chmod(0o711)
        self.port = free_port()
        told = {"PORT": self.port, "LIVE_PORT": free_port(), "DOOR_PORT": free_port()}
        ours = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
        self.variables = ours | {f"OTKLIK_{name}": str(value) for name, value in told.items()}
        self.output = self.home / "said.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                command("up", str(self.home)), env=self.variables, stdout=output, stderr=output
            )

    def said(self):
        return self.output.read_text()

    def answers(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/", headers={"Host": "localhost"})
            status = connection.getresponse().status
            connection.close()
        except OSError:
            return False
        return status < 500

    def pids(self, kind):
        return family(self.home).get(kind, [])


@pytest.fixture(scope="module")
def started():
    started = Started()
    yield started
    started.process.terminate()
    try:
        started.process.wait(15)
    finally:
        started.process.kill()


@pytest.fixture
def up(started, wait_until):
    wait_until(
        lambda: "Отклик работает" in started.said() or started.process.poll() is not None, START_LIMIT_S
    )
    assert started.process.poll() is None, started.said()
    return started


def test_up_brings_pages_and_tells_their_address(up):
    assert f"http://localhost:{up.port}" in up.said()
    assert up.answers()
    assert {"web", "live", "work", "postgres"} <= set(family(up.home))


def test_second_start_on_one_folder_is_refused_with_who_holds_it(up):
    second = subprocess.run(  # noqa: S603 - our own program
        command("up", str(up.home)), env=up.variables, capture_output=True, text=True, timeout=30, check=False
    )

    assert second.returncode == 1
    assert f"Отклик уже работает с папкой {up.home}: процесс {up.process.pid}" in second.stderr
    assert f"http://localhost:{up.port}" in second.stderr


@pytest.mark.parametrize("kind", ["web", "live", "work"])
def test_fallen_part_is_started_again_and_it_is_said(up, kind, wait_until):
    before = set(up.pids(kind))
    os.kill(min(before), signal.SIGKILL)

    wait_until(lambda: (now := set(up.pids(kind))) and not now & before, 30)
    wait_until(up.answers, 30)
    assert "сигнал SIGKILL" in up.said()


def test_killed_database_comes_back_and_pages_with_it(up, wait_until):
    (before,) = (pid for pid in up.pids("postgres") if _is_postmaster(pid))
    os.kill(before, signal.SIGKILL)

    wait_until(lambda: before not in up.pids("postgres") and up.pids("postgres"), 30)
    wait_until(up.answers, 30)
    assert "база данных остановилась, запускаю снова" in up.said()


def _is_postmaster(pid):
    return "-D" in Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")


def test_busy_port_that_the_operator_set_is_named(up, scratch):
    second = subprocess.run(  # noqa: S603 - our own program
        command("up", str(scratch / "other")), env=up.variables, capture_output=True, text=True, timeout=30, check=False
    )  # fmt: skip

    assert second.returncode == 1
    assert f"Порт {up.port} занят" in second.stderr


def test_killed_supervisor_leaves_nobody_behind_and_the_next_start_is_a_good_one(wait_until):
    first = Started()
    wait_until(lambda: "Отклик работает" in first.said(), START_LIMIT_S)
    first.process.kill()
    first.process.wait()
    wait_until(lambda: family(first.home) == {}, 20)

    second = Started(first.home)
    wait_until(lambda: "Отклик работает" in second.said(), START_LIMIT_S)
    second.process.terminate()

    assert second.process.wait(15) == 0
    assert second.said().rstrip().endswith("Готово: всё остановлено.")
    assert family(second.home) == {}
