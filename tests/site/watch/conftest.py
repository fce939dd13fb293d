"""What a process of ours would write to its log, line by line."""

import io
import json

import pytest

from tests.listening import listening


class Log:
    """What has been written so far."""

    def __init__(self, text: io.StringIO) -> None:
        self.text = text

    def lines(self, message=""):
        """Read as JSON; those of one event, if it is named."""
        lines = [json.loads(line) for line in self.text.getvalue().splitlines()]
        return [line for line in lines if not message or line["message"] == message]


@pytest.fixture
def log():
    with listening("web", form="json") as text:
        yield Log(text)
