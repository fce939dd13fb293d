"""One line a figure, and an exit that fails past twice the stated figure. Every bench ends with `finish()`."""

import sys

_failed: list[str] = []


def line(name: str, value: float, unit: str, limit: float, lower_is_better: bool = True) -> bool:
    """Print one figure against its stated limit; False (and a failing `finish`) past twice the limit."""
    held = value <= limit if lower_is_better else value >= limit
    past_twice = value > 2 * limit if lower_is_better else value < limit / 2
    verdict = "FAILED" if past_twice else "ok" if held else "over"
    sign = "≤" if lower_is_better else "≥"
    print(f"{name:<48} {value:>12,.2f} {unit:<10} {sign} {limit:,g} {unit}  {verdict}", flush=True)
    if past_twice:
        _failed.append(name)
    return not past_twice


def finish() -> None:
    """Exit with 1 when any figure of this run was past twice its limit."""
    if _failed:
        print(f"past twice the figure: {', '.join(_failed)}", file=sys.stderr, flush=True)
        raise SystemExit(1)
