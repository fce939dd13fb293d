"""Makes databases to measure on: 10,000 and 1,000,000 requests (five messages each), once; kept for the next time.

    python -m bench.data [--requests 10000 1000000] [--folder /var/tmp/otklik-bench-data] [--again]

A run that was stopped is continued by the next one. --again makes everything anew.
"""

import argparse
import shutil
import time
from pathlib import Path

import psycopg

from bench.data.loading import Filling
from bench.data.place import FOLDER, Place, served
from bench.data.plan import Size


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--requests", type=int, nargs="+", default=[10_000, 1_000_000])
    told.add_argument("--folder", type=Path, default=FOLDER)
    told.add_argument("--again", action="store_true")
    asked = told.parse_args()
    for requests in asked.requests:
        place = Place(asked.folder, requests)
        if asked.again:
            shutil.rmtree(place.home, ignore_errors=True)
        make(place)


def make(place: Place) -> None:
    """Nothing when it is there already."""
    if place.is_made:
        print(f"{place.requests:,} requests: there already, in {place.home}", flush=True)
        return
    wanted, free = place.room()
    print(
        f"{place.requests:,} requests: about {wanted / 1e9:.1f} GB wanted, {free / 1e9:.0f} GB free",
        flush=True,
    )
    if wanted > free:
        raise SystemExit(f"too little room in {place.home}: choose another by --folder")
    started = time.monotonic()
    with served(place, durable=False) as url:
        place.migrate(url)
        as_superuser = url.replace("//otklik@", "//postgres@")
        Filling(as_superuser, Size(place.requests), _teller(started)).fill()
        with psycopg.connect(url) as database:
            row = database.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row is not None
    place.remember(time.monotonic() - started, row[0])
    print(
        f"{place.requests:,} requests: {row[0] / 1e9:.2f} GB, {time.monotonic() - started:.0f} s", flush=True
    )


def _teller(started: float):  # type: ignore[no-untyped-def]
    def tell(line: str) -> None:
        print(f"  {time.monotonic() - started:6.0f} s  {line}", flush=True)

    return tell


if __name__ == "__main__":
    main()
