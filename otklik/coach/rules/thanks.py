"""Our first message neither thanks nor closes warmly (contract: `thanks`)."""

from collections.abc import Iterator

from otklik.coach import opening
from otklik.coach.phrases import Match, phrases, tables
from otklik.coach.reading import WHOLE, Reading, finding
from otklik.coach.reply import Finding, Reply

CODE = "thanks"
REASON = "Ответ обрывается сухо: поблагодарите клиента или тепло попрощайтесь, хватит двух слов."


def find(reading: Reading) -> Iterator[Finding]:
    """One finding about the whole of a first reply without a warm word."""
    says_something = any(word.judged and word.is_word for word in reading.words)
    if not reading.reply.first or not says_something:
        return
    if not _is_warm(reading) and not _is_warm_after_signature(reading):
        yield finding(CODE, WHOLE, REASON)


def _is_warm(reading: Reading) -> bool:
    hearts = tables("thanks")["hearts"]
    if any(word.text in hearts for word in reading.words if not word.is_word):
        return True
    if next(phrases("thanks", "warm").find(reading), None):
        return True
    greeted = opening.greeting(reading) or ()
    return any(_is_wish(match, greeted) for match in phrases("thanks", "wish").find(reading))


def _is_wish(match: Match, greeted: tuple[object, ...]) -> bool:
    """A wish opens its clause; «Доброго дня» at the start of a reply is its greeting."""
    first = match.words[0]
    if first in greeted:
        return False
    before = [word for word in match.sentence.words if word.end <= first.start]
    return not before or not before[-1].is_word or before[-1].low in tables("thanks")["before_a_wish"]


def _is_warm_after_signature(reading: Reading) -> bool:
    """«С уважением, Анна» and under it «Хорошего дня!»: the signature isn't judged, its warmth counts."""
    under = reading.text[reading.body_end :].partition("\n")[2]
    return bool(under.strip()) and _is_warm(Reading(Reply(under)))
