"""The rest of the world on loopback: an SMTP server that keeps every copy, doubles too, and misbehaves as told."""

# ruff: noqa: N802, ARG002 - names and parameters are aiosmtpd's
import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.mailservers import free_port

DROP, HANG = "drop", "hang"


@dataclass(frozen=True)
class Taken:
    """One letter that the server said 250 to (or took and then broke the line)."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def parsed(self) -> Message:
        return message_from_bytes(self.raw)

    @property
    def plain(self) -> str:
        """The text part as its reader sees it."""
        part = next(one for one in self.parsed.walk() if one.get_content_type() == "text/plain")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        return content.decode().replace("\r\n", "\n")


@dataclass
class World:
    """at_rcpt, at_mail, at_data: answers other than 250, 354. at_dot: an answer, or DROP or HANG after the letter."""

    at_rcpt: dict[str, str] = field(default_factory=dict)
    at_mail: str = ""
    at_data: str = ""
    at_dot: str = "250 2.0.0 taken"
    password: str = ""
    letters: list[Taken] = field(default_factory=list)
    lines: int = 0  # how many connections were opened

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.lines += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.at_mail or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.at_rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        if self.at_dot.startswith("250") or self.at_dot in (DROP, HANG):
            raw = content if isinstance(content, bytes) else content.encode()
            self.letters.append(Taken(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        if self.at_dot == HANG:
            await asyncio.sleep(60)
        if self.at_dot in (DROP, HANG):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return ""
        return self.at_dot

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth: object
    ) -> AuthResult:
        good = isinstance(auth, LoginPassword) and auth.password.decode() == self.password
        return AuthResult(success=good, handled=False)


class _Server(SMTP):
    """Answers DATA as told: a refusal, or a line that breaks before the dot."""

    async def smtp_DATA(self, arg: str | None) -> None:
        world: World = self.event_handler
        if world.at_data == DROP:
            await self.push("354 go on")
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.abort()
        elif world.at_data:
            await self.push(world.at_data)
        else:
            await super().smtp_DATA(arg)


class _Controller(Controller):
    def __init__(self, world: World, tls: ssl.SSLContext | None) -> None:
        self._tls = tls
        super().__init__(world, hostname="127.0.0.1", port=free_port(), ready_timeout=10)

    def factory(self) -> SMTP:
        world: World = self.handler
        return _Server(
            world, enable_SMTPUTF8=False, tls_context=self._tls, data_size_limit=2**20,
            authenticator=world.authenticate if world.password else None, auth_require_tls=False,
        )  # fmt: skip


@dataclass(frozen=True)
class Sink:
    port: int
    world: World


@contextmanager
def sink(world: World | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Sink]:
    """A running server; the world may be changed while it runs."""
    world = world or World()
    controller = _Controller(world, tls)
    controller.start()
    try:
        yield Sink(controller.port, world)
    finally:
        controller.stop()
