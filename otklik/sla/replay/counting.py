"""Shares kept before and after, with how sure they are; due times that moved; who would have been late. Pure.

Uncertainty: whole requests are drawn again (their clocks hang together), each counted as often as Poisson's law says,
the same draw before and after; 95 % of the draws lie between the two figures given. Seeded. The law is laid on single
bytes, in 256ths (mean 1.004, variance 1.004): numpy's own takes ten times as long.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from otklik.sla._table import TICKS
from otklik.sla.replay.grid import NEVER, Ticks
from otklik.sla.replay.judging import KEPT, LATE, NONE, Judged
from otklik.sla.replay.tapes import Tape
from otklik.sla.terms import KINDS, PRIORITIES

DRAWS: Final = 400
SHOWN: Final = 200  # requests that are named at most
_AT_ONCE: Final = 25  # draws, so that 50,000 requests take 10 MB
_TIMES: Final = np.repeat(np.arange(6, dtype=np.float32), (94, 94, 47, 16, 4, 1))
_LEAST: Final = 60 * TICKS  # a due time that moved by less stays where people see it


class Row(TypedDict):
    """One kind and priority. before, after: [judged, kept, share, low, high]; change: [share, low, high] in points."""

    kind: str
    priority: int
    before: list[float]
    after: list[float]
    change: list[float]


class Answer(TypedDict):
    """What a replay found out, as it is stored. taken: requests; requests: those of them that have clocks.

    late, saved: [request, kind] of clocks that were judged otherwise.
    """

    taken: int
    requests: int
    clocks: int
    rows: list[Row]
    due: dict[str, int]
    late_count: int
    saved_count: int
    late: list[list[object]]
    saved: list[list[object]]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One world: its tape and what was judged on it."""

    tape: Tape
    judged: Judged


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Of one kind and priority, by request: how many of its clocks were judged and how many kept."""

    requests: Ticks
    counts: NDArray[np.float32]  # columns: judged and kept before, judged and kept after


def answer(before: Side, after: Side, ids: Sequence[int], *, seed: int) -> Answer:
    """ids: of the requests by the places that the tapes were given."""
    here, there = _same(before.tape, after.tape)
    was, now = before.judged.verdict[here], after.judged.verdict[there]
    late, saved = here[(was == KEPT) & (now == LATE)], here[(was == LATE) & (now == KEPT)]
    return Answer(
        taken=len(ids), requests=len(np.unique(before.tape.request)), clocks=int((before.judged.verdict != NONE).sum()),
        rows=list(_rows(before, after, len(ids), seed)),
        due=_moves(before.judged.due[here], after.judged.due[there]),
        late_count=_requests(before.tape, late), saved_count=_requests(before.tape, saved),
        late=_named(before.tape, late, ids), saved=_named(before.tape, saved, ids),
    )  # fmt: skip


def _same(before: Tape, after: Tape) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The clocks that both have."""
    if before is after:
        every = np.arange(len(before.kind))
        return every, every
    _keys, here, there = np.intersect1d(before.key, after.key, return_indices=True)
    return here, there


def _moves(was: Ticks, now: Ticks) -> dict[str, int]:
    both = (was != NONE) & (now != NONE) & (was < NEVER) & (now < NEVER)
    by = (now - was)[both]
    return {
        "all": int(both.sum()), "earlier": int((by <= -_LEAST).sum()), "later": int((by >= _LEAST).sum()),
        "median_s": int(np.median(np.abs(by[np.abs(by) >= _LEAST])) // TICKS) if (np.abs(by) >= _LEAST).any() else 0,
    }  # fmt: skip


def _requests(tape: Tape, clocks: NDArray[np.intp]) -> int:
    return len(np.unique(tape.request[clocks]))


def _named(tape: Tape, clocks: NDArray[np.intp], ids: Sequence[int]) -> list[list[object]]:
    """The newest first, each with the first of its clocks."""
    _requests, first = np.unique(tape.request[clocks], return_index=True)
    chosen = sorted(clocks[first].tolist(), key=lambda one: ids[int(tape.request[one])], reverse=True)[:SHOWN]
    return [[ids[int(tape.request[one])], KINDS[int(tape.kind[one])]] for one in chosen]


def _rows(before: Side, after: Side, requests: int, seed: int) -> Iterator[Row]:
    groups = {
        (kind, priority): sums
        for kind in range(len(KINDS))
        for priority in reversed(range(len(PRIORITIES)))
        if (sums := _sums(before, after, kind, priority))
    }
    drawn = _drawn(list(groups.values()), requests, seed)
    for (kind, priority), sums, draws in zip(groups, groups.values(), drawn, strict=True):
        judged, kept, then_judged, then_kept = sums.counts.sum(axis=0, dtype=np.float64).tolist()
        was, now = _share(kept, judged), _share(then_kept, then_judged)
        shares_was, shares_now = _shares(draws[:, 1], draws[:, 0]), _shares(draws[:, 3], draws[:, 2])
        yield Row(
            kind=KINDS[kind], priority=priority,
            before=[int(judged), int(kept), was, *_between(shares_was)],
            after=[int(then_judged), int(then_kept), now, *_between(shares_now)],
            change=[round(now - was, 4), *_between(shares_now - shares_was)],
        )  # fmt: skip


def _sums(before: Side, after: Side, kind: int, priority: int) -> _Sums | None:
    """None where neither world judged one."""
    parts = [_judged(side, kind, priority) for side in (before, after)]
    requests = np.unique(np.concatenate([part[0] for part in parts]))
    if not len(requests):
        return None
    counts = np.zeros((len(requests), 4), dtype=np.float32)
    for column, (owner, kept) in zip((0, 2), parts, strict=True):
        at = requests.searchsorted(owner)
        np.add.at(counts[:, column], at, 1)
        np.add.at(counts[:, column + 1], at, kept)
    return _Sums(requests, counts)


def _judged(side: Side, kind: int, priority: int) -> tuple[Ticks, NDArray[np.float32]]:
    tape, verdict = side.tape, side.judged.verdict
    at = (tape.kind == kind) & (tape.priority == priority) & (verdict != NONE)
    return tape.request[at], (verdict[at] == KEPT).astype(np.float32)


def _drawn(groups: Sequence[_Sums], requests: int, seed: int) -> list[NDArray[np.float64]]:
    """Of each group the four sums of every draw."""
    chance = np.random.default_rng(seed)
    found: list[list[NDArray[np.float64]]] = [[] for _one in groups]
    for _block in range(DRAWS // _AT_ONCE):
        weights = _TIMES[chance.integers(256, size=(_AT_ONCE, requests), dtype=np.uint8)]
        for sums, group in zip(found, groups, strict=True):
            sums.append((weights[:, group.requests] @ group.counts).astype(np.float64))
    return [np.concatenate(sums) for sums in found]


def _shares(kept: NDArray[np.float64], judged: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(judged > 0, kept / judged, np.nan), dtype=np.float64)


def _share(kept: float, judged: float) -> float:
    return round(kept / judged, 4) if judged else 0.0


def _between(shares: NDArray[np.float64]) -> list[float]:
    known = shares[~np.isnan(shares)]
    if not len(known):
        return [0.0, 0.0]
    low, high = np.percentile(known, (2.5, 97.5)).tolist()
    return [round(low, 4), round(high, 4)]
