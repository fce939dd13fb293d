"""Marks of erasures outside the database: an old copy brings the person back, the mark takes them again.

One line of JSON each in OTKLIK_HOME/erasures, in the order of events: {"uid", "at", "client", "ground", "people": keyed
fingerprints of the addresses} and {"uid", "letters": [[box, keyed fingerprint], …]}. No name and no address is in it.
Whoever restores on another machine brings the file along with the secret key.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from otklik.accounts import prints
from otklik.clients.models import Client, Identity
from otklik.env import env
from otklik.privacy import erasing, rawletters
from otklik.privacy.models import Erasure

NAME = "erasures"


@dataclass(slots=True)
class Mark:
    """One erasure as the file tells it. people: fingerprints; letters: (box, fingerprint); wide: of needles."""

    uid: str
    at: datetime
    client_id: int
    ground: str
    people: list[str]
    wide: bool = False
    letters: list[tuple[int, str]] = field(default_factory=list)


def path() -> Path:
    return env().home / NAME


def write(erasure: Erasure, people: Iterable[str], *, wide: bool = False) -> None:
    """Synced to the disk when it returns. Safe to repeat: a second line of the same uid says the same."""
    known = {"uid": erasure.uid, "at": erasure.asked_at.isoformat(), "client": erasure.client_id,
             "ground": erasure.ground, "people": list(people), "wide": wide}  # fmt: skip
    _append(known)


def add_letters(uid: str, letters: Iterable[tuple[int, str]]) -> None:
    _append({"uid": uid, "letters": [list(one) for one in letters]})


def _append(words: dict[str, object]) -> None:
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(json.dumps(words) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(place: Path) -> list[Mark]:
    """Marks by time. A last line that was cut short by a fall is passed over. Raises OSError, ValueError."""
    found: dict[str, Mark] = {}
    for words in _lines(place):
        uid = str(words["uid"])
        if "people" in words:
            at = datetime.fromisoformat(str(words["at"]))
            known = found.get(uid)
            mark = Mark(uid, at, int(words["client"]), str(words["ground"]), list(words["people"]))  # type: ignore[call-overload]  # what write() put there
            mark.wide = bool(words.get("wide"))
            found[uid] = mark if known is None else known
        elif uid in found:
            found[uid].letters += [(int(box), str(print_)) for box, print_ in words["letters"]]  # type: ignore[attr-defined]  # the same
    return sorted(found.values(), key=lambda one: one.at)


def _lines(place: Path) -> Iterator[dict[str, object]]:
    lines = place.read_text(encoding="ascii").splitlines()
    for count, line in enumerate(lines, 1):
        try:
            yield json.loads(line)
        except ValueError:
            if count < len(lines):
                raise


def repeat(place: Path, *, at: datetime) -> int:
    """Begin anew what this database does not know to be erased; returns how many. The worker or working.run() ends it.

    Letters of all marks are kept away first, so that no box brings them back.
    """
    begun = 0
    for mark in read(place):
        rawletters.keep_away(mark.letters)
        if Erasure.objects.filter(uid=mark.uid).exists():
            continue
        client = _client(mark)
        if client is not None:
            erasing.begin(client, ground=mark.ground, by=None, at=at, uid=mark.uid, wide=mark.wide)
            begun += 1
    return begun


def _client(mark: Mark) -> Client | None:
    """Who is called so and was there before the erasure: whoever wrote anew after it is somebody new."""
    rows = Identity.objects.filter(created_at__lte=mark.at).select_related("client")
    by_id = rows.filter(client=mark.client_id)
    for identity in (*by_id, *rows.exclude(client=mark.client_id).only("value", "client").iterator()):
        if identity.client.erased_at is None and not set(mark.people).isdisjoint(
            prints.known_of_address(identity.value)
        ):
            return identity.client
    return None
