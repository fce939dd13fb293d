"""Every suggestion that the coach gives on the labelled replies, clean sentences, those of claims.txt and all cases.

`suggestions.tsv` holds them with the sentence each makes and a person's verdict: `ok` (correct language, same sense) or
`wrong`. After a change: python -m tests.coach.suggested keeps the verdicts of rows that stay and leaves new ones empty.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import coach_score
from otklik import coach
from otklik.coach.reading import Reading
from tests.coach import cases

FILE = Path(__file__).parent / "suggestions.tsv"
CLEAN = Path(__file__).parent / "clean.txt"
CLAIMS = Path(__file__).parent / "claims.txt"
HEAD = ["verdict", "rule", "words", "suggestion", "sentence"]


@dataclass(frozen=True, order=True)
class Row:
    """One suggestion and what it makes of its sentence."""

    rule: str
    words: str
    suggestion: str
    sentence: str


def rows() -> list[Row]:
    """All suggestions, each once, in order."""
    return sorted({row for reply in _replies() for row in _of(reply)})


def judged() -> dict[Row, str]:
    """The committed file: row → verdict ('' where nobody has read it yet)."""
    with FILE.open(encoding="utf-8", newline="") as opened:
        return {Row(*line[1:]): line[0] for line in csv.reader(opened, dialect="excel-tab") if line != HEAD}


def _replies() -> Iterator[coach.Reply]:
    yield from (coach_score.as_reply(row) for row in coach_score.replies(coach_score.DATA / "dev.jsonl"))
    yield from (
        coach.Reply(line, first=False) for line in CLEAN.read_text(encoding="utf-8").splitlines() if line
    )
    for line in CLAIMS.read_text(encoding="utf-8").splitlines():
        yield coach.Reply(line.split("\t")[1], first=False)
    for lang in cases.FOLDERS:
        for rule in cases.rules(lang):
            for kind in ("positive", "near"):
                yield from (case.reply for case in cases.of(rule, kind, lang))


def _of(reply: coach.Reply) -> Iterator[Row]:
    found = coach.check(reply)
    reading = Reading(reply) if any(one.suggestions for one in found) else None
    for one in found:
        for suggestion in one.suggestions:
            sentence = _sentence(reading, one, suggestion) if reading else ""
            yield Row(one.rule, _line(reply.text[one.start : one.end]), _line(suggestion), sentence)


def _sentence(reading: Reading, one: coach.Finding, suggestion: str) -> str:
    """The sentences that hold the finding, with the suggestion in its place."""
    first = reading.sentence_of(one.start)
    last = reading.sentence_of(max(one.end - 1, one.start))
    text = reading.text
    return _line(text[first.start : one.start] + suggestion + text[one.end : last.end])


def _line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    known = judged() if FILE.exists() else {}
    with FILE.open("w", encoding="utf-8", newline="") as written:
        writer = csv.writer(written, dialect="excel-tab", lineterminator="\n")
        writer.writerow(HEAD)
        for row in rows():
            writer.writerow([known.get(row, ""), row.rule, row.words, row.suggestion, row.sentence])
