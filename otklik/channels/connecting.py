"""Connecting a box: its rows change by these deeds alone, each with its line in the journal.

A kept password goes only where it was typed for, under the name that it was typed for: whoever may set servers could
else read it at a server of their own, at another port of a shared host, or on the wire without TLS. (An administrator
typed it once and need not be the one of today.)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.channels.email import credentials
from otklik.channels.email.presets import Preset, Server
from otklik.channels.models import Box
from otklik.errors import NotAllowed, Refusal
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.staff.models import Team


class AddressTaken(Refusal):
    code = "box.address_taken"


class NoOutgoing(Refusal):
    code = "box.no_outgoing"


class PasswordNeeded(Refusal):
    code = "box.password_needed"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class AdministratorsOnly(NotAllowed):
    code = "box.administrators_only"


SERVER_FIELDS = (
    "imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port", "smtp_security", "username",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Servers:
    """Where a box is read and where its letters leave; '' in a host: not known."""

    imap: Server
    smtp: Server
    username: str = ""


def may(user: User) -> None:
    """Raises AdministratorsOnly."""
    if not user.may(Right.SETTINGS):
        raise AdministratorsOnly(
            _("Почтовые ящики настраивает администратор."),
            _("Попросите его подключить ящик или дать вам роль администратора."),
        )


def begin(address: str, preset: Preset, servers: Servers, secret: str, *, by: User, at: datetime) -> Box:
    """A mailbox that is not connected yet: switched off until the last step. The same address goes on where it was.

    Raises AddressTaken when a connected box has it.
    """
    may(by)
    known = Box.objects.filter(address__iexact=address).first()
    if known is not None and known.connected_at is not None:
        raise AddressTaken(
            _("Ящик %(address)s уже в Отклике.") % {"address": known.address},
            _("Откройте его в списке: там меняют пароль и серверы."),
        )
    box = known or Box(address=address, kind=Box.Kind.IMAP, mode=Box.Mode.OFF, created_at=at)
    box.team = box.team if known else _first_team()
    box.preset = preset.key
    box.keeps_sent = preset.keeps_sent
    if not known:  # a letter that lies in no Sent is known to have left by its copy alone
        box.copy_to_self = not preset.keeps_sent
    if _is_foreign(box, servers):
        box.secret = None  # typed for another server
    _set(box, servers)
    _sign(box, preset, secret)
    box.save()
    return box


def door(address: str, name: str, team: Team, *, by: User, at: datetime) -> Box:
    """An address whose letters some mail server brings to our own door. It only looks: set_outgoing lets it answer.

    Raises AddressTaken.
    """
    may(by)
    if Box.objects.filter(address__iexact=address).exists():
        raise AddressTaken(_("Такой адрес уже есть в списке."), _("Откройте его или впишите другой."))
    with transaction.atomic():
        box = Box.objects.create(
            address=address,
            name=name,
            kind=Box.Kind.DOOR,
            mode=Box.Mode.OBSERVE,
            team=team,
            auth=Box.Auth.NONE,
            copy_to_self=True,  # a door has no Sent
            created_at=at,
            connected_at=at,
        )
        _tell(box, "box.connected", by=by, at=at, mode=box.mode)
    return box


def set_secret(box: Box, secret: str, *, by: User) -> Box:
    """A new password. The box's thread takes it at once."""
    may(by)
    box.auth, box.secret = Box.Auth.PASSWORD, credentials.seal(secret.strip())
    box.save(update_fields=["auth", "secret"])
    return box


def set_grant(box: Box, granted: credentials.Grant, *, by: User) -> Box:
    """The client registered at the service, and what it was granted."""
    may(by)
    box.auth, box.secret = Box.Auth.XOAUTH2, credentials.seal(granted)
    box.save(update_fields=["auth", "secret"])
    return box


def set_servers(box: Box, servers: Servers, secret: str, *, by: User) -> Box:
    """Servers and password at once: no thread of the box meets one without the other. Raises PasswordNeeded."""
    may(by)
    if not secret:
        _refuse_foreign(box, servers)
    _set(box, servers)
    if secret:
        box.auth, box.secret = Box.Auth.PASSWORD, credentials.seal(secret.strip())
    box.save(update_fields=[*SERVER_FIELDS, "auth", "secret"])
    return box


def set_outgoing(box: Box, smtp: Server, username: str, secret: str, *, by: User) -> Box:
    """Where the answers of a door's address leave. An empty secret keeps the known one. Raises PasswordNeeded."""
    may(by)
    with_outgoing(box, smtp, username, secret)
    box.save(update_fields=["smtp_host", "smtp_port", "smtp_security", "username", "auth", "secret"])
    return box


def with_outgoing(box: Box, smtp: Server, username: str, secret: str) -> Box:
    """The same in memory alone: for a trial before anything is kept. Raises PasswordNeeded."""
    if not secret:
        _refuse_foreign(box, Servers(_kept(box).imap, smtp, username))
    box.smtp_host, box.smtp_port, box.smtp_security = smtp.host, smtp.port, smtp.security
    box.username = username
    if secret:
        box.auth, box.secret = Box.Auth.PASSWORD, credentials.seal(secret)
    return box


def set_history(box: Box, days: int, *, by: User) -> Box:
    """How many days of old letters become history."""
    may(by)
    box.history_days = days
    box.save(update_fields=["history_days"])
    return box


def connect(box: Box, *, team: Team, name: str, answers: bool, by: User, at: datetime) -> Box:
    """The last step: from now on letters are read; they are answered only if `answers`."""
    may(by)
    with transaction.atomic():
        box.team, box.name = team, name
        box.mode = Box.Mode.ANSWER if answers else Box.Mode.OBSERVE
        box.connected_at = box.connected_at or at
        box.save(update_fields=["team", "name", "mode", "connected_at"])
        _tell(box, "box.connected", by=by, at=at, mode=box.mode)
    return box


def set_copies(box: Box, copies: bool, *, by: User) -> Box:
    """Whether each letter of ours goes to this box too: the evidence that it left where no Sent keeps it."""
    may(by)
    box.copy_to_self = copies
    box.save(update_fields=["copy_to_self"])
    return box


def set_border(box: Box, authserv_id: str, *, by: User) -> Box:
    """Whose word about senders is taken; '' nobody's but a known service's."""
    may(by)
    box.authserv_id = authserv_id.strip().lower()
    box.save(update_fields=["authserv_id"])
    return box


def set_mode(box: Box, mode: str, *, by: User, at: datetime) -> Box:
    """Only look, answer, or switched off. Raises NoOutgoing."""
    may(by)
    if mode == Box.Mode.ANSWER and not box.smtp_host:
        raise NoOutgoing(
            _("Ящик %(address)s не знает, через какой сервер отправлять.") % {"address": box.address},
            _("Откройте «Сервер исходящих» на его странице: после проверки он начнёт отвечать."),
        )
    with transaction.atomic():
        box.mode = Box.Mode(mode)
        box.save(update_fields=["mode"])
        _tell(box, "box.mode_changed", by=by, at=at, mode=mode)
    return box


def forget(box: Box, *, by: User) -> None:
    """Drop a box that was never connected: it has no letters."""
    may(by)
    Box.objects.filter(pk=box.pk, connected_at=None, envelopes=None).delete()


def _refuse_foreign(box: Box, servers: Servers) -> None:
    """Raises PasswordNeeded when the kept password would go where, or with a name, that it was not typed for."""
    if _is_foreign(box, servers):
        raise PasswordNeeded(
            _("Пароль относится к прежнему серверу: новому мы его не отправим."),
            _("Впишите пароль ещё раз или верните прежние имена, порты и шифрование."),
        )


def _is_foreign(box: Box, servers: Servers) -> bool:
    if not box.secret:
        return False
    kept, own = _kept(box), box.address.lower()
    renamed = (servers.username.strip().lower() or own) != (kept.username.lower() or own)
    return renamed or not (
        _is_same_way(kept.imap, servers.imap, _IMAP_PORTS)
        and _is_same_way(kept.smtp, servers.smtp, _SMTP_PORTS)
    )


_STRENGTH = (Box.Security.NONE, Box.Security.STARTTLS, Box.Security.TLS)
_IMAP_PORTS = {Box.Security.TLS: 993, Box.Security.STARTTLS: 143}
_SMTP_PORTS = {Box.Security.TLS: 465, Box.Security.STARTTLS: 587}


def _is_same_way(kept: Server, wanted: Server, ports: Mapping[Box.Security, int]) -> bool:
    """The same host, port and encryption; or stronger encryption at the usual port of the same host; or nowhere."""
    if not wanted.host.strip():
        return True
    if wanted.host.strip().lower() != kept.host.lower():
        return False
    security = Box.Security(wanted.security)
    if (wanted.port, security) == (kept.port, kept.security):
        return True
    is_stronger = _STRENGTH.index(security) > _STRENGTH.index(Box.Security(kept.security))
    return is_stronger and ports[security] == wanted.port


def _kept(box: Box) -> Servers:
    return Servers(
        Server(box.imap_host, box.imap_port, box.imap_security),
        Server(box.smtp_host, box.smtp_port, box.smtp_security),
        box.username,
    )


def _set(box: Box, servers: Servers) -> None:
    box.imap_host, box.imap_port, box.imap_security = (
        servers.imap.host,
        servers.imap.port,
        servers.imap.security,
    )
    box.smtp_host, box.smtp_port, box.smtp_security = (
        servers.smtp.host,
        servers.smtp.port,
        servers.smtp.security,
    )
    box.username = servers.username


def _sign(box: Box, preset: Preset, secret: str) -> None:
    if secret:
        box.auth, box.secret = Box.Auth.PASSWORD, credentials.seal(secret.strip())
    elif preset.oauth and not box.secret:
        box.auth = Box.Auth.XOAUTH2


def _first_team() -> Team:
    team = Team.objects.order_by("level", "pk").first()
    if team is None:
        raise Refusal(_("В компании пока нет ни одной команды."), _("Заведите её: Настройки → Сотрудники."))
    return team


def _tell(box: Box, word: str, *, by: User, at: datetime, **facts: object) -> None:
    journaling.write(Line(None, word, at, teams=(box.team_id,), by=by, facts={"box": box.pk, **facts}))
