"""The live stream: `GET /live?ticket=…` as server-sent events. A small ASGI program without Django.

An event says which request and what happened (`ticket.solved`), no more: the page fetches its fragment from
the pages' side, where rights stand in the query. `id:` is a place in the journal; `Last-Event-ID` (or
`?last=`) continues there. Events: `ready` at the start, `entry`, and `reset` when too much was missed: the
page loads itself anew.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog

from otklik import tracing
from otklik.env import env
from otklik.site import live_beating
from otklik.site.live_hub import Full, Hub, Stream
from otklik.web import livetickets

log = structlog.get_logger("otklik.live")
HEARTBEAT_S = 15.0
SEND_LIMIT_S = 20.0  # a listener that takes nothing for so long is dropped
OLD = "Билет устарел: обновите страницу."
Message = MutableMapping[str, Any]  # Any: the form of ASGI's own messages
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]


class Live:
    """The ASGI application. hub: made at startup, in the loop that it will run in."""

    def __init__(self, url: str, origin: str) -> None:
        self._url = url
        self._origin = origin
        self._hub: Hub | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live_and_end(receive, send)
        elif scope["type"] == "http":
            await self._watched(scope, receive, send)

    def start(self) -> None:
        self._hub = Hub(self._url)
        self._tasks = [
            asyncio.create_task(self._hub.journal.follow()),
            asyncio.create_task(live_beating.beat(self._url, self._hub.count)),
        ]

    def end_streams(self) -> None:
        """Tell every listener to come back later."""
        if self._hub:
            self._hub.close_all()

    async def stop(self) -> None:
        self.end_streams()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _live_and_end(self, receive: Receive, send: Send) -> None:
        await receive()
        self.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _watched(self, scope: Message, receive: Receive, send: Send) -> None:
        """Each request gets its trace and one line in the log, at its end: a stream may have lasted for hours."""
        began, status = time.monotonic(), 0
        with tracing.of(_trace(scope) if self._origin.startswith("https:") else "") as trace:

            async def told(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    message["headers"].append((b"x-request-id", trace.encode()))
                await send(message)

            try:
                await self._answer(scope, receive, told)
            finally:
                log.info("stream", status=status, duration_ms=round((time.monotonic() - began) * 1000))

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        asked = {
            name: values[0] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()
        }
        if scope["path"] != "/live" or self._hub is None:
            return await self._refuse(send, HTTPStatus.NOT_FOUND, "Здесь только /live.")
        if scope["method"] != "GET":
            return await self._refuse(send, HTTPStatus.METHOD_NOT_ALLOWED, "Живую ленту читают методом GET.")
        if headers.get("origin", self._origin) != self._origin:
            return await self._refuse(
                send, HTTPStatus.FORBIDDEN, f"Живую ленту читает только {self._origin}."
            )
        try:
            ticket = livetickets.verify(asked.get("ticket", ""), now=time.time())
            last = headers.get("last-event-id") or asked.get("last", "")
            stream, place = self._hub.open(ticket, last)
        except livetickets.BadTicket:
            return await self._refuse(send, HTTPStatus.FORBIDDEN, OLD)
        except Full as full:
            status = HTTPStatus.TOO_MANY_REQUESTS if full.alone else HTTPStatus.SERVICE_UNAVAILABLE
            return await self._refuse(send, status, "Открыто слишком много лент.")
        if ticket.user_id is not None:
            tracing.bind(user_id=ticket.user_id)
        try:
            if not await self._hub.is_welcome(
                stream
            ):  # asked once it is open, so that no change slips by in between
                return await self._refuse(send, HTTPStatus.FORBIDDEN, OLD)
            ready = b"" if place is None else f"id: {place}\n".encode()
            missed = await self._hub.missed(stream, last, place) if last else b""
            greeting = f"retry: {random.randint(1000, 4000)}\n".encode()  # noqa: S311 - spreads a crowd's return
            first = greeting + missed + ready + b"event: ready\ndata: {}\n\n"
            await self._tell(stream, first, receive, send)
        finally:
            self._hub.close(stream)

    async def _tell(self, stream: Stream, first: bytes, receive: Receive, send: Send) -> None:
        """Send until the listener goes, lags too far behind, or its ticket's time is over."""
        await send(
            {"type": "http.response.start", "status": 200, "headers": self._headers("text/event-stream")}
        )
        gone = asyncio.create_task(_gone(receive))
        gone.add_done_callback(lambda _: stream.give(b""))  # ends the wait below
        try:
            text = first
            while not gone.done() and not stream.is_over and time.time() < stream.ticket.expires_at:
                message = {"type": "http.response.body", "body": text, "more_body": True}
                await asyncio.wait_for(send(message), SEND_LIMIT_S)
                text = await stream.next(HEARTBEAT_S) or b": \n\n"
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            return
        finally:
            gone.cancel()

    async def _refuse(self, send: Send, status: HTTPStatus, words: str) -> None:
        headers = self._headers("text/plain; charset=utf-8")
        await send({"type": "http.response.start", "status": int(status), "headers": headers})
        await send({"type": "http.response.body", "body": words.encode(), "more_body": False})

    def _headers(self, kind: str) -> list[tuple[bytes, bytes]]:
        return [
            (b"content-type", kind.encode()),
            (b"cache-control", b"private, no-cache, no-transform"),
            (b"x-accel-buffering", b"no"),
            (b"x-content-type-options", b"nosniff"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
            (b"referrer-policy", b"no-referrer"),
            (b"cross-origin-resource-policy", b"same-site"),
            (b"access-control-allow-origin", self._origin.encode()),
            (b"vary", b"Origin"),
        ]


def _trace(scope: Message) -> str:
    """What the proxy in front calls this request."""
    return tracing.continued(dict(scope["headers"]).get(b"traceparent", b"").decode("latin-1"))


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


application = Live(env().listen_url, _origin(env().base_url))
