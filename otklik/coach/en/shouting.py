"""CAPITALS for stress, «!!!», «???» (contract: `shouting`)."""

import re
from collections.abc import Iterator

from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Word, finding
from otklik.coach.reply import Finding
from otklik.coach.rules.shouting import REASON_CAPITALS, REASON_MARKS

CODE = "shouting"
_MARKS = re.compile(r"[!?]*(?:!{2,}|\?{2,})[!?]*")
_LONG_RUN = 4  # so many words in capitals one after another are no abbreviations


def find(reading: Reading) -> Iterator[Finding]:
    """A sentence with a stressed word, a run of capitals or repeated marks: one finding a sentence."""
    for sentence in reading.judged_sentences:
        loud = _loud(sentence.words)
        marks = [word for word in sentence.words if word.judged and _MARKS.fullmatch(word.text)]
        if loud:
            yield finding(CODE, (loud[0].start, loud[-1].end), REASON_CAPITALS)
        elif marks:
            yield finding(
                CODE, (marks[0].start, marks[-1].end), REASON_MARKS, suggestions=(marks[0].text[0],)
            )


def _loud(words: tuple[Word, ...]) -> list[Word]:
    """Stressed words: those of the list, and a run of capitals that holds one of them or is long."""
    stressed = frozenset(tables("en_shouting")["stressed"])
    capitals = [word for word in words if word.judged and word.is_word and _is_capital(word.text)]
    known = [word for word in capitals if word.low.replace("’", "'") in stressed]
    return capitals if known or _longest_run(capitals) >= _LONG_RUN else []


def _is_capital(text: str) -> bool:
    return len(text) > 1 and text.isupper() and text.replace("'", "").replace("’", "").isalpha()


def _longest_run(capitals: list[Word]) -> int:
    best = run = 0
    before = None
    for word in capitals:
        run = run + 1 if before is not None and word.at == before + 1 else 1
        best, before = max(best, run), word.at
    return best
