"""What is made, decided beforehand in arrays: who asks when, who owns it, how it ended, which word stands where."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.data.vocabulary import PLANTED

SEED = 20261122
DAY_S = 86_400
YEARS_S = 4 * 365 * DAY_S
STATES = ("closed", "solved", "spam", "new", "open", "waiting_client", "waiting_other")
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of each; everything of one size is the same wherever it is made."""

    requests: int

    @property
    def messages(self) -> int:
        return 5 * self.requests

    @property
    def clients(self) -> int:
        return max(500, self.requests // 12)

    @property
    def firms(self) -> int:
        return self.clients // 6

    @property
    def agents(self) -> int:
        """So many that each owns more than a page of open requests."""
        return 60 if self.requests >= 100_000 else 12

    @property
    def teams(self) -> int:
        return 6

    @property
    def open(self) -> int:
        return max(1500, self.requests * 3 // 100)


@dataclass(frozen=True, slots=True)
class Plan:
    """Index i of a ticket's array is request i + 1; messages stand in the order of their time: id = index + 1."""

    size: Size
    until: int  # epoch seconds: nothing is later
    created: Numbers
    last: Numbers
    count: Numbers
    state: Numbers  # index of STATES
    team: Numbers
    owner: Numbers  # 0: nobody
    client: Numbers
    subject: Numbers  # of the pool of subjects
    ticket_of: Numbers
    place: Numbers  # which message of its request
    at: Numbers
    planted: dict[int, list[str]]  # message index → forms to put into its words


def plan(size: Size, until: int) -> Plan:
    rng = np.random.default_rng(SEED)
    requests = size.requests
    created = np.sort(rng.integers(until - YEARS_S, until - 600, requests))
    count = _counts(rng, size)
    ticket_of = np.repeat(np.arange(requests), count)
    starts = np.cumsum(count) - count
    place = np.arange(size.messages) - starts[ticket_of]
    at = _times(rng, created, ticket_of, place, starts, until)
    order = np.argsort(at, kind="stable")
    last = np.maximum.reduceat(at, starts)
    state = _states(rng, size, last)
    owner = rng.integers(1, size.agents + 1, requests)
    owner[(state >= 3) & (rng.random(requests) < 0.3)] = 0
    team = np.where(owner > 0, (owner - 1) % size.teams + 1, rng.integers(1, size.teams + 1, requests))
    return Plan(
        size, until, created, last, count, state, team, owner,
        client=rng.integers(1, size.clients + 1, requests), subject=rng.integers(0, 20_000, requests),
        ticket_of=ticket_of[order], place=place[order], at=at[order],
        planted=_planted(rng, size, starts, count, np.argsort(order)),
    )  # fmt: skip


def _counts(rng: np.random.Generator, size: Size) -> Numbers:
    """Messages of each request: geometric about five, at most forty, exact in the sum."""
    count = np.minimum(rng.geometric(0.2, size.requests), 40).astype(np.int64)
    while (missing := size.messages - int(count.sum())) != 0:
        step = 1 if missing > 0 else -1
        free = np.flatnonzero(count < 40 if step > 0 else count > 1)
        chosen = rng.choice(free, min(abs(missing), len(free)), replace=False)
        count[chosen] += step
    return count


def _times(
    rng: np.random.Generator, created: Numbers, ticket_of: Numbers, place: Numbers, starts: Numbers, until: int
) -> Numbers:  # fmt: skip
    gaps = rng.exponential(9 * 3600, len(ticket_of)).astype(np.int64) + 60
    gaps[place == 0] = 0
    total = np.cumsum(gaps)
    since = total - total[starts][ticket_of]
    return np.minimum(created[ticket_of] + since, until - 60)


def _states(rng: np.random.Generator, size: Size, last: Numbers) -> Numbers:
    """The latest are open, the rest nearly all closed."""
    draw = rng.random(size.requests)
    state = np.where(draw < 0.01, 2, np.where(draw < 0.08, 1, 0)).astype(np.int64)
    fresh = np.argsort(last)[-size.open * 3 :]
    open_ones = rng.choice(fresh, size.open, replace=False)
    state[open_ones] = rng.choice([3, 4, 5, 6], size.open, p=[0.25, 0.4, 0.25, 0.1])
    return state


def _planted(
    rng: np.random.Generator, size: Size, starts: Numbers, count: Numbers, new_place: Numbers
) -> dict[int, list[str]]:
    """Each planted word into exactly its number of requests, in a third of them twice."""
    planted: dict[int, list[str]] = defaultdict(list)
    for hits, words in PLANTED.items():
        for forms in words.values():
            for ticket in rng.choice(size.requests, min(hits, size.requests), replace=False):
                for _ in range(2 if rng.random() < 0.33 else 1):
                    message = new_place[starts[ticket] + rng.integers(count[ticket])]
                    planted[int(message)].append(str(rng.choice(forms)))
    return dict(planted)
