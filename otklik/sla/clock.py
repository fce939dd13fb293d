"""One clock of a request: what it shows after each step of its life. A pure function of the steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from otklik.sla import _instants
from otklik.sla._errors import BadSteps
from otklik.sla._instants import Instant

if TYPE_CHECKING:
    from otklik.sla.worktime import Hours

Event: TypeAlias = Literal["start", "pause", "resume", "target", "hours", "resolve", "reopen"]
EVENTS: tuple[Event, ...] = get_args(Event)


@dataclass(frozen=True, slots=True)
class Step:
    """`start` and `target` carry `target`, in working seconds; `hours` carries the new `hours`."""

    at: Instant
    event: Event
    target: float | None = None
    hours: "Hours | None" = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock shows at the instant of a step.

    elapsed: working seconds outside pauses, an int when whole. due: None while paused; of a resolved clock the
    instant by which it was judged. breached: `elapsed` is over the target, or the clock was resolved after `due`.
    """

    elapsed: float
    due: Instant | None
    breached: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of the clock's life without a pause, by one calendar; `worked` in ticks."""

    begin: int
    worked: int
    hours: "Hours"


class Clock:
    """Fed step by step; `take` answers with the reading.

    The time between `resolve` and `reopen` counts like a pause, and a reopened clock runs. New hours count from
    their instant on: what has elapsed stays. A resolved clock keeps its verdict until it is reopened; then the
    terms of that time judge it. A second pause, or a resume, resolve, reopen without its pair, changes nothing.
    Raises BadSteps, NoWorkingTime.
    """

    def __init__(self, hours: "Hours") -> None:
        self._hours = hours
        self._like: Instant | None = None  # the instant of the start: its kind is the kind of all answers
        self._target = 0
        self._runs: list[_Run] = []
        self._begin: int | None = None  # of the run that goes on now
        self._judged: tuple[int, bool] | None = None  # due and lateness of a resolved clock
        self._at = 0

    def take(self, step: Step) -> Reading:
        at = self._instant(step)
        match step.event:
            case "start" | "target":
                self._set_target(step, at)
            case "hours":
                self._set_hours(step, at)
            case "pause":
                self._stop(at)
            case "resume" if self._begin is None and self._judged is None:
                self._begin = at
            case "resolve" if self._judged is None:
                self._stop(at)
                due = self._due(at)
                self._judged = due, at > due or self._elapsed(at) > self._target
            case "reopen" if self._judged is not None:
                self._judged = None
                self._begin = at
        return self._reading(at)

    def _instant(self, step: Step) -> int:
        """Checks the order; raises BadSteps."""
        if step.event not in EVENTS:
            raise BadSteps(f"такого шага нет: «{str(step.event)[:40]}», есть {', '.join(EVENTS)}")
        if (step.event == "start") is not (self._like is None):
            raise BadSteps("первый шаг — start, и он один")
        at = _instants.to_ticks(step.at, like=step.at if self._like is None else self._like)
        if self._like is not None and at < self._at:
            raise BadSteps(f"шаг {step.event} раньше предыдущего: {step.at}")
        self._at = at
        return at

    def _set_target(self, step: Step, at: int) -> None:
        if step.target is None:
            raise BadSteps(f"шаг {step.event} называет target — рабочие секунды")
        self._target = _instants.amount(step.target)
        if step.event == "start":
            self._like, self._begin = step.at, at

    def _set_hours(self, step: Step, at: int) -> None:
        if step.hours is None:
            raise BadSteps("шаг hours называет новый календарь")
        going = self._begin is not None
        self._stop(at)
        self._hours = step.hours
        self._begin = at if going else None

    def _stop(self, at: int) -> None:
        if self._begin is not None:
            worked = self._hours.axis.between(self._begin, at)
            self._runs.append(_Run(self._begin, worked, self._hours))
            self._begin = None

    def _elapsed(self, at: int) -> int:
        going = 0 if self._begin is None else self._hours.axis.between(self._begin, at)
        return going + sum(run.worked for run in self._runs)

    def _due(self, at: int) -> int:
        """When the elapsed time reached, or will reach if the clock goes on from `at`, the target."""
        left = self._target
        for run in self._runs:
            if left <= run.worked:
                return run.hours.axis.add(run.begin, left)
            left -= run.worked
        return self._hours.axis.add(at if self._begin is None else self._begin, left)

    def _reading(self, at: int) -> Reading:
        elapsed = self._elapsed(at)
        due, breached = None, elapsed > self._target
        if self._judged is not None:
            due, breached = self._judged
        elif self._begin is not None:
            due = self._due(at)
        shown = None if due is None or self._like is None else _instants.from_ticks(due, like=self._like)
        return Reading(_instants.to_seconds(elapsed), shown, breached)


def replay(steps: Iterable[Step], hours: "Hours") -> list[Reading]:
    """The reading after each step, in order. Raises BadSteps, BadCall, NoWorkingTime."""
    clock = Clock(hours)
    return [clock.take(step) for step in steps]
