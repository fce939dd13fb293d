"""Figures of the levels (otklik/sla/chances.py): `python -m bench.levels [visits]`. One core, best of five rounds."""

import random
import sys

from bench import figures
from bench.worktime import best
from otklik.sla import chances
from otklik.sla.visits import END, Visit, Way

H = 3600
VISITS = 100_000


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else VISITS
    figures_of(wanted)
    figures.finish()


def figures_of(wanted: int = VISITS) -> None:
    chance = random.Random(1)
    ways: list[Way] = []
    count = 0
    while count < wanted:
        ways.append(_way(chance))
        count += len(ways[-1])
    took = best(lambda: chances.whole(ways, 16 * H))
    figures.line(f"levels: the whole way of {count:,} visits", took, "s", 1)
    took = best(lambda: [_of_level(ways, level) for level in (1, 2, 3)])
    figures.line("levels: product limit, each level of them", took, "s", 1)
    took = best(lambda: chances.whole(ways[:2000], 16 * H))
    figures.line("levels: the whole way of 2,000 requests", took * 1000, "ms", 100)


def _of_level(ways: list[Way], level: int) -> float | None:
    stays = ((one.own_s, one.then is not None) for way in ways for one in way if one.level == level)
    return chances.curve(stays).percentile(0.9).value


def _way(chance: random.Random) -> Way:
    """Seven of ten end with the help desk; the others bounce between three levels; some are still open."""
    stays: list[Visit] = []
    level, seen = 1, set[int]()
    while True:
        took = int(chance.expovariate(1 / ({1: 1, 2: 6, 3: 20}[level] * H)))
        then = (
            END
            if chance.random() < {1: 0.7, 2: 0.5, 3: 0.6}[level]
            else {1: 2, 2: chance.choice((1, 3)), 3: 2}[level]
        )
        is_open = chance.random() < 0.1
        stays.append(Visit(level, level, took, took, None if is_open else then, level in seen))
        if is_open or then == END:
            return tuple(stays)
        seen.add(level)
        level = then


if __name__ == "__main__":
    main()
