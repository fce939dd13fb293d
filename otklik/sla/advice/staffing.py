"""How many people answer in time: Erlang C and Erlang A. Pure (R-E4, notes on targets, §9).

Contacts come at random at an even pace, each takes one person for a time that is exponential around its mean, whoever
is free takes the one that waits longest. Without patience everybody waits (Erlang C); with it they give up at random
around that mean (Erlang A, Palm). One that gives up was not answered in time, however soon it left.

The published example: 100 contacts in half an hour, 3 minutes each, 80 % within 20 s. All wait: 13 people reach 79.6 %,
so 14. Patience of 5 minutes in the mean: 12 people reach 77.2 % of all who came, 13 reach 85.8 %, so 13. (Of those who
stayed 12 reach 80.7 %: we don't count so, it praises a queue for driving people off. If all left after exactly five
minutes, 13 would reach 79.7 %.) All of these are people at work; `hired` adds holidays, illness and breaks.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

HOUR_S: Final = 3600
MOST_PEOPLE: Final = 20_000
_QUEUE: Final = 1_000_000  # places that we look at
_TINY: Final = 1e-300


@dataclass(frozen=True, slots=True)
class Load:
    """per_hour: contacts; handling_s: of a person's time each; patience_s: mean, None where all wait.

    Raises ValueError for what is no number of that kind.
    """

    per_hour: float
    handling_s: float
    patience_s: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.per_hour) and self.per_hour >= 0):
            raise ValueError(f"contacts an hour: 0 or more, not {self.per_hour}")
        if not (math.isfinite(self.handling_s) and self.handling_s > 0):
            raise ValueError(f"seconds of handling: more than 0, not {self.handling_s}")
        if self.patience_s is not None and not (math.isfinite(self.patience_s) and self.patience_s > 0):
            raise ValueError(f"seconds of patience: more than 0, or None, not {self.patience_s}")

    @property
    def erlangs(self) -> float:
        """How many people work without a break to do all of it."""
        return self.per_hour * self.handling_s / HOUR_S


@dataclass(frozen=True, slots=True)
class Served:
    """Shares of all contacts, 0 to 1. in_time: answered within the asked time; left: gave up.

    wait_s: mean, of those who gave up too; inf where the queue grows without end. occupancy: of the people's time.
    """

    people: int
    in_time: float
    waits: float
    left: float
    wait_s: float
    occupancy: float

    @property
    def keeps_up(self) -> bool:
        return math.isfinite(self.wait_s)


def served(people: int, load: Load, within_s: float) -> Served:
    """What so many people do of it. Without a contact all is in time; who cannot keep up is in time with nothing.

    Raises ValueError for less than one person, more than MOST_PEOPLE, or a time below zero.
    """
    if not 1 <= people <= MOST_PEOPLE:
        raise ValueError(f"people: 1 to {MOST_PEOPLE}, not {people}")
    if not (math.isfinite(within_s) and within_s >= 0):
        raise ValueError(f"seconds to answer within: 0 or more, not {within_s}")
    if not load.per_hour:
        return Served(people, 1.0, 0.0, 0.0, 0.0, 0.0)
    if load.patience_s is not None:
        return _with_patience(people, load, within_s)
    if load.erlangs >= people:
        return Served(people, 0.0, 1.0, 0.0, math.inf, 1.0)
    waits, spare = _waits(people, load.erlangs), (people - load.erlangs) / load.handling_s
    in_time = 1 - waits * math.exp(-spare * within_s)
    return Served(people, in_time, waits, 0.0, waits / spare, load.erlangs / people)


def people_needed(load: Load, share: float, within_s: float) -> Served:
    """The fewest who answer such a share of all contacts within the time; one where there is none to answer.

    share: above 0, below 1. Raises ValueError, also where more than MOST_PEOPLE are needed.
    """
    if not 0 < share < 1:
        raise ValueError(f"share: above 0 and below 1, not {share}")
    few, enough = 0, 1
    while (found := served(enough, load, within_s)).in_time < share:
        few, enough = enough, enough * 2
    while enough - few > 1:
        middle = (few + enough) // 2
        tried = served(middle, load, within_s)
        if tried.in_time < share:
            few = middle
        else:
            enough, found = middle, tried
    return found


def waited(people: int, load: Load, share: float) -> float | None:
    """Seconds within which so many are answered where all wait; None where these people cannot keep up.

    Raises ValueError.
    """
    one = served(people, replace(load, patience_s=None), 0)
    if not one.keeps_up:
        return None
    if one.waits <= 1 - share:
        return 0.0
    spare = (people - load.erlangs) / load.handling_s
    return math.log(one.waits / (1 - share)) / spare


def hired(people: int, away: float) -> int:
    """So many on the list that `people` are at work. away: share of paid time with holidays, illness, breaks, talks.

    Raises ValueError.
    """
    if not 0 <= away < 1:
        raise ValueError(f"share of time away: 0 or more and below 1, not {away}")
    return math.ceil(people / (1 - away) - 1e-9)


def _lost(people: int, erlangs: float) -> float:
    """Erlang B: the chance that all are busy where nobody waits."""
    chance = 1.0
    for one in range(1, people + 1):
        chance = erlangs * chance / (one + erlangs * chance)
    return chance


def _waits(people: int, erlangs: float) -> float:
    """Erlang C."""
    lost = _lost(people, erlangs)
    return lost / (1 - erlangs / people * (1 - lost))


def _with_patience(people: int, load: Load, within_s: float) -> Served:
    """Exact: who finds k waiting is next after k + 1 ends of the slowest kind, and their sum is -ln of a Beta."""
    come, serve, leave = load.per_hour / HOUR_S, people / load.handling_s, 1 / (load.patience_s or math.inf)
    lost = _lost(people, load.erlangs)
    if lost < _TINY:
        return Served(people, 1.0, 0.0, 0.0, 0.0, load.erlangs / people)
    places = max(0, math.ceil((2 * come - serve) / leave)) + 64
    if places > _QUEUE:
        raise ValueError("patience is so long that nobody gives up: leave it out")
    queue = np.arange(places, dtype=np.float64)
    steps = math.log(come) - np.log(serve + queue[1:] * leave)
    weight = np.concatenate(([0.0], np.cumsum(steps)))  # logs, of so many waiting
    top = float(weight.max())
    busy = np.exp(weight - top)
    total = (1 / lost - 1) * math.exp(-top) + float(busy.sum())
    busy /= total
    reached = _reached(serve / leave, queue, math.exp(-leave * within_s))
    waits = float(busy.sum())
    waiting = float(busy @ queue)
    left = waiting * leave / come
    in_time = min((1 - waits) + float(busy @ reached), 1.0)
    return Served(people, in_time, waits, left, waiting / come, come * (1 - left) / serve)


def _reached(shape: float, queue: "np.ndarray[tuple[int], np.dtype[np.float64]]", fade: float) -> (
    "np.ndarray[tuple[int], np.dtype[np.float64]]"
):  # fmt: skip
    """For one that finds so many waiting: the chance to be answered in time and not to have left by then.

    shape: of the Beta, people's pace by that of leaving; fade: who has patience for that time.
    """
    with np.errstate(divide="ignore"):
        terms = np.log((shape + 1 + queue[:-1]) / (queue[:-1] + 1)) + np.log(1 - fade)
    logs = np.concatenate(([0.0], np.cumsum(terms))) + (shape + 1) * math.log(fade)
    later = np.minimum(np.cumsum(np.exp(logs)), 1.0)
    found: np.ndarray[tuple[int], np.dtype[np.float64]] = shape / (shape + queue + 1) * (1 - later)
    return found
