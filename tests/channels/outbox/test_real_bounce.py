"""A refusal deep in the world comes back through a real mail server (OpenSMTPD) and finds its letter."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from otklik import mime
from otklik.channels.models import Box, Envelope
from otklik.channels.outbox import bounces
from otklik.desk.models import Delivery
from tests import make
from tests.channels.outbox.conftest import LATER, Sweep
from tests.channels.outbox.sinks import Sink, sink
from tests.mailservers import free_port

SPOOL = Path("/var/spool/smtpd")  # compiled into OpenSMTPD: one instance a machine
CONFIG = """
listen on 127.0.0.1 port {port} hostname mx.primer.example
action "world" relay host smtp://127.0.0.1:{world} helo mx.primer.example
action "home" relay host smtp://127.0.0.1:{home} helo mx.primer.example
match from any for domain "primer.example" action "home"
match from any for any action "world"
"""


@pytest.fixture
def home() -> Iterator[Sink]:
    """Where letters to primer.example arrive: the returned ones."""
    with sink() as running:
        yield running


@pytest.fixture
def relay(scratch: Path, server: Sink, home: Sink, wait_until: Callable[..., object]) -> Iterator[int]:
    """The port of a real OpenSMTPD that passes letters on to `server` and bounces to `home`."""
    program = shutil.which("smtpd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None or os.geteuid() != 0 or Path("/var/run/smtpd.sock").exists():
        pytest.skip("нужны OpenSMTPD и root, и чтобы другой OpenSMTPD на этой машине не работал")
    _make_spool()
    port = free_port()
    config = scratch / "smtpd.conf"
    config.write_text(CONFIG.format(port=port, world=server.port, home=home.port))
    with (scratch / "smtpd.log").open("wb") as log:
        process = subprocess.Popen([program, "-d", "-f", str(config)], stdout=log, stderr=log)  # noqa: S603 - found
    try:
        wait_until(lambda: _answers(port) or process.poll() is not None)
        assert process.poll() is None, (scratch / "smtpd.log").read_text()
        yield port
    finally:
        process.terminate()
        process.wait(10)
        Path("/var/run/smtpd.sock").unlink(missing_ok=True)


def _make_spool() -> None:
    """The folders that its package would make, with the rights that it insists on."""
    queue = pwd.getpwnam("opensmtpq").pw_uid
    for name, owner, mode in (
        ("", 0, 0o711), ("offline", 0, 0o770), ("purge", queue, 0o700), ("queue", queue, 0o700),
        ("corrupt", queue, 0o700), ("incoming", queue, 0o700), ("temporary", queue, 0o700),
    ):  # fmt: skip
        folder = SPOOL / name
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, owner, pwd.getpwnam("opensmtpq").pw_gid if name == "offline" else 0)
        folder.chmod(mode)


def _answers(port: int) -> bool:
    import socket

    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@pytest.mark.mailserver
def test_refusal_deep_in_the_world_is_shown_at_the_letter(
    box: Box, server: Sink, home: Sink, relay: int, sweep: Sweep, wait_until: Callable[..., object]
):
    server.world.at_rcpt["vera@kvarts.example"] = "550 5.1.1 <vera@kvarts.example>: no such user"
    Box.objects.filter(pk=box.pk).update(smtp_port=relay)
    message = make.reply(make.ticket(), box_id=box.pk)
    sweep()
    assert Delivery.objects.get(message=message).state == "sent"

    wait_until(lambda: home.world.letters, timeout_s=20)
    came = home.world.letters[0]
    envelope = Envelope(
        box=box, key="k", source="door", size_bytes=1, received_at=LATER, rcpt_to=list(came.recipients)
    )
    tied = bounces.returned(mime.read(came.raw), envelope, at=LATER)

    delivery = Delivery.objects.get(message=message)
    assert tied
    assert delivery.state == "bounced"
    assert "no such user" in delivery.reason
