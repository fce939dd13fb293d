"""What a process of ours would write to its log, line by line."""

import io
import json
import logging

import pytest
import structlog

from otklik.site import logs


class Log:
    """What has been written so far."""

    def __init__(self) -> None:
        self.text = io.StringIO()

    def lines(self, message=""):
        """Read as JSON; those of one event, if it is named."""
        lines = [json.loads(line) for line in self.text.getvalue().splitlines()]
        return [line for line in lines if not message or line["message"] == message]


@pytest.fixture
def log():
    """pytest's own handlers come back at the end."""
    root = logging.getLogger()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    logs.set_up("web", form="json")
    told, handler = Log(), root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(told.text)
    yield told
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)
