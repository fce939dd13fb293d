"""What the client of the practice mailbox sends: letters, an answering machine, a letter that came back. Real SMTP."""

from __future__ import annotations

import secrets
import smtplib
import zlib
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesHeaderParser
from email.utils import format_datetime

from django.utils.translation import gettext as _

from otklik.env import env
from otklik.errors import Refusal
from otklik.site.demo import mailers
from otklik.site.demo.mailers import Mail, Paper, Quoted
from otklik.site.practice import mailbox
from otklik.site.practice.mailbox import Conversation, Filed, Kept

LIMIT_S = 15
BROKEN = "koi8 как 1251"


class DoorIsShut(Refusal):
    code = "practice.door_is_shut"


@dataclass(frozen=True, slots=True)
class Client:
    """Who writes."""

    address: str
    name: str

    @property
    def program(self) -> mailers.Program:
        """Everybody keeps to one mail program."""
        return mailers.PROGRAMS[zlib.crc32(self.address.encode()) % len(mailers.PROGRAMS)]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as typed. to: a box of ours; broken: its charset lies."""

    to: str
    subject: str
    text: str
    papers: tuple[Paper, ...] = ()
    broken: bool = False


def send(client: Client, written: Written, *, answers: Conversation | None = None, at: datetime) -> None:
    """Send a new letter, or an answer that keeps its thread and quotes as this program does. Raises DoorIsShut."""
    heard = answers.last_came if answers else None
    mail = Mail(
        program="plain" if written.broken else client.program,
        name=client.name,
        address=client.address,
        to=written.to,
        subject=" ".join(written.subject.split()),
        text=written.text,
        at=at,
        message_id=f"{secrets.token_hex(11)}@{client.domain}",
        chain=tuple(_chain(answers)),
        quoted=_quoted(heard) if heard else None,
        papers=written.papers,
        broken=BROKEN if written.broken else "",
    )
    _post(client.address, written.to, mailers.write(mail))
    mailbox.keep(client.address, Filed(mailers.write(mail), came=False, at=at))


def answer_by_machine(client: Client, heard: Kept, *, at: datetime) -> None:
    """«Я в отпуске»: a program answers, marked as RFC 3834 asks. Raises DoorIsShut."""
    to = _answer_to(heard)
    mail = Mail(
        program="plain",
        name=client.name,
        address=client.address,
        to=to,
        subject=f"Автоответ: {heard.letter.subject}",
        text="Здравствуйте! Я в отпуске и вернусь в понедельник. Письмо прочитаю, как только выйду на работу.",
        at=at,
        message_id=f"{secrets.token_hex(11)}@{client.domain}",
        chain=(heard.letter.message_id.strip("<>"),),
        headers=(("Auto-Submitted", "auto-replied"), ("Precedence", "bulk")),
    )
    raw = mailers.write(mail)
    _post("", to, raw)
    mailbox.keep(client.address, Filed(raw, came=False, at=at))


def bounce(client: Client, heard: Kept, *, at: datetime) -> None:
    """The client's server gives our letter back: no such mailbox. Raises DoorIsShut."""
    to = heard.letter.return_path.strip("<>") or _answer_to(heard)
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = f"Mail Delivery System <mailer-daemon@{client.domain}>"
    report["To"], report["Subject"] = to, "Undelivered Mail Returned to Sender"
    report["Date"], report["Message-ID"] = format_datetime(at), f"<{secrets.token_hex(11)}@{client.domain}>"
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText(f"Your message to <{client.address}> could not be delivered.\n"))
    report.attach(_status(client))
    report.attach(_returned(heard))
    _post("", to, report.as_bytes())


def _status(client: Client) -> Message:
    part = Message()
    part["Content-Type"] = "message/delivery-status"
    part.set_payload(
        [
            _fields({"Reporting-MTA": f"dns; mx.{client.domain}"}),
            _fields(
                {
                    "Final-Recipient": f"rfc822; {client.address}", "Action": "failed", "Status": "5.1.1",
                    "Diagnostic-Code": f"smtp; 550 5.1.1 <{client.address}>: mailbox does not exist",
                }
            ),
        ]
    )  # fmt: skip
    return part


def _fields(values: dict[str, str]) -> Message:
    part = Message()
    for name, value in values.items():
        part[name] = value
    return part


def _returned(heard: Kept) -> Message:
    """The headers of the letter that came back."""
    part = Message()
    part["Content-Type"] = "text/rfc822-headers"
    part.set_payload(BytesHeaderParser().parsebytes(heard.raw).as_string())
    return part


def _chain(answers: Conversation | None) -> list[str]:
    return [one.letter.message_id.strip("<>") for one in answers.letters][-12:] if answers else []


def _answer_to(heard: Kept) -> str:
    return heard.letter.reply_to[0] if heard.letter.reply_to else heard.letter.from_email


def _quoted(heard: Kept) -> Quoted:
    letter = heard.letter
    return Quoted(letter.from_name, letter.from_email, heard.at, letter.text, letter.subject)


def _post(sender: str, to: str, raw: bytes) -> None:
    """To the desk's own door, as a mail server of the client would bring it."""
    host = env().door_host if env().door_host != "0.0.0.0" else "127.0.0.1"  # noqa: S104 - compared
    try:
        with smtplib.SMTP(host, env().door_port, timeout=LIMIT_S) as door:
            door.sendmail(sender, [to], raw)
    except (OSError, smtplib.SMTPException) as fault:
        raise DoorIsShut(
            _("Отклик не принял письмо: %(cause)s") % {"cause": str(fault)[:200]},
            _("Проверьте, что приём писем запущен, и отправьте ещё раз: текст мы сохранили."),
        ) from fault
