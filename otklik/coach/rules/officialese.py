"""Set words and phrases of official style, each with plain words instead (contract: `officialese`)."""

from collections.abc import Iterator

from otklik.coach import plainer
from otklik.coach.phrases import phrases, tables
from otklik.coach.reading import Reading, finding
from otklik.coach.reply import Finding

CODE = "officialese"


def find(reading: Reading) -> Iterator[Finding]:
    """One finding a phrase; the words that only look so are left alone (`plainer`)."""
    reasons = tables(CODE)["reasons"]
    for match in phrases(CODE).find(reading):
        turned = plainer.turn(match, reading.text)
        if turned:
            reason = reasons[match.phrase.reason or "default"]
            yield finding(CODE, (turned.start, turned.end), reason, suggestions=turned.suggestions)
