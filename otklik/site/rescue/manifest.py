"""What a copy says about itself, as its last part: by it a restore is checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from importlib import metadata

from otklik.site.rescue.census import Count
from otklik.site.rescue.faults import Damaged

NAME = "manifest"
DATABASE = "database"
KEY = "key"
FILE = "file/"
MOST_MISSING = 100


@dataclass(frozen=True, slots=True)
class Manifest:
    """tables: by name; files: how many and how large; missing: names (at most a hundred) of those not on the disk."""

    version: str
    made_at: str  # ISO, UTC
    postgres: int
    migrations: list[tuple[str, str]]
    tables: dict[str, Count]
    files: int
    files_bytes: int
    missing: list[str] = field(default_factory=list)
    missing_count: int = 0
    key: str = ""  # fingerprint() of the secret key that sealed the boxes' passwords

    def text(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode()


def read(text: bytes) -> Manifest:
    """Raises Damaged."""
    try:
        told = json.loads(text)
        told["tables"] = {name: Count(**count) for name, count in told["tables"].items()}
        told["migrations"] = [(app, name) for app, name in told["migrations"]]
        return Manifest(**told)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise Damaged("опись в конце не читается") from fault


def fingerprint(secret_key: str) -> str:
    """Whether two installations have the same key, without telling it: 48 bits, slow to guess by."""
    if not secret_key:
        return ""
    return hashlib.scrypt(
        secret_key.encode(), salt=b"otklik key fingerprint", n=2**14, r=8, p=1, dklen=6
    ).hex()


def version() -> str:
    return metadata.version("otklik")


def unknown_steps(applied: Iterable[tuple[str, str]], known: Iterable[tuple[str, str]]) -> list[str]:
    """Steps of the tables that this version has never heard of: then the copy is of a newer one."""
    ours = set(known)
    return [f"{app}.{name}" for app, name in applied if (app, name) not in ours]
