"""The mail server between us and a client's mailbox: takes letters by SMTP, lays them into Dovecot by LMTP."""

# ruff: noqa: N802, ARG002 - names and parameters are aiosmtpd's
import asyncio
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.mailservers import Dovecot, free_port


class _Handing:
    def __init__(self, lmtp_port: int) -> None:
        self._lmtp_port = lmtp_port

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        try:
            await asyncio.to_thread(self._hand_on, envelope)
        except smtplib.SMTPException as fault:
            return f"451 4.3.0 {fault}"
        return "250 2.0.0 taken"

    def _hand_on(self, envelope: Envelope) -> None:
        with smtplib.LMTP("127.0.0.1", self._lmtp_port) as lmtp:
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            lmtp.sendmail(envelope.mail_from or "", envelope.rcpt_tos, content)


@contextmanager
def relay(dovecot: Dovecot, *, password: str = "") -> Iterator[int]:
    """Gives the port on which letters for any address of this Dovecot are taken.

    password: what one who signs in must know; without it nobody is asked to.
    """

    def knows(
        _server: SMTP, _session: Session, _envelope: Envelope, _how: str, told: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=told.password == password.encode())

    asking = {"authenticator": knows, "auth_require_tls": False} if password else {}
    controller = Controller(_Handing(dovecot.lmtp_port), hostname="127.0.0.1", port=free_port(), **asking)  # type: ignore[arg-type]  # aiosmtpd's own
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
