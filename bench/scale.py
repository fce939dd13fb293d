"""Every figure of design §8 that must not grow with the requests, at two sizes in one run, and the ratio between them.

    python -m bench.data                    (once: makes the databases)
    python -m bench.scale [--requests 10000 1000000] [--folder …] [--rounds 60] [--only search …]

Each size runs in a process of its own against the product's own web process and an embedded PostgreSQL with its usual
settings. The plans of all queries are left in plans.txt beside the data.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from bench import figures, quiet
from bench.data.place import FOLDER, Place, served
from otklik.site.role import command
from tests.mailservers import free_port

# milliseconds unless the name says else; a rate is better when higher
LIMITS: dict[str, float] = {
    "queue, mine, p50": 12, "queue, mine, p95": 24, "queue, all of my team, p50": 12, "queue, all of my team, p95": 24,
    "queue, all, administrator, p50": 12, "queue, all, administrator, p95": 24, "queue pages a second, 8 clients": 200,
    "a request with 20 messages, p50": 11, "a request with 20 messages, p95": 25,
    "a request with 20 messages, chosen in the list, p50": 11,
    "a request with 20 messages, chosen in the list, p95": 25,
    "search, 20 hits, p50": 10, "search, 1,000 hits, p50": 30, "search, 5,000 hits, p50": 50,
    "reply accepted, p50": 5, "reply accepted, p95": 15, "reply accepted, with a clean composer, p50": 5,
    "reply accepted, with a clean composer, p95": 15,
    "sweep of missing news, all open": 200, "missing news promised anew, all open": 200,
    "sweep of due news, all open": 200, "sweep of due letters, all waiting": 200,
}  # fmt: skip
TOLD_ONLY = 10_000.0  # figures without a promise
GROWTH = 1.5


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--requests", type=int, nargs="+", default=[10_000, 1_000_000])
    told.add_argument("--folder", type=Path, default=FOLDER)
    told.add_argument("--rounds", type=int, default=60)
    told.add_argument("--only", nargs="*", default=[], help="queue open search reply sweep")
    asked = told.parse_args()
    print(
        f"machine: {machine()}; a loop of 10,000,000: {quiet.loop_ms():.0f} ms (about 100 when nothing else runs)"
    )
    results = {size: measured(Place(asked.folder, size), asked.rounds, asked.only) for size in asked.requests}
    small, large = min(results), max(results)
    for name, value in results[large].items():
        compared = name in LIMITS or "processor" in name
        if small != large and compared and (before := results[small].get(name)):
            ratio = before / value if "a second" in name else value / before
            figures.line(f"growth: {name}", ratio, "×", GROWTH)
    figures.finish()


def measured(place: Place, rounds: int, only: list[str]) -> dict[str, float]:
    """The figures of one size, printed as they come."""
    if not place.is_made:
        raise SystemExit(f"no data of {place.requests:,} requests in {place.folder}: python -m bench.data")
    with served(place) as url:
        place.migrate(url)
        port = free_port()
        variables = place.variables(url) | {"OTKLIK_PORT": str(port), "BENCH_ROUNDS": str(rounds)}
        with (place.home / "web.log").open("wb") as log:
            web = subprocess.Popen(command("web"), env=variables, stdout=log, stderr=log)  # noqa: S603 - our own
        variables["BENCH_WEB_PID"] = str(web.pid)
        try:
            child = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "bench.scaling", *only],
                env=variables,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert child.stdout is not None
            found: dict[str, float] = {}
            for line in child.stdout:
                if not line.startswith('["'):  # a line of the product's log
                    continue
                name, value = json.loads(line)
                found[name] = value
                tell(place, name, value)
            if child.wait() != 0:
                raise SystemExit(f"measuring {place.requests:,} requests failed")
        finally:
            web.terminate()
            web.wait(20)
    return found


def tell(place: Place, name: str, value: float) -> None:
    rate = "a second" in name
    unit = "/s" if rate else "ms"
    figures.line(
        f"{place.requests:,}: {name}", value, unit, LIMITS.get(name, TOLD_ONLY), lower_is_better=not rate
    )


def machine() -> str:
    """Its name, processor and memory: a figure means nothing without them."""
    cpu = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    load = os.getloadavg()[0]
    return (
        f"{platform.node()}, {os.cpu_count()} × {cpu}, {int(memory) / 1e6:.0f} GB, load {load:.1f}, "
        f"{time.strftime('%Y-%m-%d %H:%M')}"
    )


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


if __name__ == "__main__":
    main()
