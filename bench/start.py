"""From a clone to the first page (packages in uv's cache), and the second start (design §8)."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from bench import figures
from bench.desk import SCRATCH, desk

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    scratch = Path(tempfile.mkdtemp(prefix="otklik-bench-", dir=SCRATCH))
    clone, home = scratch / "clone", scratch / "home"
    home.mkdir()
    scratch.chmod(0o711)
    try:
        subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)  # noqa: S603, S607 - our own folder
        for name, limit_s in [("clone to the first page", 60.0), ("second start to the first page", 5.0)]:
            with desk(home, ["make", "demo"], clone) as running:
                figures.line(name, running.started_s, "s", limit_s)
            figures.line("  and Ctrl-C to the end", running.stopped_s, "s", 10)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    figures.finish()


if __name__ == "__main__":
    main()
