"""What a person who helps with a mailbox has to know, in one piece to copy: no password, no words of letters."""

import importlib.metadata
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from otklik.channels.email import presets
from otklik.channels.models import Box


def words(box: Box, *, what: str, why: str = "", said: str = "", at: datetime) -> str:
    """Lines «name: value». what: what went wrong; why: in our words; said: the server's own; at: when it happened."""
    facts = (
        (_("Отклик"), importlib.metadata.version("otklik")),
        (_("Ящик"), f"{box.address} ({presets.by_key(box.preset).name})"),
        (_("Чтение"), _server(box.imap_host, box.imap_port, box.imap_security)),
        (_("Отправка"), _server(box.smtp_host, box.smtp_port, box.smtp_security)),
        (_("Вход"), f"{box.username or box.address}, {box.get_auth_display()}"),
        (_("Когда"), at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")),
        (_("Что вышло"), what),
        (_("Почему"), why),
        (_("Ответ сервера"), said),
    )
    return "\n".join(f"{name}: {value}" for name, value in facts if value)


def _server(host: str, port: int | None, security: str) -> str:
    return f"{host}:{port} {security}" if host else ""
