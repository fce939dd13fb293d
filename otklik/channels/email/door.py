"""The door: our own SMTP and LMTP server, for letters that a mail server or a program brings (R-A1).

It takes letters for our boxes only and says «250» after the letter is committed. What a strict server would refuse
(lines of any length, NUL, bare line feeds) is taken as it is: the reader copes, and a client's letter must not be lost.
"""

import asyncio
import re
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax
from django.db import DatabaseError, connection

from otklik.channels.email import certificates
from otklik.channels.email.addresses import Ours
from otklik.channels.email.group import GroupCommit
from otklik.channels.intake.storing import LIMIT_BYTES, Raw
from otklik.env import env

log = structlog.get_logger(__name__)
MOST_CONNECTIONS = 300
MOST_OF_ONE_PEER = 100
MOST_RECIPIENTS = 100
MOST_REFUSED = 20  # addresses that are not ours, in one session: somebody guesses
COMMAND_LIMIT_S = 300
LETTER_LIMIT_S = 900  # for the whole of one letter: 50 MB at 60 KB a second
CHUNK_BYTES = 2**16

NOT_OURS = "550 5.1.1 <{}>: not a mailbox of this desk, we do not relay"
TOO_BIG = "552 5.3.4 The letter is larger than {} bytes"
_PLAIN_PATH = re.compile(r"<([^<>\s\"\\]*)>(?:\s+(.*))?")


@dataclass(slots=True)
class Guests:
    """Who is connected now."""

    by_peer: Counter[str] = field(default_factory=Counter)

    def enter(self, peer: str) -> bool:
        """False when the house, or this peer's share of it, is full."""
        if self.by_peer.total() >= MOST_CONNECTIONS or self.by_peer[peer] >= MOST_OF_ONE_PEER:
            return False
        self.by_peer[peer] += 1
        return True

    def leave(self, peer: str) -> None:
        self.by_peer[peer] -= 1
        if self.by_peer[peer] <= 0:
            del self.by_peer[peer]


class _Guest(Session):
    """A session that counts the addresses it asked for in vain."""

    refused = 0


class _Letter(Envelope):
    """A letter on its way in; boxes: for whom of ours, by the id of the box."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[int, list[str]] = {}


class _Session(SMTP):
    """aiosmtpd's session with a faster DATA that minds no line length, and limits of our own."""

    line_length_limit = CHUNK_BYTES
    command_size_limit = 4096

    def __init__(self, handler: "_Handler", *, tls: ssl.SSLContext | None) -> None:
        super().__init__(
            handler,
            hostname=handler.name,
            ident="ESMTP Otklik",
            data_size_limit=LIMIT_BYTES,
            enable_SMTPUTF8=True,
            tls_context=tls,
            timeout=COMMAND_LIMIT_S,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            loop=asyncio.get_running_loop(),
        )
        self._guests = handler.guests
        self._peer: str | None = None

    def _create_session(self) -> _Guest:
        return _Guest(self.loop)

    def _create_envelope(self) -> _Letter:
        return _Letter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._original_transport is None:  # not the second call, after STARTTLS
            peer = str((transport.get_extra_info("peername") or ("?",))[0])
            if not self._guests.enter(peer):
                assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a socket's transport
                transport.write(b"421 4.7.0 Too many connections, try again later\r\n")
                transport.close()
                return
            self._peer = peer
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._peer is None:
            return
        self._guests.leave(self._peer)
        self._peer = None
        super().connection_lost(error)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The usual form quickly, the rest by aiosmtpd. An empty path («<>», a bounce) stays «<>»."""
        found = _PLAIN_PATH.fullmatch(arg.strip())
        if found is None:
            address, rest = super()._getaddr(arg)
            return address, rest
        return found[1] or "<>", found[2] or ""

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - a command of aiosmtpd
        letter = self.envelope
        assert isinstance(letter, _Letter)  # noqa: S101 - made by _create_envelope
        if await self.check_helo_needed():
            return
        if arg or not letter.rcpt_tos:
            await self.push("501 Syntax: DATA" if arg else "503 5.5.1 Error: need RCPT command")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        self._reset_timeout(LETTER_LIMIT_S)
        content = await self._content()
        self._reset_timeout()
        handler: _Handler = self.event_handler
        answers = await handler.take(letter, content)
        lmtp = isinstance(self, _LocalSession)
        self.envelope = self._create_envelope()
        for answer in answers if lmtp else answers[:1]:
            await self.push(answer)

    async def _content(self) -> bytes | None:
        """The letter without its final dot and with the doubled dots undone; None when it is too big.

        Read up to the next «.CRLF» rather than line by line: most lines do not end so.
        """
        taken = bytearray()
        tail = b"\r\n"  # before the first line there is, as it were, the end of one
        too_big = False
        while True:
            try:
                chunk = await self._reader.readuntil(b".\r\n")
            except asyncio.LimitOverrunError as fault:
                chunk = await self._reader.readexactly(fault.consumed)
            tail = (tail + chunk)[-5:]
            if not too_big:
                taken += chunk
                too_big = len(taken) > LIMIT_BYTES + 3
            if too_big:
                taken.clear()
            if tail == b"\r\n.\r\n":
                break
        if too_big:
            return None
        del taken[-3:]
        content = bytes(taken)
        return (content[1:] if content[:1] == b"." else content).replace(b"\r\n.", b"\r\n")


class _LocalSession(_Session, LMTP):
    """LMTP: the same with LHLO, and an answer for each recipient after the letter (RFC 2033)."""


class _Handler:
    """What aiosmtpd asks about one session's commands."""

    def __init__(self, name: str, commit: GroupCommit, ours: Ours) -> None:
        self.name = name
        self.guests = Guests()
        self._commit = commit
        self._ours = ours

    async def handle_EHLO(  # noqa: N802 - a hook of aiosmtpd
        self, _server: SMTP, session: _Guest, _letter: _Letter, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        words = [line for line in responses if not line.startswith("250-AUTH") and line != "250 HELP"]
        return [*words, "250-PIPELINING", "250-ENHANCEDSTATUSCODES", "250 HELP"]

    async def handle_RCPT(  # noqa: N802 - the same
        self, _server: SMTP, session: _Guest, letter: _Letter, address: str, _options: list[str]
    ) -> str:
        if len(letter.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if session.refused >= MOST_REFUSED:
            return "421 4.7.0 Too many unknown recipients"
        try:
            box = self._ours.known(address) or await asyncio.to_thread(self._asked, address)
        except DatabaseError:
            return "451 4.3.0 Try again later, the database is away"
        if box is None:
            session.refused += 1
            return NOT_OURS.format(address)
        letter.rcpt_tos.append(address)
        letter.boxes.setdefault(box, []).append(address)
        return "250 2.1.5 OK"

    def _asked(self, address: str) -> int | None:
        """In a thread of the loop's pool, whose connection must not stay open."""
        try:
            return self._ours.box_id(address)
        finally:
            connection.close()

    async def take(self, letter: _Letter, content: bytes | None) -> list[str]:
        """The answer for each recipient in their order, alike: the letter is stored for all or for none."""
        answer = TOO_BIG.format(LIMIT_BYTES)
        if content is not None:
            sender = "" if letter.mail_from == "<>" else str(letter.mail_from)
            answer = await self._commit.store(
                [
                    Raw(box, content, "door", mail_from=sender, rcpt_to=tuple(addresses))
                    for box, addresses in letter.boxes.items()
                ]
            )
        return [answer] * len(letter.rcpt_tos)


class Door:
    """Listens on two ports until the event of `run` is set. Port 0 switches one off, None takes a free one."""

    def __init__(self, host: str, smtp_port: int | None, lmtp_port: int | None = 0) -> None:
        self.host = host
        self.smtp_port = smtp_port
        self.lmtp_port = lmtp_port
        self.ready = threading.Event()  # set when both listen; the ports then hold their true numbers

    def run(self, stopping: threading.Event) -> None:
        """Blocks. Raises OSError when a port is taken."""
        asyncio.run(self._run(stopping))

    async def _run(self, stopping: threading.Event) -> None:
        commit = GroupCommit()
        handler = _Handler(self.host, commit, Ours())
        tls = await asyncio.to_thread(certificates.context)
        servers: list[asyncio.Server] = []
        self.smtp_port = await self._listen(lambda: _Session(handler, tls=tls), self.smtp_port, servers)
        self.lmtp_port = await self._listen(lambda: _LocalSession(handler, tls=tls), self.lmtp_port, servers)
        log.info("door open", host=self.host, smtp=self.smtp_port or None, lmtp=self.lmtp_port or None)
        writer = asyncio.create_task(commit.run())
        self.ready.set()
        try:
            while not stopping.is_set() and not writer.done():
                await asyncio.sleep(0.1)
        finally:
            for server in servers:
                server.close()
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def _listen(
        self, session: Callable[[], _Session], port: int | None, servers: list[asyncio.Server]
    ) -> int:
        if port == 0:
            return 0
        server = await asyncio.get_running_loop().create_server(session, self.host, port or 0, backlog=256)
        servers.append(server)
        return int(server.sockets[0].getsockname()[1])


def run(stopping: threading.Event) -> None:
    """The door of this installation, by OTKLIK_DOOR_HOST, OTKLIK_DOOR_PORT and OTKLIK_LMTP_PORT (a service)."""
    known = env()
    if not known.door_port and not known.lmtp_port:
        stopping.wait()
        return
    Door(known.door_host, known.door_port, known.lmtp_port).run(stopping)
