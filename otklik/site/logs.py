"""Logs of all roles: one event a line on standard error, JSON for programs, plain text on a terminal.

Fields: time (UTC), level, logger, message, process (web, live, worker, intake), then what the event says of itself:
trace_id, request_id (of the proxy), user_id, ticket (its number), duration_ms. Never words or addresses of people.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from otklik.site.logwords import without_people

# Django writes the path of every answer from 400 on; these paths are keys (accounts.links, accounts.invitations)
_KEYS = re.compile(r"(/r/\d+-|/password/)[^\s\"']+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_FIRST = ("time", "level", "logger", "message", "process")
# what the page server says goes through our handler too
THROUGH_US: dict[str, Any] = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}
_part = ""


def set_up(part: str = "", *, debug: bool = False, form: str = "") -> None:
    """Send structlog and the logs of the libraries the same way. Call once, first thing in a process.

    part: the word of this process; form: json, text, or '' for text on a terminal and JSON elsewhere (OTKLIK_LOG).
    """
    global _part  # noqa: PLW0603 - one word a process, said once
    _part = part
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_last_steps(form))
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    logging.getLogger("django.request").setLevel(logging.ERROR)  # our own line of each request tells the rest
    for name in ("procrastinate", "asyncio", "django.db.backends", "mail.log"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _last_steps(form: str) -> list[Processor]:
    steps: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        _named,
        _without_keys,
        without_people,
        _inert,
    ]
    if form == "text" or (not form and sys.stderr.isatty()):
        colours = sys.stderr.isatty()
        return [*steps, structlog.dev.ConsoleRenderer(
            colors=colours, timestamp_key="time", exception_formatter=structlog.dev.plain_traceback,
        )]  # fmt: skip
    return [*steps, _line]


def _named(_logger: object, _method: str, event: EventDict) -> EventDict:
    event["process"] = _part
    return event


def _without_keys(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Whoever reads a log must not be able to write as a client, nor set a colleague's password."""
    for name, value in event.items():
        if isinstance(value, str) and "/" in value:
            event[name] = _KEYS.sub(r"\1…", value)
    return event


def _inert(_logger: object, _method: str, event: EventDict) -> EventDict:
    """No word from outside begins a line of its own or paints the terminal of whoever reads."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _CONTROL.sub("?", value if name == "exception" else value.replace("\n", "\\n"))
    return event


def _line(_logger: object, _method: str, event: EventDict) -> str:
    event["message"] = event.pop("event")
    ordered = {name: event.pop(name) for name in _FIRST if name in event}
    return json.dumps({**ordered, **event}, ensure_ascii=False, default=str)
