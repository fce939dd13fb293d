"""The coach against labelled replies: found n of m, false k, by the matching of `coach_data/README.md`."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from otklik import coach

DATA = Path(__file__).parent / "coach_data"
Label = dict[str, Any]  # one finding as the file has it


@dataclass
class Score:
    """Counts of one rule over all replies; `missed` and `false` say where, for the one who mends the rule."""

    labelled: int = 0
    found: int = 0
    right: int = 0  # of what the coach said, what was labelled
    dues: int = 0
    dues_right: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    wrong_due: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        said = self.right + len(self.false)
        return self.right / said if said else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.labelled if self.labelled else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def replies(path: Path) -> list[dict[str, Any]]:
    """The labelled replies of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def as_reply(row: dict[str, Any]) -> coach.Reply:
    """The input of one labelled reply."""
    return coach.Reply(
        text=row["text"],
        first=row["first"],
        our_fault=row["our_fault"],
        client_text=row["client_text"],
        complaint=row["complaint"],
        now=datetime.fromisoformat(row["now"]),
        lang=row.get("lang", "ru"),
    )


def score(rows: Iterable[dict[str, Any]]) -> dict[str, Score]:
    """Scores by rule, in the order of the contract."""
    scores = {code: Score() for code in coach.CODES}
    for row in rows:
        said = coach.check(as_reply(row))
        for code, one in scores.items():
            _count(one, row, code, [finding for finding in said if finding.rule == code])
    return scores


def _count(score: Score, row: dict[str, Any], code: str, said: list[coach.Finding]) -> None:
    labels = [label for label in row["findings"] if label["rule"] == code]
    maybe = [label for label in row["maybe"] if label["rule"] == code]
    score.labelled += len(labels)
    for label in labels:
        partner = next((one for one in said if _meets(one, label)), None)
        if partner is None:
            score.missed.append(f"{row['id']} {label['span'] or 'весь текст'}")
            continue
        score.found += 1
        if code == "promise":
            _count_due(score, row, label, partner)
    for one in said:
        if any(_meets(one, label) for label in labels):
            score.right += 1
        elif not any(_meets(one, label) for label in maybe):
            score.false.append(f"{row['id']} {row['text'][one.start : one.end] or 'весь текст'}")


def _count_due(score: Score, row: dict[str, Any], label: Label, said: coach.Finding) -> None:
    due = said.promise.due if said.promise else None
    wanted = datetime.fromisoformat(label["due"]) if label["due"] else None
    score.dues += 1
    if due == wanted:
        score.dues_right += 1
    else:
        score.wrong_due.append(f"{row['id']} {label['span']}: {due}, not {wanted}")


def _meets(said: coach.Finding, label: Label) -> bool:
    """Place agrees when the overlap is at least half of either span; two about the whole text always agree."""
    start, end = int(label["start"]), int(label["end"])
    if not end or not said.end:
        return end == said.end
    overlap = min(said.end, end) - max(said.start, start)
    shorter = min(said.end - said.start, end - start)
    return overlap > 0 and overlap * 2 >= shorter


def table(scores: dict[str, Score]) -> Iterator[str]:
    """A line a rule, then what was missed and what was false."""
    for code, one in scores.items():
        due = f", due {one.dues_right} of {one.dues}" if one.dues else ""
        yield (
            f"{code:<14} found {one.found:>3} of {one.labelled:>3}, false {len(one.false):>2}"
            f"   P {one.precision:.2f} R {one.recall:.2f}{due}"
        )
    counts = Counter({"missed": 0, "false": 0, "due": 0})
    for code, one in scores.items():
        for kind, places in (("missed", one.missed), ("false", one.false), ("due", one.wrong_due)):
            counts[kind] += len(places)
            yield from (f"  {kind:<6} {code:<12} {place}" for place in places)
    yield ", ".join(f"{kind} {count}" for kind, count in counts.items())
