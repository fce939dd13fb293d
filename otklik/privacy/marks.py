"""Marks of erasures outside the database: an old copy brings the person back, the mark takes them again.

One line of JSON each in OTKLIK_HOME/erasures, in the order of events: {"uid", "at", "client", "ground", "people": keyed
fingerprints of the addresses} and {"uid", "letters": [[box, keyed fingerprint], …]}. No name and no address is in it.
Whoever restores on another machine brings the file along with the secret key.
"""

import json
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any  # what a line of JSON holds

import structlog
from django.db import transaction

from otklik.accounts import prints
from otklik.clients import identifying
from otklik.clients.models import Client, Identity
from otklik.env import env
from otklik.privacy import erasing, gathering, rawletters
from otklik.privacy.models import Erasure

log = structlog.get_logger(__name__)
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
    """On a line of its own, also behind one that a fall has cut short."""
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(f"\n{json.dumps(words)}\n".encode("ascii"))
        file.flush()
        os.fsync(file.fileno())


def read(place: Path) -> tuple[list[Mark], int]:
    """Marks by time, and how many lines can't be read: a fall cuts the last one short. Raises OSError."""
    found: dict[str, Mark] = {}
    broken = 0
    for number, line in enumerate(place.read_bytes().split(b"\n"), 1):
        try:
            if line.strip():
                _put(json.loads(line), found)
        except (ValueError, TypeError, KeyError) as fault:
            broken += 1
            log.error("line of the marks not read", line=number, cause=type(fault).__name__)
    return sorted(found.values(), key=lambda one: one.at), broken


def _put(words: dict[str, Any], found: dict[str, Mark]) -> None:
    """One line, among those before it. Raises ValueError, TypeError, KeyError for what write() never put there."""
    uid = str(words["uid"])
    if "people" in words:
        at, people = datetime.fromisoformat(words["at"]), list(words["people"])
        mark = Mark(uid, at, int(words["client"]), str(words["ground"]), people, bool(words.get("wide")))
        found.setdefault(uid, mark)
    elif uid in found:
        found[uid].letters += [(int(box), str(print_)) for box, print_ in words["letters"]]


def repeat(place: Path, *, at: datetime) -> int:
    """Begin anew what this database does not know to be erased; returns how many. The worker or working.run() ends it.

    Letters of all marks are kept away first, so that no box brings them back.
    """
    begun, (known, _broken) = 0, read(place)
    for mark in known:
        rawletters.keep_away(mark.letters)
    fresh = [one for one in known if not Erasure.objects.filter(uid=one.uid).exists()]
    people = _identities({print_ for mark in fresh for print_ in mark.people})
    for mark in fresh:
        with transaction.atomic():
            client = _gathered(mark, [pk for print_ in mark.people for pk in people.get(print_, ())], at)
            if client is not None:
                erasing.begin(client, ground=mark.ground, by=None, at=at, uid=mark.uid, wide=mark.wide)
                begun += 1
    return begun


def _identities(wanted: Collection[str]) -> dict[str, list[int]]:
    """Ids of the addresses that have these fingerprints; each address is printed once."""
    found: dict[str, list[int]] = {}
    for pk, value in Identity.objects.values_list("pk", "value").iterator() if wanted else ():
        for print_ in prints.known_of_address(value):
            if print_ in wanted:
                found.setdefault(print_, []).append(pk)
    return found


def _gathered(mark: Mark, pks: Collection[int], at: datetime) -> Client | None:
    """The client to erase, with all addresses of the mark; None when nobody has one.

    Whoever wrote anew after the erasure is somebody new. Addresses that were joined after the copy belong to several
    clients in it: they are joined again. A client who has an address that the mark does not know is somebody else, and
    gives away only those that it does.
    """
    rows = Identity.objects.filter(pk__in=pks, created_at__lte=mark.at, client__erased_at=None)
    theirs = list(rows.select_related("client").order_by("pk"))
    if not theirs:
        return None
    others = Identity.objects.exclude(pk__in=[one.pk for one in theirs]).values("client")
    alone = Client.objects.filter(pk__in=[one.client_id for one in theirs]).exclude(pk__in=others)
    client = alone.filter(pk=mark.client_id).first() or alone.order_by("pk").first()
    client = client or Client.objects.create(name=gathering.NAME, created_at=at)
    for one in theirs:
        if one.client_id != client.pk:
            identifying.join(one, client=client, by=None, at=at)
    return client
