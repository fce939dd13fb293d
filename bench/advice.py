"""Figures of the advisor (otklik/sla/advice): `python -m bench.advice [seeds]`. One core, best of five rounds.

The long forms of what the suite shows shortly: how often the truth lies in the interval, over many seeds; the folding
of levels against a million requests that are played through.
"""

import random
import sys

import numpy as np

from bench import figures
from bench.worktime import best
from otklik.sla import chances
from otklik.sla.advice import splitting, staffing, targets
from otklik.sla.advice.staffing import Load
from tests.sla.advice import histories
from tests.sla.advice.histories import H
from tests.sla.advice.levelled import MILLION, played, stays, way

SEEDS = 1000
DAY_S = 8 * H


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    truth(seeds)
    levels()
    speed()
    figures.finish()


def truth(seeds: int) -> None:
    made = [histories.made(seed) for seed in range(seeds)]
    still_open = sum(one.open for one in made) / seeds
    for share in (85, 90, 95):
        true, told = histories.truth(share / 100), [targets.advise(one.cases, share, DAY_S) for one in made]
        held = [(one.bound.low or 0) <= true <= (one.bound.high or np.inf) for one in told]
        trapped = [(one.naive_s or 0) < (one.bound.low or 0) for one in told]
        figures.line(
            f"advice: truth in the interval, {share} %, {still_open:.0%} open",
            float(np.mean(held)) * 100,
            "%",
            90,
            False,
        )
        figures.line(
            f"advice: ended cases alone say too little, {share} %",
            float(np.mean(trapped)) * 100,
            "%",
            90,
            False,
        )


def levels() -> None:
    took = played()
    for promise_h in (8, 16):
        whole, worst = chances.folded(stays(), 60_000, promise_h * H), 0.0
        for share in (0.5, 0.9, 0.95):
            true = took[int(share * MILLION)]
            worst = max(worst, abs((whole.percentile(share).value or 0) / true - 1))
        kept = float(np.searchsorted(took, promise_h * H, side="right")) / MILLION
        worst = max(worst, abs(whole.share_by(promise_h * H).value / kept - 1))
        figures.line(f"advice: levels folded against a million, {promise_h} h", worst * 100, "%", 2)


def speed() -> None:
    chance = random.Random(3)
    ways = [way(chance) for _n in range(500)]
    figures.line(
        "advice: levels that fit, of 500 requests",
        best(lambda: splitting.split(ways, 16 * H, 90, DAY_S)) * 1000,
        "ms",
        200,
    )
    cases = histories.made(1, 500).cases
    figures.line(
        "advice: a target of 500 cases", best(lambda: targets.advise(cases, 90, DAY_S)) * 1000, "ms", 20
    )
    load = Load(20_000, 180, 300)
    figures.line(
        "advice: 1,000 people by Erlang A",
        best(lambda: staffing.people_needed(load, 0.8, 20)) * 1000,
        "ms",
        100,
    )


if __name__ == "__main__":
    main()
