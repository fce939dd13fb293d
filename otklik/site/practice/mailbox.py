"""The clients' mail: each letter a file, as their mail server and their mail programs would keep it.

`home/practice/<address>/past` is made once from what the desk has already, `new` grows with what comes and goes.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from otklik import mime
from otklik.clients.identifying import normal
from otklik.env import env
from otklik.mime import Letter

CAME, SENT = "came", "sent"
MOST = 300  # the latest letters of a client that are shown


@dataclass(frozen=True, slots=True)
class Kept:
    """One letter of a client's mail. key: its name for addresses of pages; came: they got it, else they sent it."""

    key: str
    at: datetime
    came: bool
    raw: bytes
    letter: Letter


@dataclass(frozen=True, slots=True)
class Conversation:
    """Letters that answer one another, oldest first; key: of the first."""

    letters: tuple[Kept, ...]

    @property
    def key(self) -> str:
        return self.letters[0].key

    @property
    def subject(self) -> str:
        return self.letters[0].letter.subject

    @property
    def last(self) -> Kept:
        return self.letters[-1]

    @property
    def latest_first(self) -> tuple[Kept, ...]:
        return self.letters[::-1]

    @property
    def last_came(self) -> Kept | None:
        return next((one for one in reversed(self.letters) if one.came), None)


@dataclass(frozen=True, slots=True)
class Filed:
    """A letter to be kept."""

    raw: bytes
    came: bool
    at: datetime


def keep(address: str, filed: Filed) -> None:
    """Keep one letter. Safe from several processes: it appears whole or not at all."""
    place = _home(address) / "new"
    place.mkdir(parents=True, exist_ok=True)
    _write(place, filed)


def has_past(address: str) -> bool:
    return (_home(address) / "past").is_dir()


def keep_past(address: str, letters: Iterable[Filed]) -> None:
    """What was written before anybody looked. Of two who make it at once one wins."""
    home = _home(address)
    home.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=home, prefix="making-"))
    for one in letters:
        _write(made, one)
    try:
        made.rename(home / "past")
    except OSError:  # somebody else has it already
        shutil.rmtree(made, ignore_errors=True)


def conversations(address: str) -> list[Conversation]:
    """All of a client's mail, the conversation with the latest letter first."""
    kept = sorted(_unique(_letters(address)), key=lambda one: (one.at, one.key))[-MOST:]
    groups: list[list[Kept]] = []
    by_id: dict[str, list[Kept]] = {}
    for one in kept:
        ids = [*reversed(one.letter.references), one.letter.in_reply_to, *one.letter.returned_message_ids]
        group = next((by_id[known] for known in ids if known in by_id), None)
        if group is None:
            group = []
            groups.append(group)
        group.append(one)
        by_id[one.letter.message_id] = group
    found = [Conversation(tuple(group)) for group in groups]
    return sorted(found, key=lambda one: one.last.at, reverse=True)


def mark(address: str) -> str:
    """Changes whenever something has come or was sent; cheap."""
    names = [name for folder in ("past", "new") for name in _names(_home(address) / folder)]
    return f"{len(names)}-{max(names, default='')}"


def written_to() -> list[str]:
    """Folders of clients who have mail here, by name."""
    return _names(env().home / "practice")


def _letters(address: str) -> list[Kept]:
    home = _home(address)
    return [_read(home / folder / name) for folder in ("new", "past") for name in _names(home / folder)]


def _unique(letters: Sequence[Kept]) -> list[Kept]:
    """A letter may lie in the past and among the new ones: what came by SMTP counts."""
    once: dict[tuple[str, bool], Kept] = {}
    for one in letters:
        once.setdefault((one.letter.message_id or one.key, one.came), one)
    return list(once.values())


@lru_cache(maxsize=2000)
def _read(path: Path) -> Kept:
    stamp, kind = path.stem.split("-")[:2]
    raw = path.read_bytes()
    return Kept(path.stem, datetime.fromtimestamp(int(stamp) / 1e6, UTC), kind == CAME, raw, mime.read(raw))


def _names(folder: Path) -> list[str]:
    with contextlib.suppress(FileNotFoundError):
        return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    return []


def _home(address: str) -> Path:
    """quote() leaves no slash and no leading dot: an address cannot lead elsewhere."""
    return env().home / "practice" / f"@{quote(normal(address), safe='@')}"[:200]


def _write(place: Path, filed: Filed) -> None:
    name = f"{int(filed.at.timestamp() * 1e6):016}-{CAME if filed.came else SENT}-{time.monotonic_ns() % 10**9:09}"
    half = place / f".{name}"
    half.write_bytes(filed.raw)
    half.rename(place / f"{name}.eml")
