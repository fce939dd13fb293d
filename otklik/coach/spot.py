"""One phrase of official style found in a reply, with its sentence: what the ways of turning it are given."""

from dataclasses import dataclass
from typing import Any

from otklik.coach.phrases import Match
from otklik.coach.reading import Word
from otklik.coach.turning import Turned

CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")


@dataclass(frozen=True, slots=True)
class Spot:
    """`words[begin:end]` of the sentence is the phrase. text: the reply."""

    match: Match
    text: str

    @property
    def words(self) -> tuple[Word, ...]:
        return self.match.sentence.words

    @property
    def begin(self) -> int:
        return self.match.words[0].at - self.words[0].at

    @property
    def end(self) -> int:
        return self.begin + len(self.match.words)

    @property
    def first(self) -> Word:
        return self.match.words[0]

    @property
    def last(self) -> Word:
        return self.match.words[-1]

    @property
    def more(self) -> dict[str, Any]:  # the keys of the list's entry that only its way knows
        return self.match.phrase.more

    @property
    def instead(self) -> tuple[str, ...]:
        return self.match.phrase.instead

    def turned(self, *suggestions: str) -> Turned:
        """The phrase alone with what may stand there."""
        return Turned(*self.match.place, suggestions)
