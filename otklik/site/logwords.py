"""Nothing of a client's in a log (design §10): ids tell what a line is about, an address or a text never does.

The lines themselves are worded so; this is the net under what libraries and the database put into exceptions.
"""

import re

from structlog.typing import EventDict

ADDRESS = re.compile(r"[^\s<>\"'(),;:=\[\]]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
# PostgreSQL shows the values of the row that it refused, over as many lines as they have
_VALUES = re.compile(
    r"\n(?:DETAIL|CONTEXT|QUERY|STATEMENT):.*?(?=\n\n|\n  File |\nThe above|\nDuring|\nTraceback|\Z)",
    re.DOTALL,
)
SIGN = "…@…"


def without_people(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A step of structlog: addresses and values out of every text of the line, its exception included."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = cleaned(value)
        elif isinstance(value, BaseException):
            event[name] = cleaned(f"{type(value).__name__}: {value}")
    return event


def cleaned(text: str) -> str:
    return ADDRESS.sub(SIGN, _VALUES.sub("", text)) if "@" in text or "%40" in text or ":" in text else text
