"""The checks of a mailbox that is being connected, one by one, each with its result in plain Russian.

server → encryption → signin → reading → sending → returning. Nothing on the server changes but one letter of ours.
"""

import contextlib
import imaplib
import secrets
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError

from otklik import mime, outside
from otklik.channels.email import credentials, imap, troubles
from otklik.channels.email.imap import Line
from otklik.channels.email.troubles import Trouble
from otklik.channels.models import Box
from otklik.channels.outbox import addresses, posting, smtp
from otklik.channels.outbox.explaining import explain
from otklik.web import dates
from otklik.web.figures import counted, decimal

FAULTS = (OSError, imaplib.IMAP4.error, ImapToolsError, credentials.NoCredentials)
CONNECT_LIMIT_S = 10
RETURN_LIMIT_S = 90
SENT_NAMES = ("sent", "отправленные", "sent items", "sent messages", "[gmail]/отправленные", "&bb4eqgq-")


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the list: what it is called before it ran, and what it will do."""

    name: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Result:
    """How a check ended. token: the id of the letter that must come back. waits: not ended yet, ask again."""

    name: str
    ok: bool
    title: str
    words: str
    took_s: float
    trouble: Trouble | None = None
    token: str = ""
    waits: bool = False


def checks() -> tuple[Check, ...]:
    """The list in its order."""
    return (
        Check("server", _("Ищем сервер почты"), _("соединяемся с его портом")),
        Check("encryption", _("Проверяем шифрование"), _("сертификат должен быть действующим и на это имя")),
        Check("signin", _("Входим"), _("с вашим именем и паролем")),
        Check("reading", _("Читаем письма"), _("посчитаем папки и письма, ничего не отметим прочитанным")),
        Check(
            "sending",
            _("Отправляем письмо самим себе"),
            _("и ждём, пока оно вернётся: так видно, что ответы дойдут"),
        ),
    )


def run(name: str, box: Box) -> Result:
    """Run one check. Never raises for what the servers do; a fault becomes its Trouble."""
    started = time.monotonic()
    try:
        result = _RUN[name](box)
    except FAULTS as fault:
        trouble = troubles.of(fault, box)
        result = Result(name, False, trouble.title, trouble.words, 0, trouble)
    took_s = time.monotonic() - started
    return Result(
        result.name, result.ok, result.title, result.words, took_s, result.trouble, result.token, result.waits
    )


def _server(box: Box) -> Result:
    with outside.connect(box.imap_host, box.imap_port, CONNECT_LIMIT_S, outside.Purpose.MAIL):
        words = _("%(host)s, порт %(port)d") % {"host": box.imap_host, "port": box.imap_port}
        return Result("server", True, _("Нашли сервер почты"), words, 0)


def _encryption(box: Box) -> Result:
    with _connected(box) as mailbox:
        sock = mailbox.client.sock
        if not isinstance(sock, ssl.SSLSocket):
            words = _("пароль и письма видны всем по дороге; годится только для сервера на этой же машине")
            return Result("encryption", True, _("Соединение без шифрования"), words, 0)
        until = _valid_until(sock)
        words = _("сертификат действует до %(date)s") % {"date": until} if until else str(sock.version())
        return Result("encryption", True, _("Соединение зашифровано"), words, 0)


def _signin(box: Box) -> Result:
    with _signed_in(box):
        words = box.username or box.address
        return Result("signin", True, _("Почта впустила нас"), words, 0)


def _reading(box: Box) -> Result:
    """Counts the letters and finds the folder of sent ones, which the box remembers."""
    with _signed_in(box) as line:
        folders = line.folders()
        letters = line.open("INBOX").letters
        sent = next((one.name for one in folders if one.use == "sent"), "") or next(
            (one.name for one in folders if one.name.lower() in SENT_NAMES), ""
        )
    Box.objects.filter(pk=box.pk).update(sent_folder=sent)
    told = {
        "folders": counted(ngettext("%s папка", "%s папок", len(folders)), len(folders)),
        "letters": counted(ngettext("%s письмо", "%s писем", letters), letters),
    }
    words = _("%(folders)s, во входящих %(letters)s; ничего не отметили прочитанным") % told
    return Result("reading", True, _("Прочитали список писем"), words, 0)


def _sending(box: Box) -> Result:
    token = f"check.{secrets.token_hex(10)}@{box.address.rpartition('@')[2]}"
    started = time.monotonic()
    try:
        line = smtp.Line(posting.way(box), smtp.Patience(connect_s=CONNECT_LIMIT_S))
    except smtp.Unreachable as fault:
        return _not_sent(fault.words, "")
    try:
        parcel = smtp.Parcel(box.address, (box.address,), _letter(box, token))
        answer = line.send(parcel, lambda: None)[box.address]
    finally:
        line.close()
    if answer.verdict != smtp.Verdict.SENT:
        told = explain(answer.words)
        return _not_sent(f"{told.why} {told.todo}", answer.words)
    words = _("письмо ушло за %(seconds)s, ждём его во входящих") % {
        "seconds": spoken(time.monotonic() - started)
    }
    return Result("sending", True, _("Отправили письмо самим себе"), words, 0, token=token, waits=True)


def returned(box: Box, token: str, *, sent_at: datetime, at: datetime) -> Result:
    """Whether the letter to ourselves is in the inbox now; waits until it is, or a minute and a half has passed."""
    waited_s = (at - sent_at).total_seconds()
    try:
        with _signed_in(box) as line:
            line.open("INBOX")
            came = bool(line.uids(f'HEADER Message-ID "<{token}>"'))
    except FAULTS as fault:
        trouble = troubles.of(fault, box)
        return Result("sending", False, trouble.title, trouble.words, waited_s, trouble)
    if came:
        words = _("письмо вернулось во входящие: ответы клиентам дойдут")
        return Result("sending", True, _("Письмо самим себе вернулось"), words, waited_s)
    if waited_s < RETURN_LIMIT_S:
        words = _("ждём его во входящих")
        return Result(
            "sending", True, _("Отправили письмо самим себе"), words, waited_s, token=token, waits=True
        )
    return _lost(waited_s)


def _lost(waited_s: float) -> Result:
    trouble = Trouble(
        _("Письмо не вернулось за полторы минуты"),
        _("Сервер его принял, но во входящих его нет"),
        (
            _("Посмотрите папку «Спам» этого ящика: письмо называется «Проверка связи»"),
            _("Если оно там, отметьте «Не спам» и проверьте ещё раз"),
            _("Ящик можно подключить и так: читать письма мы уже умеем"),
        ),
    )
    return Result("sending", False, trouble.title, trouble.words, waited_s, trouble)


def _not_sent(words: str, said: str) -> Result:
    steps = (_("Проверьте сервер отправки, порт и шифрование в настройках ящика"),)
    trouble = Trouble(_("Письмо не ушло"), words, steps, said=said)
    return Result("sending", False, trouble.title, words, 0, trouble)


def _letter(box: Box, token: str) -> bytes:
    """The letter knows its house, so the intake never takes it for a client's."""
    return mime.write(
        mime.Outgoing(
            message_id=f"<{token}>",
            date=datetime.now(UTC),
            sender=mime.Mailbox(box.name or "Отклик", box.address),
            to=(mime.Mailbox("", box.address),),
            subject=_("Проверка связи"),
            text=_("Это письмо Отклик отправил сам себе, чтобы проверить ящик. Его можно удалить."),
            headers=(("X-Otklik-Instance", addresses.instance()), ("Auto-Submitted", "auto-generated")),
        )
    )


@contextlib.contextmanager
def _connected(box: Box) -> Iterator[BaseMailBox]:
    mailbox = imap.connect(box, timeout_s=CONNECT_LIMIT_S)
    try:
        yield mailbox
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            mailbox.client.shutdown()


@contextlib.contextmanager
def _signed_in(box: Box) -> Iterator[Line]:
    with imap.dial(box, timeout_s=CONNECT_LIMIT_S) as line:
        yield line


def _valid_until(sock: ssl.SSLSocket) -> str:
    """«3 марта 2027 года», in this year without it; '' when the certificate doesn't say."""
    said = (sock.getpeercert() or {}).get("notAfter")
    if not isinstance(said, str):
        return ""
    day = datetime.fromtimestamp(ssl.cert_time_to_seconds(said), UTC)
    return dates.day_of_month(day.date(), datetime.now(UTC).date())


def spoken(seconds: float) -> str:
    """«0,2 с»; 0.2 s."""
    return _("%s с") % decimal(max(seconds, 0.1))


_RUN: dict[str, Callable[[Box], Result]] = {
    "server": _server,
    "encryption": _encryption,
    "signin": _signin,
    "reading": _reading,
    "sending": _sending,
}
