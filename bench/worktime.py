"""Figures of working time (otklik/sla/worktime.py): `python -m bench.worktime`. One core, best of five rounds."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from bench import figures
from otklik.sla import _table, russia
from otklik.sla.worktime import Hours

DAY = [["09:00", "13:00"], ["14:00", "18:00"]]
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), DAY)
SINCE, UNTIL = 1_750_000_000, 1_810_000_000  # mid-2025 to mid-2027
WORK = 8 * 3600
SINGLE, BATCH = 100_000, 1_000_000


def main() -> None:
    figures_of()
    figures.finish()


def figures_of() -> None:
    hours = russia.hours(WEEK)
    numbers = np.random.default_rng(1).integers(SINCE, UNTIL, BATCH)
    hours.between(SINCE, UNTIL)  # the table is there before the first figure, save for its own
    table(hours)
    single_calls(hours, [int(number) for number in numbers[:SINGLE]])
    batches(hours, numbers)


def table(hours: Hours) -> None:
    took = best(lambda: _table.build(hours.rules, 2020, 2031))
    figures.line("worktime: table of twelve years", took * 1000, "ms", 50)
    spec = hours.to_dict()
    took = best(lambda: [Hours.from_dict(spec).between(SINCE, UNTIL) for _ in range(100)]) / 100
    figures.line("worktime: a known calendar read again", took * 1000, "ms", 5)


def single_calls(hours: Hours, starts: list[int]) -> None:
    moments = [datetime.fromtimestamp(start + 0.25, UTC) for start in starts]

    def add_integers() -> None:
        for start in starts:
            hours.add(start, WORK)

    def add_datetimes() -> None:
        for moment in moments:
            hours.add(moment, WORK)

    def between_datetimes() -> None:
        for moment in moments:
            hours.between(moment, moments[0])

    rate("worktime: add, integers", SINGLE, add_integers, 300_000)
    rate("worktime: add, datetimes", SINGLE, add_datetimes, 100_000)
    rate("worktime: between, datetimes", SINGLE, between_datetimes, 100_000)


def batches(hours: Hours, numbers: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]") -> None:
    in_order = np.sort(numbers)
    rate("worktime: add_many, sorted", BATCH, lambda: hours.add_many(in_order, WORK), 10_000_000)
    rate("worktime: add_many, random", BATCH, lambda: hours.add_many(numbers, WORK), 3_000_000)
    rate(
        "worktime: between_many, sorted",
        BATCH,
        lambda: hours.between_many(in_order, in_order + WORK),
        10_000_000,
    )
    rate(
        "worktime: between_many, random",
        BATCH,
        lambda: hours.between_many(numbers, numbers + WORK),
        3_000_000,
    )


def rate(name: str, count: int, run: Callable[[], object], limit: float) -> None:
    figures.line(name, count / best(run), "/s", limit, lower_is_better=False)


def best(run: Callable[[], object]) -> float:
    """Seconds of the quickest of five rounds: the others tell of the machine's neighbours."""
    rounds = []
    for _ in range(5):
        begin = time.perf_counter()
        run()
        rounds.append(time.perf_counter() - begin)
    return min(rounds)


if __name__ == "__main__":
    main()
