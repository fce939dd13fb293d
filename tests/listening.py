"""What a process of ours would write to its log, in a test's own hands."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from otklik.site import logs


@contextmanager
def listening(part: str = "", *, debug: bool = False, form: str = "") -> Iterator[io.StringIO]:
    """Logs are set up as in a process (logs.set_up) and written here; pytest's own handlers come back at the end."""
    root = logging.getLogger()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    logs.set_up(part, debug=debug, form=form)
    structlog.configure(
        cache_logger_on_first_use=False
    )  # a kept logger would pass by what later tests listen to
    told, handler = io.StringIO(), root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(told)
    try:
        yield told
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**before)
