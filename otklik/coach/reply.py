"""What the coach is given and what it gives back. Shapes: the contract of the reply coach (R-B1, R-B12)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Severity = Literal["error", "warning", "hint"]
Language = Literal["ru", "en"]

# how grave a rule's finding is unless the rule itself says less: trust, then work for the reader, then taste
SEVERITY: dict[str, Severity] = {
    "greeting": "warning",
    "address": "warning",
    "passive": "warning",
    "officialese": "warning",
    "nominal": "warning",
    "unexplained": "warning",
    "refusal": "error",
    "next-step": "warning",
    "apology": "error",
    "thanks": "warning",
    "vague": "warning",
    "lecture": "warning",
    "blame": "error",
    "negative": "warning",
    "price": "warning",
    "template": "warning",
    "off-question": "warning",
    "shouting": "warning",
    "rude": "error",
    "dissuade": "error",
    "long": "warning",
    "promise": "hint",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of a service person, as the client would read it, and what is known of the matter.

    now: aware; None where nobody said, then promises have no due time. our_fault: None where it isn't known.
    """

    text: str
    first: bool = True
    our_fault: bool | None = None
    client_text: str | None = None
    complaint: bool = False
    now: datetime | None = None
    lang: Language = "ru"


@dataclass(frozen=True, slots=True)
class Promised:
    """What a promise commits to. who: «мы», «я», a role or a name, None when the words hide it; due: aware."""

    what: str
    who: str | None
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that would hurt the client: `text[start:end]`, or (0, 0) for the reply as a whole.

    reason: one plain sentence to the writer. suggestions: ready replacements for exactly that place.
    """

    rule: str
    start: int
    end: int
    severity: Severity
    reason: str
    suggestions: tuple[str, ...] = ()
    promise: Promised | None = None

    def as_json(self) -> dict[str, object]:
        """The finding in the contract's fields; `promise` adds what, who and due (ISO 8601 or None)."""
        found: dict[str, object] = {
            "rule": self.rule,
            "start": self.start,
            "end": self.end,
            "severity": self.severity,
            "reason": self.reason,
            "suggestions": list(self.suggestions),
        }
        if self.promise:
            due = self.promise.due
            found |= {
                "what": self.promise.what,
                "who": self.promise.who,
                "due": due.isoformat() if due else None,
            }
        return found


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A team's own entry: words it doesn't want (the notation of `phrases`), what to say instead, and why."""

    say: str
    instead: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class House:
    """The house style of a team (R-B13): rules it switched off, its own words, when it apologises.

    apologise: "fault" when the fault is ours or the text admits it (the contract's rule), "known" only when the
    request says that the fault is ours, "never" where the team leaves it to the person.
    """

    off: frozenset[str] = frozenset()
    words: Sequence[OwnWords] = field(default=())
    apologise: Literal["fault", "known", "never"] = "fault"
