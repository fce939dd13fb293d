"""How many people it takes to answer in time, and what each one more would allow to promise. Pure (R-E4).

The desk as one queue: every answer that clients get in the busiest hour of a usual day, each by one person; night's
letters are spread over the day where that is more. Whoever works only some of their time with letters counts in part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from otklik.sla.advice import rounding, staffing
from otklik.sla.advice.staffing import Load, Served

AWAY: Final = 0.3  # of paid time: holidays, illness, breaks, talks; the usual rule of thumb
MORE: Final = 2  # steps shown beyond what is enough


@dataclass(frozen=True, slots=True)
class Step:
    """So many people at work. served: of the target asked for; offer_s: what they could promise, None: nothing.

    hired: how many on the list, with AWAY. is_enough: the fewest who keep the target.
    """

    served: Served
    offer_s: int | None
    hired: int
    is_enough: bool

    @property
    def people(self) -> int:
        return self.served.people


@dataclass(frozen=True, slots=True)
class Crew:
    """load: answers an hour; minutes: of handling one; is_told: somebody told us them; hour: as history.Pace."""

    load: Load
    answers: float
    hour: int | None
    is_told: bool
    steps: Sequence[Step]


def crew(load: Load, target_s: int, share: int, day_s: int) -> list[Step]:
    """The step before what is enough, that, and two more. [] where so many work nowhere."""
    try:
        enough = staffing.people_needed(load, share / 100, target_s).people
        return [
            _step(people, load, (target_s, share, day_s), is_enough=people == enough)
            for people in range(max(enough - 1, 1), enough + MORE + 1)
        ]
    except ValueError:  # more than staffing.MOST_PEOPLE
        return []


def _step(people: int, load: Load, wanted: tuple[int, int, int], *, is_enough: bool) -> Step:
    target_s, share, day_s = wanted
    waited = staffing.waited(people, load, share / 100)
    offer = rounding.up(waited, day_s) if waited is not None else None
    return Step(
        staffing.served(people, load, target_s), offer, staffing.hired(people, AWAY), is_enough=is_enough
    )
