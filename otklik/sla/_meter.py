"""One clock while its request lives: stretches that count and stretches that don't. Times in ticks (see `_table`)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from otklik.sla._table import TICKS
from otklik.sla._times import Times
from otklik.sla.terms import Kind, Reason

if TYPE_CHECKING:
    from otklik.sla.course import Rules

Why: TypeAlias = Literal["work", "client", "vendor", "ended", "away", "lost"]
COUNTS: Final = "work"
PAUSES: Final[tuple[Reason, ...]] = ("client", "vendor")


@dataclass(frozen=True, slots=True)
class Stretch:
    """`counted` of [since, until) by `times`; 0 unless `why` is "work". goal: the target at its end."""

    since: int
    until: int
    why: Why
    counted: int
    times: Times
    goal: int | None


class Meter:
    """Counts one cycle of one kind. goal: in ticks, None where these terms promise nothing (it counts all the same).

    returns: of a level, how often the request came back. ended: since when it stands still for good, or until a
    reopening; void: judged neither way. answered: what ended it was our answer, whatever it is judged by.
    """

    __slots__ = (
        "answered", "changed", "cycle", "done", "ended", "goal", "kind", "late", "level", "returns", "rules", "since",
        "started", "stretches", "team", "version", "void", "why",
    )  # fmt: skip

    def __init__(self, kind: Kind, cycle: int, at: int, *, team: int | None = None, level: int = 0) -> None:
        self.kind, self.cycle, self.team, self.level = kind, cycle, team, level
        self.started = self.since = self.changed = at
        self.why: Why = COUNTS
        self.stretches: list[Stretch] = []
        self.done = 0  # counted in the stretches
        self.returns, self.version = 0, 0
        self.goal: int | None = None
        self.rules: Rules
        self.ended: int | None = None
        self.void = self.late = self.answered = False

    def set(self, version: int, rules: "Rules", priority: int, at: int) -> None:
        """From now on by these terms; start, elapsed time and pauses stay. A shorter target leaves `grace_s`."""
        if self.version:
            self._close(at)
        goal = rules.terms.target(self.kind, priority, self.level)
        former, self.version, self.rules = self.goal, version, rules
        self.goal = None if goal is None else goal * TICKS
        grace = rules.terms.grace_s * TICKS
        if self.goal is not None and former and grace and self.goal < former:
            # never later than it was: what was late already stays so
            self.goal = max(self.goal, min(former, self.elapsed(at) + grace))
        self.changed = at

    def turn(self, why: Why, at: int) -> None:
        """From now on this counts, or this is why nothing does."""
        if why != self.why:
            self._close(at)
            self.why, self.changed = why, at

    def end(self, at: int, *, why: Why = "ended", void: bool = False) -> None:
        """void: nobody waits for it any more. What was late by then stays a miss all the same."""
        due = self.due(at)
        self.late = due is not None and (at > due or self.elapsed(at) > (self.goal or 0))
        self.void = void and not self.late
        self.turn(why, at)
        self.ended = self.changed = at

    def forget(self, at: int) -> None:
        """Judged neither way, whatever it shows: spam."""
        self.end(at)
        self.void, self.late = True, False

    def reopen(self, why: Why, at: int) -> None:
        """Goes on; the time since its end counts like a pause."""
        self.ended, self.void, self.late, self.answered = None, False, False, False
        self.turn(why, at)

    def elapsed(self, at: int) -> int:
        return self.done + (self.rules.times.between(self.since, at) if self.why == COUNTS else 0)

    def due(self, at: int) -> int | None:
        """When its target was or will be reached; None without one. Raises NoWorkingTime."""
        return None if self.goal is None else self.when(self.goal, at)

    def when(self, left: int, at: int) -> int:
        """When so much had elapsed, or will have if it goes on from `at` (W⁻¹). Raises NoWorkingTime."""
        if self.done < left:
            return self.rules.times.add(self.since if self.why == COUNTS else at, left - self.done)
        for one in self.stretches:
            if one.counted and left <= one.counted:
                return one.times.add(one.since, left)
            left -= one.counted
        return at

    @property
    def is_past(self) -> bool:
        """Of a paused one: whether its due time passed while it still counted."""
        if self.goal is None or self.done < self.goal:
            return False
        last = max((one.until for one in self.stretches if one.counted or one.why == COUNTS), default=0)
        due = self.due(last)
        return due is not None and due < last

    def _close(self, at: int) -> None:
        if at > self.since:
            counted = self.rules.times.between(self.since, at) if self.why == COUNTS else 0
            self.stretches.append(Stretch(self.since, at, self.why, counted, self.rules.times, self.goal))
            self.done += counted
        self.since = at
