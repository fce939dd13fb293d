"""What other people would have changed: answers replayed as a queue of each team. Pure; the same in, the same out.

Nobody notes how long an answer took to write. What can be read is how long a person was taken by it at most: from the
client's word, or from that person's answer before it where that came later, to the answer, in working time. Such times
of one person never overlap, so they fit into what these people had; they hold all else that kept them busy as well.

Words come when they came. The urgent are answered first, then the oldest, by whoever of the team is free; a week has as
many people as answered in it, and so many more or fewer. A client writes on as long after our answer as they did.
"""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from otklik.sla._table import DAY_S, TICKS
from otklik.sla.replay.grid import Line
from otklik.sla.replay.turns import Moved, Turn

LEAST: Final = 60 * TICKS  # that an answer takes
_WEEK: Final = 7 * DAY_S * TICKS
_MONDAY: Final = 4 * DAY_S * TICKS  # 1970-01-05


def handling(turns: Sequence[Turn], line: Line) -> list[int]:
    """How long each turn took its person at most, in ticks of work."""
    found, before = [LEAST] * len(turns), dict[int, int]()
    for place in sorted(range(len(turns)), key=lambda one: (turns[one].answered, one)):
        one = turns[place]
        since = max(one.asked, before.get(one.person, 0))
        found[place] = max(line.work(one.answered) - line.work(since), LEAST)
        before[one.person] = one.answered
    return found


def people(turns: Sequence[Turn]) -> dict[tuple[int, int], int]:
    """(team, week) → how many people answered in it."""
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for one in turns:
        found[one.team, _week(one.answered)].add(one.person)
    return {key: len(some) for key, some in found.items()}


@dataclass(slots=True)
class _Team:
    """The words that wait, (importance, asked, turn), and how many people are taken."""

    id: int
    waiting: list[tuple[int, int, int]] = field(default_factory=list)
    busy: int = 0
    last: int = 1  # people of the last week that had any


@dataclass(slots=True)
class Queue:
    """One replay. line: when people work; counts: people by team and week; more: so many more, or fewer (< 0)."""

    turns: Sequence[Turn]
    took: Sequence[int]
    line: Line
    counts: Mapping[tuple[int, int], int]
    more: int = 0
    _events: list[tuple[int, int, int]] = field(default_factory=list)  # (at, 1 asked | 0 answered, turn)
    _teams: dict[int, _Team] = field(default_factory=dict)
    _moved: dict[int, Moved] = field(default_factory=dict)
    _asked: dict[int, int] = field(default_factory=dict)

    def run(self) -> list[Moved]:
        """Each turn's new times, in the order of the turns. turns: those of a request one after another, by time."""
        for place, one in enumerate(self.turns):
            if not place or self.turns[place - 1].place != one.place:
                heapq.heappush(self._events, (one.asked, 1, place))
        while self._events:
            at, is_word, place = heapq.heappop(self._events)
            team = self._team(self.turns[place].team)
            if is_word:
                self._asked[place] = at
                heapq.heappush(team.waiting, (-self.turns[place].priority, at, place))
            else:
                team.busy -= 1
                self._follow(place, at)
            self._begin(team, at)
        return [self._moved[place] for place in range(len(self.turns))]

    def _team(self, pk: int) -> _Team:
        if pk not in self._teams:
            self._teams[pk] = _Team(pk)
        return self._teams[pk]

    def _follow(self, place: int, at: int) -> None:
        """The client writes on."""
        self._moved[place] = Moved(self._asked[place], at)
        later = place + 1
        if later < len(self.turns) and self.turns[later].place == self.turns[place].place:
            pause = max(self.turns[later].asked - self.turns[place].answered, 0)
            heapq.heappush(self._events, (at + pause, 1, later))

    def _begin(self, team: _Team, at: int) -> None:
        while team.waiting and team.busy < self._people(team, at):
            _rank, _asked, place = heapq.heappop(team.waiting)
            team.busy += 1
            done = self.line.reached(self.line.work(at) + self.took[place])
            heapq.heappush(self._events, (max(done, at + 1), 0, place))

    def _people(self, team: _Team, at: int) -> int:
        team.last = self.counts.get((team.id, _week(at)), team.last)
        return max(team.last + self.more, 1)


def _week(at: int) -> int:
    return (at - _MONDAY) // _WEEK
