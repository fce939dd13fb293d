"""A complaint talked down: doubted, called useless, asked back (contract: `dissuade`)."""

from collections.abc import Iterator

from otklik.coach import tone
from otklik.coach.reading import Reading
from otklik.coach.reply import Finding

CODE = "dissuade"
_WONDERS = frozenset({"почему", "зачем", "доколе"})  # «почему курьер нахамил?» complains


def find(reading: Reading) -> Iterator[Finding]:
    """Sentences that talk a client out of a complaint; most of them only where the request is one."""
    only_asks = _only_asks(reading)
    for _, hits in tone.said(reading, CODE):
        yield from tone.joined(CODE, [hit for hit in hits if not (only_asks and hit.kind == "praise")])


def _only_asks(reading: Reading) -> bool:
    """«Когда приедет мастер?»: nobody is complained of, so praise of our people doubts nobody."""
    client = reading.client
    if client is None or not client.sentences:
        return False
    if any(word.low in _WONDERS for word in client.words):
        return False
    return all(one.is_question for one in client.sentences)
