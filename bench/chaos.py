"""2,000 letters in and 500 answers out while web, worker, intake and PostgreSQL are killed 40 times.

    python -m bench.chaos [--seed 1] [--letters 2000] [--answers 500] [--kills 40] [--without-copies]

Prints what stands at the end; ends with 1 when anything was lost, doubled or called what it is not.
"""

import argparse
import dataclasses
import shutil
import sys
import tempfile
from pathlib import Path

from bench import figures
from tests.chaos.play import Outcome, Plan, play


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--seed", type=int, default=1)
    told.add_argument("--letters", type=int, default=2000)
    told.add_argument("--answers", type=int, default=500)
    told.add_argument("--kills", type=int, default=40)
    told.add_argument("--without-copies", action="store_true")
    told.add_argument("--keep", action="store_true", help="keep the folder with its logs")
    asked = told.parse_args()
    plan = Plan(
        asked.letters, asked.answers, asked.kills, asked.seed, copies=not asked.without_copies, limit_s=1800
    )
    folder = Path(tempfile.mkdtemp(prefix="otklik-chaos-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        outcome = play(plan, folder)
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)
    for name, value in dataclasses.asdict(outcome).items():
        print(f"{name:<20} {value}", flush=True)
    if not _held(plan, outcome):
        sys.exit("a letter was lost, doubled, or is called what it is not")
    figures.line(
        "letters in, each exactly once",
        plan.letters - outcome.lost - outcome.doubled,
        "",
        plan.letters,
        False,
    )
    figures.line("unknown at the end", outcome.unknown, "", 0 if plan.copies else outcome.killed_in_data)
    figures.line("sent again by a person: no copy came", outcome.asked, "", outcome.killed_in_data)
    figures.finish()


def _held(plan: Plan, outcome: Outcome) -> bool:
    most_unknown = 0 if plan.copies else outcome.killed_in_data
    return (
        not outcome.unfinished
        and outcome.lost == outcome.doubled == outcome.sent_twice == 0
        and not outcome.untrue
        and outcome.answers == plan.answers
        and outcome.acknowledgements == plan.letters
        and set(outcome.states) <= {"sent", "failed", "unknown"}
        and outcome.unknown <= most_unknown
        and not outcome.fuse_blown
    )


if __name__ == "__main__":
    main()
