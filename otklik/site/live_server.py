"""Serving the live stream: the server's own loop runs in this process, so it costs one process, not two."""

from __future__ import annotations

import asyncio
import signal

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from otklik.env import Env
from otklik.site import logs
from otklik.site.live import application
from otklik.site.live_hub import MOST_STREAMS


async def serve(env: Env) -> None:
    """Answer on env.host:env.live_port until SIGTERM or SIGINT."""
    server = Server(
        application,
        address=env.host,
        port=env.live_port,
        interface=Interfaces.ASGI,
        backlog=1024,
        backpressure=2 * MOST_STREAMS,  # the hub refuses with words before the server would let it wait
        log_level=LogLevels.warning,
        log_dictconfig=logs.THROUGH_US,
        websockets=False,
    )

    def end() -> None:
        application.end_streams()  # the server waits for open answers before it stops
        server.stop()  # type: ignore[no-untyped-call]  # the server has no types for it

    loop = asyncio.get_running_loop()
    for asked in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(asked, end)
    await server.serve()
