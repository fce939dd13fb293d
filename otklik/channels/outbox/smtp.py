"""One open SMTP line of a box: many letters, and for each recipient a verdict that never guesses.

The final dot is sent apart from the letter's body, right after `before_dot()` returned: whatever fails before it has
surely not left (RETRY or FAILED), an answer to it is the server's own word, and only silence after it is UNKNOWN.
"""

import base64
import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from otklik import outside

MOST_LETTERS = 100  # a server may tire of a longer line
_WORDS_LIMIT = 900
_PIECE = 64 * 1024
_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"(?m)^\.")


class Verdict(StrEnum):
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """words: the server's answer («550 5.1.1 No such user»), or a Russian sentence of ours."""

    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait, seconds. The answer to the dot takes longest: the server checks the letter then."""

    connect_s: float = 20
    command_s: float = 60
    dot_s: float = 180


@dataclass(frozen=True, slots=True)
class Way:
    """How letters of one box leave. token: an access token for XOAUTH2, otherwise the password is used."""

    host: str
    port: int
    security: str  # Box.Security
    username: str = ""
    password: str = ""
    token: str = ""
    hello: str = "localhost"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter ready to leave. recipients: envelope addresses; copy: our own box, which decides nothing."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    copy: str = ""


class Unreachable(Exception):
    """The line did not open: nothing has left. `words` is a Russian sentence with what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Fenced(Exception):
    """before_dot() found that somebody else answers for the letter now: it must not be sent, and nothing be written."""


class Line:
    """An open connection with its life. Not for two threads."""

    def __init__(self, way: Way, patience: Patience) -> None:
        self._patience = patience
        self._letters = 0
        self._smtp = _opened(way, patience)

    @property
    def is_open(self) -> bool:
        return self._smtp.sock is not None and self._letters < MOST_LETTERS

    def is_alive(self) -> bool:
        """Ask the server: an idle line may have been closed by it."""
        try:
            return self.is_open and self._smtp.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            self.drop()
            return False

    def close(self) -> None:
        """Say goodbye; never raises."""
        if self._smtp.sock is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._smtp.sock.settimeout(2)
                self._smtp.quit()
        self._smtp.close()

    def drop(self) -> None:
        """Break the line at once: the server forgets a letter without its dot."""
        self._smtp.close()

    def send(self, parcel: Parcel, before_dot: Callable[[], None]) -> dict[str, Answer]:
        """An answer for each recipient. Raises what before_dot raises, after breaking the line."""
        self._letters += 1
        self._wait(self._patience.command_s)
        answers: dict[str, Answer] = {}
        try:
            accepted = self._address(parcel, answers)
            refused = self._offer(parcel) if accepted else None
        except (OSError, smtplib.SMTPException) as fault:
            self.drop()
            return _rest(parcel, answers, Answer(Verdict.RETRY, _broken(fault)))
        if refused is not None:
            self._forget()  # else the next letter's MAIL would be refused as a nested one
            return _rest(parcel, answers, refused)
        if not accepted:
            self._forget()
            return answers
        try:
            before_dot()
            self._check()
        except OSError as fault:
            self.drop()
            return _rest(parcel, answers, Answer(Verdict.RETRY, _broken(fault)))
        except BaseException:
            self.drop()
            raise
        return _rest(parcel, answers, self._dot())

    def _address(self, parcel: Parcel, answers: dict[str, Answer]) -> bool:
        """MAIL and RCPT; who is refused stands in `answers`. Whether anybody is left."""
        too_big = self._too_big(parcel)
        if too_big:
            _rest(parcel, answers, too_big)
            return False
        options = self._options(parcel)
        code, words = self._smtp.mail(_ascii(parcel.sender), options)
        if code != 250:
            _rest(parcel, answers, _answer(code, words))
            self._leave_if(code)
            return False
        for recipient in parcel.recipients:
            code, words = self._smtp.rcpt(_ascii(recipient))
            if code not in (250, 251, 252):
                answers[recipient] = _answer(code, words)
                if code == 421:
                    self._leave_if(code)
                    _rest(parcel, answers, _answer(code, words))
                    return False
        accepted = len(answers) < len(parcel.recipients)
        if accepted and parcel.copy:
            self._smtp.rcpt(_ascii(parcel.copy))  # a refused copy is only evidence lost
        return accepted

    def _offer(self, parcel: Parcel) -> Answer | None:
        """DATA and the letter without its final dot. The refusal when the server wants no letter."""
        code, words = self._smtp.docmd("DATA")
        if code != 354:
            self._leave_if(code)
            return _answer(code, words)
        body = _on_the_wire(parcel.content)
        for start in range(
            0, len(body), _PIECE
        ):  # the time limit is for each piece: a slow line may take its time
            self._smtp.send(body[start : start + _PIECE])
        return None

    def _check(self) -> None:
        """Raise OSError when the server left while we spoke: noticed before the dot, it is no `unknown`."""
        sock = self._smtp.sock
        if sock is None:
            raise ConnectionResetError
        wait = sock.gettimeout()
        sock.settimeout(0)
        try:
            sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            sock.settimeout(wait)
            return
        raise ConnectionResetError

    def _dot(self) -> Answer:
        """The dot, and what the server says to it: anything but a whole answer is UNKNOWN."""
        self._wait(self._patience.dot_s)
        try:
            self._smtp.send(b".\r\n")
            code, words = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as fault:
            self.drop()
            return Answer(Verdict.UNKNOWN, _broken(fault))
        self._leave_if(code)
        if code == -1:
            self.drop()
            return Answer(Verdict.UNKNOWN, _broken(None))
        return Answer(Verdict.SENT, _words(code, words)) if code == 250 else _answer(code, words)

    def _too_big(self, parcel: Parcel) -> Answer | None:
        limit = self._smtp.esmtp_features.get("size", "").strip()
        if limit.isdigit() and 0 < int(limit) < len(parcel.content):
            return Answer(Verdict.FAILED, f"552 5.3.4 message size exceeds {limit}")
        return None

    def _options(self, parcel: Parcel) -> list[str]:
        """ESMTP parameters of MAIL; Russian letters before «@» need a server that takes SMTPUTF8."""
        options = [f"SIZE={len(parcel.content)}"] if self._smtp.has_extn("size") else []
        wide = not all(_ascii(one).isascii() for one in (parcel.sender, *parcel.recipients))
        self._smtp.command_encoding = "utf-8" if wide else "ascii"
        if wide and self._smtp.has_extn("smtputf8"):
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        return options

    def _forget(self) -> None:
        if self._smtp.sock is not None:
            try:
                self._smtp.rset()
            except (OSError, smtplib.SMTPException):
                self.drop()

    def _leave_if(self, code: int) -> None:
        if code == 421:
            self.drop()

    def _wait(self, seconds: float) -> None:
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)


def _opened(way: Way, patience: Patience) -> smtplib.SMTP:
    """A signed-in connection; one that fails on the way is closed. Raises Unreachable."""
    place = f"{way.host}:{way.port}"
    try:
        smtp = _connected(way, patience)
    except (OSError, UnicodeError, smtplib.SMTPException) as fault:  # UnicodeError: a host that is no name
        raise Unreachable(_why_closed(place, fault)) from fault
    try:
        # the dot follows the letter in a packet of its own: else it waits 40 ms for the letter's acknowledgement
        if smtp.sock is not None:
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if way.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        _sign_in(smtp, way)
    except (OSError, smtplib.SMTPException) as fault:
        smtp.close()
        raise Unreachable(_why_closed(place, fault)) from fault
    return smtp


def _why_closed(place: str, fault: Exception) -> str:
    """Why the line did not open and what to do, in one or two sentences."""
    facts = {"place": place, "fault": _broken(fault).rstrip(".")}
    if isinstance(fault, ssl.SSLCertVerificationError):
        facts["fault"] = fault.verify_message
        return _("Сертификат сервера %(place)s не подходит: %(fault)s. Скажите администратору.") % facts
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return _("Сервер %(place)s не умеет STARTTLS: выберите в настройках ящика другое шифрование.") % facts
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        words = _(
            "Сервер %(place)s не принял имя или пароль ящика: %(fault)s. Введите пароль приложения заново."
        )
        return words % facts
    return _("Сервер отправки %(place)s не отвечает: %(fault)s.") % facts


class _Client(smtplib.SMTP):
    """smtplib's, on a line to a checked address."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return outside.connect(host, port, timeout, outside.Purpose.MAIL)


class _SecretClient(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> ssl.SSLSocket:
        line = outside.connect(host, port, timeout, outside.Purpose.MAIL)
        return self.context.wrap_socket(line, server_hostname=host)


def _connected(way: Way, patience: Patience) -> smtplib.SMTP:
    if way.security == "tls":
        return _SecretClient(
            way.host, way.port, way.hello, timeout=patience.connect_s, context=ssl.create_default_context()
        )
    return _Client(way.host, way.port, way.hello, timeout=patience.connect_s)


def _sign_in(smtp: smtplib.SMTP, way: Way) -> None:
    """By our own PLAIN and LOGIN: smtplib's refuse a password with Russian letters."""
    if way.token:
        said = f"user={way.username}\1auth=Bearer {way.token}\1\1"
        _expect(smtp, smtp.docmd("AUTH", f"XOAUTH2 {_base64(said)}"))
    elif way.password:
        if "LOGIN" in smtp.esmtp_features.get("auth", "") and "PLAIN" not in smtp.esmtp_features["auth"]:
            smtp.docmd("AUTH", f"LOGIN {_base64(way.username)}")
            _expect(smtp, smtp.docmd(_base64(way.password)))
        else:
            said = f"\0{way.username}\0{way.password}"
            _expect(smtp, smtp.docmd("AUTH", f"PLAIN {_base64(said)}"))


def _expect(smtp: smtplib.SMTP, reply: tuple[int, bytes]) -> None:
    code, words = reply
    if code == 334:  # XOAUTH2 tells its fault as a challenge: an empty answer brings the refusal
        code, words = smtp.docmd("")
    if code not in (235, 503):
        raise smtplib.SMTPAuthenticationError(code, words)


def _rest(parcel: Parcel, answers: dict[str, Answer], answer: Answer) -> dict[str, Answer]:
    """The same answer for all who have none yet."""
    for recipient in parcel.recipients:
        answers.setdefault(recipient, answer)
    return answers


def _answer(code: int, words: bytes) -> Answer:
    """The verdict of a refusal: 5xx is final, anything else may be tried again."""
    return Answer(Verdict.FAILED if 500 <= code < 600 else Verdict.RETRY, _words(code, words))


def _words(code: int, words: bytes) -> str:
    return f"{code} {' '.join(words.decode('utf-8', 'replace').split())}"[:_WORDS_LIMIT]


def _broken(fault: Exception | None) -> str:
    """A line that broke, in Russian; the server's own words where it said any."""
    if isinstance(fault, smtplib.SMTPResponseException):
        words = fault.smtp_error
        return _words(fault.smtp_code, words if isinstance(words, bytes) else words.encode())
    if isinstance(fault, TimeoutError):
        return _("Почтовый сервер молчал слишком долго.")
    if isinstance(fault, outside.Forbidden):
        return _(
            "Этот адрес закрыт для Отклика: администратор машины может открыть его (OTKLIK_ALLOW_NETWORKS)."
        )
    if isinstance(fault, socket.gaierror):
        return _("Сервера с таким именем нет.")
    if isinstance(fault, ConnectionRefusedError):
        return _("Почтовый сервер не принимает соединений.")
    return _("Связь с почтовым сервером оборвалась.")


def _ascii(address: str) -> str:
    """The address with its domain as IDNA; the local part stays."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def _on_the_wire(content: bytes) -> bytes:
    """CRLF line ends, lines that begin with a dot doubled (RFC 5321 §4.5.2), a line end at the end."""
    lines = _LINE_END.sub(b"\r\n", content)
    body = _DOT.sub(b"..", lines)
    return body if body.endswith(b"\r\n") else body + b"\r\n"


def _base64(words: str) -> str:
    return base64.b64encode(words.encode()).decode()
