"""Figures of clocks: the engine beside two libraries in the same run, then clocks of many requests in a database.

    make bench-sla                       (python -m bench.sla [--requests 100000] [--only engine | clocks])

The libraries are installed for this alone, into a folder of their own, from the index that pip is set up with.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import figures, levels, rivals, scale, worktime
from bench.data.place import Place, served


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--requests", type=int, default=100_000)
    told.add_argument("--only", choices=("engine", "clocks"))
    asked = told.parse_args()
    print(f"machine: {scale.machine()}", flush=True)
    if asked.only != "clocks":
        rivals.main()
        worktime.figures_of()
        levels.figures_of()
    failed = asked.only != "engine" and clocks(asked.requests)
    figures.finish()
    sys.exit(1 if failed else 0)


def clocks(requests: int) -> bool:
    """Whether a figure of theirs failed; on an installation that is made for it and goes afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="otklik-bench-sla-", dir="/var/tmp"))
    folder.chmod(0o711)
    place = Place(folder, requests)
    try:
        with served(place) as url:
            place.migrate(url)
            command = [sys.executable, "-m", "bench.clocks", str(requests)]
            return subprocess.run(command, env=place.variables(url), check=False).returncode != 0  # noqa: S603 - our own
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
