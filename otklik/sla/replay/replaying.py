"""History gone through slice by slice: the tapes of what was and of what would have been, and their comparison.

Loads numpy. What is kept of 50,000 requests are columns: some 40 MB; facts are read by the slice and dropped.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NotRequired, Protocol, TypedDict

from otklik.sla import _instants, calendars, policies, timetables
from otklik.sla._table import DAY_S, TICKS
from otklik.sla._times import Times
from otklik.sla.course import Fact, Policy
from otklik.sla.facts import facts_of
from otklik.sla.replay import counting, judging, queueing, turns, wishing
from otklik.sla.replay.counting import Side
from otklik.sla.replay.grid import Grid, Line
from otklik.sla.replay.tapes import Recorder, Tape
from otklik.sla.replay.turns import Moved, Turn
from otklik.sla.replay.wishing import Wish
from otklik.sla.terms import KINDS
from otklik.sla.worktime import Hours

SEED: Final = 20_261_122
_AHEAD: Final = 5 * 366 * DAY_S * TICKS  # a queue that grows beyond that is as good as endless


class People(TypedDict):
    """The queue behind an answer. fit: kind → [share as it was, share by the queue as it was]; median_s: handling."""

    turns: int
    now: float
    then: float
    median_s: int
    fit: dict[str, list[float]]


class Whole(counting.Answer):
    """people: only where answers were moved."""

    people: NotRequired[People]


class Slices(Protocol):
    """running.Progress: tells how far it is, and ends it where somebody stopped it."""

    def slices(self, ids: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]: ...


def answer(ids: Sequence[int], wish: Wish, at: datetime, progress: Slices) -> counting.Answer:
    """ids: the requests; at: nothing later is known. The same ids, wish and moment give the same answer."""
    run = _Run(ids, wish, at, progress)
    was = run.record()
    here = Side(was, judging.judge(was, run.policy))
    if not wish.moves_answers:
        there = Side(was, judging.judge(was, run.wished(run.policy)))
        return counting.answer(here, there, ids, seed=SEED)
    return run.with_people(here)


class _Run:
    def __init__(self, ids: Sequence[int], wish: Wish, at: datetime, progress: Slices) -> None:
        self._ids, self._wish, self._at, self._progress = ids, wish, at, progress
        self._turns: list[Turn] = []
        self.policy = Policy({}, {})

        self._calendar = _hours(wish, at)

    def wished(self, policy: Policy) -> Policy:
        return wishing.changed(policy, self._wish, self._calendar, self._at)

    def record(self) -> Tape:
        """What was; and, where answers are to move, the turns."""
        recorder = Recorder(self._at, self.wished)
        for place, facts in self._lives():
            recorder.take(place, facts, self.policy)
            if self._wish.moves_answers:
                self._turns += turns.of(place, facts)
        return recorder.tape()

    def with_people(self, actual: Side) -> Whole:
        """Both sides by the queue: as people were, and as they would be."""
        took = queueing.handling(self._turns, self._line(follows=False))
        counts = queueing.people(self._turns)
        now = queueing.Queue(self._turns, took, self._line(follows=False), counts).run()
        then_line = self._line(follows=self._wish.follow)
        then = queueing.Queue(self._turns, took, then_line, counts, self._wish.more).run()
        before, after = self._rerecord(now, then)
        told = counting.answer(before, after, self._ids, seed=SEED)
        whole: Whole = {**told, "people": self._people(took, counts, actual, before)}
        return whole

    def _rerecord(self, now: Sequence[Moved], then: Sequence[Moved]) -> tuple[Side, Side]:
        spans = _spans(self._turns)
        until = _instants.from_datetime(self._at)
        recorders = Recorder(self._at, self.wished), Recorder(self._at, self.wished)
        for place, facts in self._lives():
            start, end = spans.get(place, (0, 0))
            for recorder, to in zip(recorders, (now, then), strict=True):
                life = turns.moved(facts, self._turns[start:end], to[start:end], until)
                recorder.take(place, life, self.policy)
        before, after = (one.tape() for one in recorders)
        return Side(before, judging.judge(before, self.policy)), Side(
            after, judging.judge(after, self.wished(self.policy))
        )

    def _lives(self) -> Iterator[tuple[int, list[Fact]]]:
        """(place, facts until the moment) of each request that something binds."""
        for start, part in self._progress.slices(self._ids):
            told = facts_of(part)
            found = policies.of(told.values())
            self.policy = Policy({**self.policy.versions, **found.versions}, found.levels)
            for place, pk in enumerate(part, start):
                if pk in told:
                    yield place, [fact for fact in told[pk] if fact.at <= self._at]

    def _line(self, *, follows: bool) -> Line:
        """When people work: by the company's calendar, or by the wished hours."""
        times = Times(calendars.of_default())
        if follows:
            times = wishing.times(times, self._wish, self._calendar, self._at, {})
        since = min((one.asked for one in self._turns), default=0)
        return Line(Grid.of(times, since, _instants.from_datetime(self._at) + _AHEAD))

    def _people(
        self, took: Sequence[int], counts: Mapping[tuple[int, int], int], actual: Side, model: Side
    ) -> People:
        mean = sum(counts.values()) / len(counts) if counts else 0.0
        then = sum(max(one + self._wish.more, 1) for one in counts.values()) / len(counts) if counts else 0.0
        was, now = (_kept(side) for side in (actual, model))
        return People(
            turns=len(self._turns), now=round(mean, 2), then=round(then, 2),
            median_s=sorted(took)[len(took) // 2] // TICKS if took else 0,
            fit={kind: [was[kind], now[kind]] for kind in KINDS if kind in was and kind in now},
        )  # fmt: skip


def _hours(wish: Wish, at: datetime) -> Hours | None:
    """Of the calendar that the wish names."""
    if wish.calendar is None:
        return None
    return timetables.hours_at(calendars.timetable(wish.calendar), at)


def _spans(told: Sequence[Turn]) -> dict[int, tuple[int, int]]:
    """Place of a request → where its turns begin and end."""
    counts = Counter(one.place for one in told)
    found: dict[int, tuple[int, int]] = {}
    start = 0
    for place, count in counts.items():  # in the order of their first turns
        found[place] = start, start + count
        start += count
    return found


def _kept(side: Side) -> dict[str, float]:
    """Kind → the share kept."""
    found = {}
    for place, kind in enumerate(KINDS):
        verdict = side.judged.verdict[side.tape.kind == place]
        judged = int((verdict != judging.NONE).sum())
        if judged:
            found[str(kind)] = round(int((verdict == judging.KEPT).sum()) / judged, 4)
    return found
