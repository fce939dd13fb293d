"""One name for everything that a request to us sets going: its trace, in log lines, rows, jobs and on error pages.

32 hexadecimal digits, as W3C Trace Context has them (https://www.w3.org/TR/trace-context/).
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from structlog import contextvars

_HEADER = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")
_OURS = re.compile(r"[0-9a-f]{32}")
_FIELD = "trace_id"


def new() -> str:
    return secrets.token_hex(16)


def continued(traceparent: str) -> str:
    """The trace that a header `traceparent` names; '' when it names none (section 3.2 of the recommendation)."""
    found = _HEADER.fullmatch(traceparent.strip())
    if not found or found[1] == "ff" or (found[1] == "00" and found[4]):
        return ""
    return found[2] if found[2].strip("0") and found[3].strip("0") else ""


def current() -> str:
    """The trace of what is being done in this thread; '' outside of any."""
    return str(contextvars.get_contextvars().get(_FIELD, ""))


def bind(**facts: object) -> None:
    """Facts that every line of this trace says from here on: user_id, ticket."""
    contextvars.bind_contextvars(**facts)


@contextmanager
def of(trace: str, **facts: object) -> Iterator[str]:
    """Everything inside belongs to this trace; one that is none of ours begins a new one."""
    name = trace if _OURS.fullmatch(trace) else new()
    before = contextvars.get_contextvars()
    contextvars.clear_contextvars()
    contextvars.bind_contextvars(**{_FIELD: name, **facts})
    try:
        yield name
    finally:
        contextvars.clear_contextvars()
        contextvars.bind_contextvars(**before)
