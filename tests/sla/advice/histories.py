"""Made histories whose truth is known: how long things take, how much of it is still open."""

from typing import NamedTuple

import numpy as np

H = 3600


class Made(NamedTuple):
    """cases: as targets.advise takes them; truth(share): the percentile that they were drawn from."""

    cases: list[tuple[float, bool]]
    took: "np.ndarray[tuple[int], np.dtype[np.float64]]"

    @property
    def open(self) -> float:
        return sum(not over for _seconds, over in self.cases) / len(self.cases)


def made(seed: int, cases: int = 600) -> Made:
    """Hours of a lognormal with a long tail. Two of three came lately: three of ten are still open in all."""
    chance = np.random.default_rng(seed)
    took = chance.lognormal(1.4, 1.3, cases) * H
    seen = np.where(chance.random(cases) < 0.35, np.inf, chance.exponential(8 * H, cases))
    return Made([(float(min(pair)), bool(pair[0] <= pair[1])) for pair in zip(took, seen, strict=True)], took)


def truth(share: float) -> float:
    """Percentile of what `made` draws from, in seconds."""
    z = {0.5: 0.0, 0.85: 1.0364334, 0.9: 1.2815516, 0.95: 1.6448536}[share]
    return float(np.exp(1.4 + 1.3 * z) * H)
