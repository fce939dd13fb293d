"""Where the made databases lie: a folder a size, each with an embedded PostgreSQL of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from otklik.site.postgres import Embedded

FOLDER = Path("/var/tmp/otklik-bench-data")  # noqa: S108 - big, and kept from one boot to the next
BYTES_A_REQUEST = 16_500  # five messages with their indexes and what stands beside them


@dataclass(frozen=True, slots=True)
class Place:
    """The home of one made installation."""

    folder: Path
    requests: int

    @property
    def home(self) -> Path:
        return self.folder / f"{self.requests}"

    @property
    def mark(self) -> Path:
        return self.home / "made.json"

    @property
    def is_made(self) -> bool:
        return self.mark.exists()

    def variables(self, url: str) -> dict[str, str]:
        """The environment of the product on this installation."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
        return kept | {
            "OTKLIK_HOME": str(self.home), "OTKLIK_DATABASE_URL": url, "OTKLIK_SECRET_KEY": "b" * 50,
            "DJANGO_SETTINGS_MODULE": "otklik.site.settings",
        }  # fmt: skip

    def room(self) -> tuple[int, int]:
        """Bytes wanted and bytes free."""
        self.home.mkdir(parents=True, exist_ok=True)
        return self.requests * BYTES_A_REQUEST + 500_000_000, shutil.disk_usage(self.home).free

    def remember(self, seconds: float, size_bytes: int) -> None:
        self.mark.write_text(json.dumps({"seconds": round(seconds), "bytes": size_bytes}), encoding="utf-8")

    def migrate(self, url: str) -> None:
        command = [sys.executable, "-m", "django", "migrate", "-v0"]
        subprocess.run(command, env=self.variables(url), check=True)  # noqa: S603 - our own command


@contextmanager
def served(place: Place, *, durable: bool = True) -> Iterator[str]:
    """The server of a made installation while the block runs; gives its address."""
    place.folder.mkdir(parents=True, exist_ok=True)
    for folder in (place.folder, place.home):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
    server = Embedded(place.home, durable=durable)
    try:
        yield server.start()
    finally:
        server.stop()
