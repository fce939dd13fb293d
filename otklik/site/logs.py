"""Logs of all roles: one line an event on standard error, fields after it; a terminal gets colours."""

from __future__ import annotations

import logging
import re
import sys

import structlog
from structlog.typing import Processor

from otklik.site.logwords import without_people

# Django writes the path of every answer from 400 on; these paths are keys (accounts.links, accounts.invitations)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")  # a line end is written as \n by itself
_KEYS = re.compile(r"(/r/\d+-|/password/)[^\s\"']+")


def set_up(*, debug: bool = False) -> None:
    """Send structlog and the logs of the libraries the same way. Call once, first thing in a process."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_last_steps())
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    for name in ("procrastinate", "asyncio", "django.db.backends", "mail.log"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _last_steps() -> list[Processor]:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if sys.stderr.isatty():
        return [drop, _without_keys, _one_line_exception, without_people, structlog.dev.ConsoleRenderer()]
    line = structlog.processors.LogfmtRenderer(
        key_order=["timestamp", "level", "logger", "event"], bool_as_flag=False
    )
    return [drop, _without_keys, _one_line_exception, without_people, _inert, line]


def _without_keys(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Whoever reads a log must not be able to write as a client, nor set a colleague's password."""
    event["event"] = _KEYS.sub(r"\1…", str(event["event"]))
    return event


def _inert(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """No word from outside begins a line of its own or paints the terminal of whoever reads."""
    return {name: _CONTROL.sub("?", one) if isinstance(one, str) else one for name, one in event.items()}


def _one_line_exception(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """A traceback stays on the line of its event: a log is read by grep."""
    structlog.processors.format_exc_info(_logger, _method, event)
    return event
