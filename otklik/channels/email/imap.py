"""One open line to an IMAP box: imap_tools carries it, nothing it does ever changes a letter on the server.

The folder is opened read-only and bodies are fetched by PEEK, so \\Seen means nothing to us and is never set.
"""

import contextlib
import imaplib
import re
import select
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Self

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import MailboxStarttlsError, MailboxTaggedResponseError, UnexpectedCommandStatusError
from imap_tools.utils import check_command_status, encode_folder

from otklik import outside
from otklik.channels.email import credentials
from otklik.channels.models import Box

CONNECT_LIMIT_S = 20
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"\bUID (\d+)")
_DATE = re.compile(rb'INTERNALDATE "([^"]{20,40})"')
_STATUS = re.compile(rb"(UIDVALIDITY|UIDNEXT|MESSAGES) (\d+)")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder as it stood when it was opened. next_uid: the UID that the next letter will get."""

    name: str
    uidvalidity: int
    next_uid: int
    letters: int


@dataclass(frozen=True, slots=True)
class Size:
    """What is known of a letter before it is fetched. came_at: when the server got it, aware, or None."""

    uid: int
    size_bytes: int
    came_at: datetime | None


@dataclass(frozen=True, slots=True)
class Folder:
    name: str
    use: str  # "sent", "junk" or ""


class Line:
    """A signed-in connection. Not for two threads. All methods raise OSError and imaplib.IMAP4.error."""

    def __init__(self, mailbox: BaseMailBox) -> None:
        self._mailbox = mailbox
        self._client = mailbox.client
        self._idle_tag = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye and never raise; a broken line is just dropped."""
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            if self._client.sock is not None:
                self._client.sock.settimeout(2)
                self._mailbox.logout()
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            self._client.shutdown()

    @property
    def can_idle(self) -> bool:
        return "IDLE" in self._client.capabilities

    def open(self, folder: str) -> Place:
        """Open a folder for reading only (EXAMINE); what stood in it is counted anew."""
        self._client.untagged_responses.clear()
        kind, said = self._client.select(encode_folder(folder), readonly=True)  # type: ignore[arg-type]  # bytes are fine
        if kind != "OK":
            raise imaplib.IMAP4.error(said[0] or b"")
        numbers = {
            name: int((self._client.response(name)[1] or [b"0"])[0] or 0)
            for name in ("UIDVALIDITY", "UIDNEXT")
        }
        if not numbers["UIDNEXT"]:  # old servers do not tell
            numbers |= self._status(folder)
        return Place(folder, numbers["UIDVALIDITY"], numbers["UIDNEXT"], int(said[0] or 0))

    def _status(self, folder: str) -> dict[str, int]:
        said = self._client.status(encode_folder(folder), "(UIDNEXT UIDVALIDITY)")[1]  # type: ignore[arg-type]  # bytes are fine
        return {name.decode(): int(value) for name, value in _STATUS.findall(said[0] or b"")}

    def uids(self, criteria: str) -> list[int]:
        """UIDs that a search gives, ascending."""
        kind, said = self._client.uid("SEARCH", criteria)
        if kind != "OK":
            raise imaplib.IMAP4.error(said[0] or b"")
        return sorted(int(uid) for line in said if line for uid in line.split())

    def uids_from(self, first: int, last: int | None = None) -> list[int]:
        """UIDs of letters from `first` on. («5:*» always names the last letter too, even when it is an older one.)"""
        found = self.uids(f"UID {first}:{last or '*'}")
        return [uid for uid in found if uid >= first]

    def uids_since(self, day: date) -> list[int]:
        """UIDs of letters that the server got on that day or later."""
        month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[
            day.month - 1
        ]
        return self.uids(f"SINCE {day.day}-{month}-{day.year}")

    def sizes(self, uids: Sequence[int]) -> list[Size]:
        """Size and time of each letter that is still there."""
        return [
            Size(int(uid[1]), int(size[1]), _time(line))
            for line, _body in self._fetch(uids, "(UID RFC822.SIZE INTERNALDATE)")
            if (uid := _UID.search(line)) and (size := _SIZE.search(line))
        ]

    def bodies(self, uids: Sequence[int], *, first_bytes: int | None = None) -> dict[int, bytes]:
        """Letters by UID; one that has vanished meanwhile is not in it. first_bytes: only their beginning."""
        part = f"<0.{first_bytes}>" if first_bytes else ""
        return {
            int(uid[1]): body
            for line, body in self._fetch(uids, f"(UID BODY.PEEK[]{part})")
            if body is not None and (uid := _UID.search(line))
        }

    def _fetch(self, uids: Sequence[int], parts: str) -> Iterator[tuple[bytes, bytes | None]]:
        """Each answered letter: its line of attributes, and its literal if it has one."""
        if not uids:
            return
        kind, said = self._client.uid("FETCH", ranges(uids), parts)
        if kind != "OK":
            raise imaplib.IMAP4.error(said[0] or b"")
        pending: tuple[bytes, bytes] | None = None
        for piece in said:
            if isinstance(piece, tuple):
                if pending:
                    yield pending
                pending = (bytes(piece[0]), bytes(piece[1]))
            elif pending and isinstance(piece, bytes) and piece.rstrip().endswith(b")"):
                yield pending[0] + b" " + piece, pending[1]  # some servers put the UID behind the letter
                pending = None
            elif isinstance(piece, bytes) and b"UID" in piece:
                yield piece, None
        if pending:
            yield pending

    def folders(self) -> list[Folder]:
        """All folders, with their special use where the server tells it."""
        uses = {"\\Sent": "sent", "\\Junk": "junk", "\\Spam": "junk"}
        return [
            Folder(found.name, next((uses[flag] for flag in found.flags if flag in uses), ""))
            for found in self._mailbox.folder.list()
        ]

    def count(self, folder: str) -> int:
        """Letters in a folder, without opening it."""
        return int(self._mailbox.folder.status(folder, ["MESSAGES"])["MESSAGES"])

    def wait(self, seconds: float, bell: socket.socket | None = None) -> None:
        """Idle until the server says anything, `bell` gets a byte, or the time is over."""
        if not self.can_idle:
            _readable([bell] if bell else [], seconds)
            return
        if self._begin_idle() and not self._has_buffered():
            _readable([self._client.sock, *([bell] if bell else [])], seconds)
        self._end_idle()

    def _begin_idle(self) -> bool:
        """False when there is news already. imap_tools stumbles over news that comes before the «+»."""
        self._idle_tag = self._client._command("IDLE")  # noqa: SLF001 - imaplib has no IDLE before 3.14
        news = False
        while (said := self._client._get_response()) is not None:  # noqa: SLF001 - None is the «+»
            if self._client.tagged_commands.get(self._idle_tag):
                raise imaplib.IMAP4.error(said)
            news = True
        return not news

    def _has_buffered(self) -> bool:
        """Whether news lies read but unseen in our own buffers, where select() does not look."""
        sock = self._client.sock
        patience = sock.gettimeout()
        sock.settimeout(0)
        try:
            return bool(self._client._file.peek(1))  # noqa: SLF001 - its buffered reader
        except OSError:  # nothing there: BlockingIOError, SSLWantReadError
            return False
        finally:
            sock.settimeout(patience)

    def _end_idle(self) -> None:
        self._client.send(b"DONE\r\n")
        try:
            self._mailbox.consume_until_tagged_response(self._idle_tag)
        except (MailboxTaggedResponseError, UnexpectedCommandStatusError) as fault:
            raise imaplib.IMAP4.abort(str(fault)) from fault


class _Client(imaplib.IMAP4):
    """imaplib's, on a line to a checked address."""

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return outside.connect(self.host, self.port, timeout or CONNECT_LIMIT_S, outside.Purpose.MAIL)


class _SecretClient(imaplib.IMAP4_SSL):
    def _create_socket(self, timeout: float | None) -> socket.socket:
        line = outside.connect(self.host, self.port, timeout or CONNECT_LIMIT_S, outside.Purpose.MAIL)
        wrapped: socket.socket = self.ssl_context.wrap_socket(line, server_hostname=self.host)
        return wrapped


class _Encrypted(MailBox):
    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return _SecretClient(self._host, self._port, ssl_context=self._ssl_context, timeout=self._timeout)


class _StartTls(MailBoxStartTls):
    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = _Client(self._host, self._port, timeout=self._timeout)
        check_command_status(client.starttls(self._ssl_context), MailboxStarttlsError)
        return client


class _Unencrypted(MailBoxUnencrypted):
    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return _Client(self._host, self._port, timeout=self._timeout)


def connect(box: Box, *, timeout_s: float = CONNECT_LIMIT_S) -> BaseMailBox:
    """An open, encrypted line without signing in. Raises OSError, ssl.SSLError, imaplib.IMAP4.error."""
    if box.imap_security == Box.Security.NONE:
        return _Unencrypted(box.imap_host, box.imap_port, timeout=timeout_s)
    trusted = ssl.create_default_context()
    if box.imap_security == Box.Security.STARTTLS:
        return _StartTls(box.imap_host, box.imap_port, ssl_context=trusted, timeout=timeout_s)
    return _Encrypted(box.imap_host, box.imap_port, ssl_context=trusted, timeout=timeout_s)


def sign_in(mailbox: BaseMailBox, box: Box) -> Line:
    """Raises credentials.NoCredentials, MailboxLoginError, imaplib.IMAP4.error."""
    name = box.username or box.address
    if box.auth == Box.Auth.XOAUTH2:
        mailbox.xoauth2(name, credentials.access_token(box), initial_folder=None)
        return Line(mailbox)
    secret = credentials.password(box)
    if name.isascii() and secret.isascii():
        mailbox.login(name, secret, initial_folder=None)
    else:
        mailbox.login_utf8(name, secret, initial_folder=None)
    return Line(mailbox)


def dial(box: Box, *, timeout_s: float = CONNECT_LIMIT_S) -> Line:
    """Connect and sign in; whatever fails leaves no open socket behind."""
    mailbox = connect(box, timeout_s=timeout_s)
    try:
        return sign_in(mailbox, box)
    except BaseException:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            mailbox.client.shutdown()
        raise


def ranges(uids: Sequence[int]) -> str:
    """Ascending UIDs in IMAP's short form: 1:3,7."""
    parts: list[str] = []
    start = end = uids[0]
    for uid in (*uids[1:], -1):
        if uid == end + 1:
            end = uid
            continue
        parts.append(str(start) if start == end else f"{start}:{end}")
        start = end = uid
    return ",".join(parts)


def _time(line: bytes) -> datetime | None:
    found = _DATE.search(line)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(UTC)
    except ValueError:
        return None


def _readable(sockets: list[socket.socket], seconds: float) -> None:
    poller = select.poll()  # select() refuses file numbers over 1,023
    for one in sockets:
        poller.register(one, select.POLLIN)
    poller.poll(seconds * 1000)
