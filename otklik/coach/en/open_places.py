"""Places that an English template left open: those of `placeholders`, and «[PATIENT NAME]», «Dear Name», «Hi ,»."""

import re

from otklik.coach import placeholders
from otklik.coach.reading import Reading

_SLOT = (
    r"name|surname|date|number|no|amount|time|address|insert|customer|client|patient|guest|member|tenant|student|passenger|company|agent"
    r"|product|item|order|reference|ref|details?|link|email|phone|city|day|month|price|sum|title|signature|reason|department|branch|model"
)
_PATTERN = re.compile(
    rf"""
    \[(?=[^\[\]\n]{{0,40}}\b(?i:{_SLOT})s?\b)[^\[\]\n@=]{{2,60}}\](?!\()
  | \[[A-Z][A-Z\ _/'’-]{{2,40}}\](?!\()
  | <(?=[^<>\n]{{0,40}}\b(?i:{_SLOT})\b)[^<>\n@=/]{{2,60}}>
  | (?<=\bDear\ )(?i:customer\ name|first\ ?name|last\ ?name|client\ name|name
      |\((?:name|customer|client|surname)\)|xx+|mr/mrs|mr/ms)(?=\s?[,!:\n])
  | (?<!\w)(?:Dear|Hi|Hello|Hey)\ [,!](?=\s)
  | \b(?:INSERT|ENTER|ADD)\ [A-Z]{{2,20}}(?:\ [A-Z]{{2,20}})?\ HERE\b
  | \b(?:TBC|TBD|XX+)(?=\ (?:days?|hours?|pounds|euros?|dollars|am|pm)\b)
  | (?<=[£$€])(?:X{{1,6}}|x{{2,6}}|_{{2,6}})(?:\.[Xx]{{2}})?\b
    """,
    re.VERBOSE,
)


def find(reading: Reading) -> list[tuple[int, int]]:
    """Places left open outside quotes, code and the signature, in order; they don't overlap."""
    hidden = [(word.start, word.end) for word in reading.words if not word.judged]
    found: list[tuple[int, int]] = []
    for start, end in sorted(
        {*placeholders.find(reading.text), *(one.span() for one in _PATTERN.finditer(reading.text))}
    ):
        if found and start < found[-1][1]:
            continue
        if not any(first < end and start < past for first, past in hidden):
            found.append((start, end))
    return found
