"""Words of clients and our answers to them as turns, and a life whose answers come at other times. Pure.

A turn: the oldest word that waits → our answer to it, by a person. Answers that nobody asked for, automatic ones and
those to vendors are no turns.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from otklik.sla import _instants
from otklik.sla.course import Fact


class Turn(NamedTuple):
    """Moments in ticks. place: of the request; person: who answered; team and priority as they were then."""

    place: int
    asked: int
    answered: int
    person: int
    team: int
    priority: int


class Moved(NamedTuple):
    """The same turn at other times."""

    asked: int
    answered: int


@dataclass(slots=True)
class _Reading:
    place: int
    asked: int | None = None
    team: int = 0
    priority: int = 1

    def take(self, fact: Fact) -> Turn | None:
        at = _instants.from_datetime(fact.at)
        if fact.word == "team":
            self.team = fact.id
        elif fact.word == "priority":
            self.priority = fact.id
        elif fact.word == "asked" and self.asked is None:
            self.asked = at
        elif fact.word == "ended":
            self.asked = None
        elif fact.word == "answered":
            return self._answered(fact, at)
        return None

    def _answered(self, fact: Fact, at: int) -> Turn | None:
        asked, self.asked = self.asked, None
        if asked is None or not fact.by or at <= asked:
            return None
        return Turn(self.place, asked, at, fact.by, self.team, self.priority)


def of(place: int, facts: Sequence[Fact]) -> Iterator[Turn]:
    """In the order of time."""
    reading = _Reading(place)
    for fact in facts:
        if turn := reading.take(fact):
            yield turn


def moved(facts: Sequence[Fact], turns: Sequence[Turn], to: Sequence[Moved], until: int) -> list[Fact]:
    """The same life with its turns at other times; what would lie after `until` has not happened yet.

    turns: of this life, in order; to: the same ones moved. What comes between a word and its answer keeps its distance
    to the word and never passes the answer; what follows an answer keeps its distance to it.
    """
    found: list[Fact] = []
    asked = [one.asked for one in turns]
    for fact in facts:
        at = _instants.from_datetime(fact.at)
        new = _place(at, bisect_right(asked, at) - 1, turns, to)
        if new <= until:
            found.append(fact if new == at else replace(fact, at=_instants.to_datetime(new)))
    return found


def _place(at: int, turn: int, turns: Sequence[Turn], to: Sequence[Moved]) -> int:
    if turn < 0:
        return at
    was, now = turns[turn], to[turn]
    if at < was.answered:
        return min(now.asked + at - was.asked, now.answered)
    return now.answered + at - was.answered
