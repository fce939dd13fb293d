"""A server that takes letters, and a box that sends by it."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from otklik.channels.models import Box
from otklik.channels.outbox.posting import Post
from otklik.channels.outbox.smtp import Patience
from tests import make
from tests.channels.outbox.sinks import Sink, sink

SHORT = Patience(connect_s=3, command_s=3, dot_s=0.5)
HOLDER = 77
LATER = make.NOON + 2 * make.HOUR
Sweep = Callable[..., int]


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink() as running:
        yield running


@pytest.fixture
def box(db: None, server: Sink) -> Box:
    return make.box(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security=Box.Security.NONE)


@pytest.fixture
def sweep(box: Box) -> Sweep:
    """Send what is due at a given moment, in this thread."""

    def run(at: datetime = LATER) -> int:
        post = Post(box.pk, HOLDER, SHORT, clock=lambda: at)
        try:
            return post.batch()
        finally:
            post.close()

    return run
