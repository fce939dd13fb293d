"""Ways through three levels with a known truth: a million played through, and what we would have seen of them."""

import random

import numpy as np
from numpy.typing import NDArray

from otklik.sla._folding import Stays
from otklik.sla.visits import END, Visit, Way
from tests.sla.advice.histories import H

SLOW = {1: 0.37, 2: 4.1, 3: 18.7}  # mean hours with each level: its 90th percentiles are 0.85, 9.4 and 43 h
ONWARD = {1: 0.3, 2: 0.25}  # share of stays that the next level gets
MILLION = 1_000_000


def played() -> NDArray[np.float64]:
    """How long each of a million requests takes, ascending: three of ten go on to level 2, a quarter of those to 3."""
    chance = np.random.default_rng(6)
    took = chance.exponential(SLOW[1] * H, MILLION)
    second = np.flatnonzero(chance.random(MILLION) < ONWARD[1])
    took[second] += chance.exponential(SLOW[2] * H, len(second))
    third = second[chance.random(len(second)) < ONWARD[2]]
    took[third] += chance.exponential(SLOW[3] * H, len(third))
    return np.sort(took)


def stays(requests: int = 60_000) -> Stays:
    """Of requests of that kind: each level's stays, evenly from their distribution, and where they led."""
    chance = np.random.default_rng(7)
    numbers = {1: requests, 2: int(requests * ONWARD[1]), 3: int(requests * ONWARD[1] * ONWARD[2])}
    even = {level: (np.arange(n) + 0.5) / n for level, n in numbers.items()}
    seconds = np.concatenate([-np.log1p(-even[level]) * SLOW[level] * H for level in numbers])
    state = np.concatenate([np.full(n, level - 1) for level, n in numbers.items()])
    led = np.concatenate(
        [np.where(chance.permutation(even[level]) < ONWARD.get(level, 0), level, 3) for level in numbers]
    )
    order = np.argsort(seconds, kind="stable")
    states = tuple((level, False) for level in numbers)
    return Stays(states, state[order], seconds[order], led[order], state[order] == 0).cut()


def way(chance: random.Random) -> Way:
    found: list[Visit] = []
    level = 1
    while True:
        seconds = int(chance.expovariate(1 / (SLOW[level] * H)))
        then = level + 1 if chance.random() < ONWARD.get(level, 0) else END
        found.append(Visit(level, level, seconds, seconds, then))
        if then == END:
            return tuple(found)
        level = then
