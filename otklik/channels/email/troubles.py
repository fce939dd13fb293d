"""What is wrong with a mailbox, in words that say what to do: for the connecting page and for the running box."""

import errno
import imaplib
import re
import socket
import ssl
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from imap_tools.errors import ImapToolsError, MailboxLoginError

from otklik import outside
from otklik.channels.email import presets
from otklik.channels.email.credentials import NoCredentials
from otklik.channels.models import Box
from otklik.web.figures import counted

_DISABLED = re.compile(
    r"imap is disabled|imap access|not enabled|disabled for|web browser|allowed to use imap", re.IGNORECASE
)
_LIMIT = re.compile(r"too many|limit|throttl|rate", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trouble:
    """title: what happened in a few words. words: why. steps: what to do, in order. said: the server's own words.

    is_sign_in: the password or the granted access is to blame, so trying often only makes it worse.
    """

    title: str
    words: str
    steps: tuple[str, ...] = ()
    link: str = ""
    said: str = ""
    is_sign_in: bool = False

    @property
    def sentence(self) -> str:
        """For Box.trouble: one line."""
        parts = (self.title, self.words, *self.steps[:1])
        return " ".join(f"{part.rstrip('.')}." for part in parts if part)[:1000]


def of(fault: Exception, box: Box) -> Trouble:
    """The trouble behind an exception of reading or signing in."""
    said = words_of(fault)
    if isinstance(fault, NoCredentials):
        return Trouble(_("Не получается войти в ящик"), fault.words, said=fault.said, is_sign_in=fault.final)
    if isinstance(fault, ssl.SSLError):
        return _encryption(fault, box, said)
    if isinstance(fault, OSError):
        return _network(fault, box, said)
    if isinstance(fault, MailboxLoginError) or "AUTHENTICATIONFAILED" in said.upper():
        return sign_in(box, said)
    if isinstance(fault, imaplib.IMAP4.abort):
        return Trouble(_("Связь с почтой оборвалась"), _("Мы соединяемся снова сами"), said=said)
    if isinstance(fault, ImapToolsError | imaplib.IMAP4.error):
        return sign_in(box, said) if "LOGIN" in said.upper() else _protocol(said)
    return Trouble(_("Не получается читать ящик"), _("Мы пробуем снова сами"), said=said)


def sign_in(box: Box, said: str) -> Trouble:
    """The server did not take the name or the password."""
    preset = presets.by_key(box.preset)
    name = str(preset.name)
    if _DISABLED.search(said) and preset.imap_off_steps:
        words = _("%(name)s не пускает программы в этот ящик: нет доступа по IMAP") % {"name": name}
        return Trouble(_("IMAP выключен"), words, _texts(preset.imap_off_steps), said=said, is_sign_in=True)
    if box.auth == Box.Auth.XOAUTH2:
        words = _("Почта не приняла ключ доступа: его отозвали, или у приложения нет прав на почту")
        granting = (_("Откройте настройки ящика и нажмите «Дать доступ»"),)
        return Trouble(_("Почта не приняла ключ доступа"), words, granting, said=said, is_sign_in=True)
    title = _("Почта не приняла пароль")
    if not preset.login_steps:
        words = _("Сервер не узнал имя или пароль")
        steps = (
            _("Проверьте имя входа: часто это адрес целиком"),
            _("Введите пароль заново; если его задаёт администратор сервера, спросите его"),
        )
        return Trouble(title, words, steps, said=said, is_sign_in=True)
    words = _(
        "%(name)s не пускает программы по обычному паролю: нужен отдельный пароль приложения. "
        "Ваш обычный пароль при этом не меняется"
    ) % {"name": name}
    return Trouble(title, words, _texts(preset.login_steps), preset.login_page, said, is_sign_in=True)


def password_hint(box: Box, password: str) -> str:
    """What a look at the typed password tells: «… 16 букв, в прошлый раз: 4 цифры»; '' for nothing."""
    preset = presets.by_key(box.preset)
    plain = re.sub(r"[\s-]", "", password)
    if not preset.form or not plain or re.fullmatch(preset.form, plain):
        return ""
    digits = sum(sign.isdigit() for sign in plain)
    seen = _("в прошлый раз: %(signs)s, из них %(digits)s") % {
        "signs": counted(ngettext("%s знак", "%s знаков", len(plain)), len(plain)),
        "digits": counted(ngettext("%s цифра", "%s цифр", digits), digits),
    }
    return f"{preset.form_words}, {seen}"


def words_of(fault: BaseException) -> str:
    """The server's own words in one line, without bytes' quotes."""
    if isinstance(fault, ImapToolsError):
        data = getattr(fault, "command_result", None)
        lines = data[1] if isinstance(data, tuple) and len(data) > 1 else [str(fault)]
        parts = [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in lines]
        return " ".join(" ".join(parts).split())[:500]
    argument = fault.args[0] if fault.args else ""
    text = argument.decode("utf-8", "replace") if isinstance(argument, bytes) else str(fault)
    return " ".join(text.split())[:500]


def _encryption(fault: ssl.SSLError, box: Box, said: str) -> Trouble:
    place = f"{box.imap_host}:{box.imap_port}"
    title = _("Шифрование не сложилось")
    if not isinstance(fault, ssl.SSLCertVerificationError):
        words = _("На %(place)s отвечают без TLS или старой его версией") % {"place": place}
        steps = (_("Проверьте порт: 993 для TLS, 143 для STARTTLS"),)
        return Trouble(title, words, steps, said=said)
    if fault.verify_code in {62, 63, 64}:  # X509_V_ERR_HOSTNAME_MISMATCH and its kin
        words = _("Сертификат не на имя %(host)s: так бывает у чужого или перенесённого сервера")
        steps = (_("Спросите у администратора почты точное имя сервера и впишите его"),)
    elif fault.verify_code == 10:  # X509_V_ERR_CERT_HAS_EXPIRED
        words = _("Срок сертификата %(host)s истёк")
        steps = (_("Попросите администратора почты обновить сертификат"),)
    else:
        words = _("Сертификат %(host)s подписан тем, кого эта машина не знает")
        steps = (
            _("Добавьте корневой сертификат вашей компании в системное хранилище и запустите Отклик заново"),
        )
    return Trouble(_("Сертификат сервера не подходит"), words % {"host": box.imap_host}, steps, said=said)


def _network(fault: OSError, box: Box, said: str) -> Trouble:
    place = f"{box.imap_host}:{box.imap_port}"
    if isinstance(fault, outside.Forbidden):
        return _forbidden(place, said)
    if isinstance(fault, socket.gaierror):
        words = _("Сервера с именем %(host)s нет") % {"host": box.imap_host}
        steps = (_("Проверьте имя сервера: у вашей почты оно может быть другим"),)
        return Trouble(_("Не нашли сервер почты"), words, steps, said=said)
    if isinstance(fault, ConnectionRefusedError):
        words = _("%(place)s не принимает соединений: порт закрыт, или почта на нём не работает") % {
            "place": place
        }
        steps = (_("Проверьте порт: обычно 993"),)
        return Trouble(_("Сервер почты не отвечает"), words, steps, said=said)
    if isinstance(fault, TimeoutError) or fault.errno in {errno.EHOSTUNREACH, errno.ENETUNREACH}:
        words = _("%(place)s молчит: его закрывает сетевой экран, или он не работает") % {"place": place}
        steps = (_("Разрешите этой машине исходящие соединения на порт %(port)d") % {"port": box.imap_port},)
        return Trouble(_("Сервер почты не отвечает"), words, steps, said=said)
    return Trouble(_("Связь с почтой оборвалась"), _("Мы соединяемся снова сами"), said=said)


def _forbidden(place: str, said: str) -> Trouble:
    words = _("%(place)s ведёт в сеть, куда Отклик сам не ходит: на эту же машину или в служебные адреса")
    steps = (
        _("Почта и правда там? Попросите администратора машины добавить её сеть в OTKLIK_ALLOW_NETWORKS"),
        _("Запустите Отклик заново и проверьте связь ещё раз"),
    )
    return Trouble(_("Этот адрес закрыт для Отклика"), words % {"place": place}, steps, said=said)


def _protocol(said: str) -> Trouble:
    if _LIMIT.search(said):
        words = _("Почта просит подождать: соединений или запросов слишком много. Мы продолжим сами")
        return Trouble(_("Почта ограничила нас"), words, said=said)
    return Trouble(_("Почта ответила отказом"), _("Мы пробуем снова сами"), said=said)


def _texts(texts: tuple[presets.Text, ...]) -> tuple[str, ...]:
    return tuple(str(text) for text in texts)
