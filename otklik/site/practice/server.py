"""The clients' mail server: takes every letter that the outbox sends to the example's people. Only on loopback."""

from __future__ import annotations

import asyncio
import threading

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.utils import timezone

from otklik.site import demo
from otklik.site.practice import mailbox
from otklik.site.practice.mailbox import Filed

log = structlog.get_logger(__name__)
LIMIT_BYTES = 64 * 2**20
LOOK_S = 0.2


class _Clients:
    """aiosmtpd's handler: every recipient has a mailbox here."""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        raw = f"Return-Path: <{envelope.mail_from or ''}>\r\n".encode("utf-8", "replace") + content
        for address in envelope.rcpt_tos:
            await asyncio.to_thread(mailbox.keep, address, Filed(raw, came=True, at=timezone.now()))
        return "250 2.0.0 In the mailbox"


def run(stopping: threading.Event) -> None:
    """The service «practice» (site/schedule.py). Where this is no demo it only waits for the end."""
    if not settings.PRACTICE_PORT:
        stopping.wait()
        return
    demo.arrange()
    asyncio.run(_serve(stopping, settings.PRACTICE_PORT))


async def _serve(stopping: threading.Event, port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(_Clients(), data_size_limit=LIMIT_BYTES, hostname="practice.localhost", loop=loop),
        host="127.0.0.1",
        port=port,
    )
    log.info("practice mail server listens", port=port)
    async with server:
        while not stopping.is_set():
            await asyncio.sleep(LOOK_S)
