"""What a folder of an IMAP box has that we have not: fetched, committed, and only then the cursor moves (R-L1).

A letter is known by UIDVALIDITY + UID; flags mean nothing. When the server numbers its letters anew, everything since
our acquaintance is read again, and what we have already falls out by its bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from otklik.accounts import prints
from otklik.channels.email.imap import Line, Place, Size
from otklik.channels.intake import storing
from otklik.channels.intake.storing import LIMIT_BYTES, Raw
from otklik.channels.models import Box, Cursor, Envelope

log = structlog.get_logger(__name__)
MOST_LETTERS = 100  # in one FETCH
MOST_BYTES = 8 * 2**20
ASKED_AT_ONCE = 1000  # sizes
BEGINNING_BYTES = 64 * 1024  # of a letter that is too big to take
LOOK_BACK = (
    500  # UIDs below the cursor that are compared again: some servers number letters before they show them
)
SKEW = timedelta(days=1)  # the server's clock and time zone are its own


@dataclass(frozen=True, slots=True)
class Fetched:
    """looked: letters asked for; stored: those that were new to us."""

    looked: int
    stored: int


def fetch(line: Line, box: Box, folder: str, *, at: datetime) -> Fetched:
    """Bring all that is new in this folder. Raises OSError, imaplib.IMAP4.error, django.db.Error: call again then."""
    place = line.open(folder)
    cursor = _cursor(line, box, place, at)
    looked = stored = 0
    for uids in _chunks(line.uids_from(cursor.last_uid + 1)):
        came = _bring(line, box, cursor, uids, at)
        looked += len(uids)
        stored += came
    _count(cursor, place, at)
    return Fetched(looked, stored)


def look_back(line: Line, box: Box, folder: str, doubles: set[int], *, at: datetime) -> int:
    """Letters that appeared below the cursor, or were missed: fetched too. Returns how many were stored.

    doubles: UIDs seen to be copies of other letters; the ones met now are added, so that they are fetched once.
    """
    cursor = _cursor(line, box, line.open(folder), at)
    first = max(cursor.history_from, cursor.last_uid - LOOK_BACK) + 1
    if first > cursor.last_uid:
        return 0
    known = set(_known(box, cursor).filter(uid__gte=first).values_list("uid", flat=True))
    lacking = [uid for uid in line.uids_from(first, cursor.last_uid) if uid not in known | doubles]
    stored = sum(_bring(line, box, cursor, uids, at, moves=False) for uids in _chunks(lacking))
    doubles.update(lacking)
    return stored


def missing(line: Line, box: Box, folder: str, *, at: datetime) -> tuple[list[int], int]:
    """For the ledger: UIDs of this folder that we lack, newest first, and how many letters stand there."""
    place = line.open(folder)
    cursor = _cursor(line, box, place, at)
    here = line.uids("ALL")
    ours = set(_known(box, cursor).values_list("uid", flat=True))
    _count(cursor, place, at)
    return sorted((uid for uid in here if uid > cursor.history_from and uid not in ours), reverse=True), len(
        here
    )


def bring(line: Line, box: Box, folder: str, uids: Sequence[int], *, at: datetime) -> int:
    """These letters, wherever the cursor stands; returns how many were stored."""
    cursor = _cursor(line, box, line.open(folder), at)
    return sum(_bring(line, box, cursor, part, at, moves=False) for part in _chunks(sorted(uids)))


def _known(box: Box, cursor: Cursor) -> QuerySet[Envelope]:
    """Uses index envelope_ledger."""
    return Envelope.objects.filter(box=box, folder=cursor.folder, uidvalidity=cursor.uidvalidity)


def _cursor(line: Line, box: Box, place: Place, at: datetime) -> Cursor:
    """Where we stand in this folder; at the first meeting, and after a new numbering, where to begin."""
    cursor = Cursor.objects.filter(box=box, folder=place.name).first()
    if cursor is not None and cursor.uidvalidity == place.uidvalidity:
        return cursor
    begin = (box.connected_at or at) - timedelta(days=box.history_days)
    recent = line.uids_since(begin.date())
    if not box.history_days and cursor is None:  # what came before on the very day is not wanted
        recent = [size.uid for size in line.sizes(recent) if _is_since(size, begin)]
    newest = place.next_uid - 1
    before = recent[0] - 1 if recent else newest
    values = {
        "uidvalidity": place.uidvalidity,
        "last_uid": before,
        "history_from": before,
        # after a new numbering the age of each letter tells, not its number
        "history_to": newest if cursor is None else 0,
    }
    if cursor is not None:
        log.warning("folder numbered anew", box=box.pk, was=cursor.uidvalidity, now=place.uidvalidity)
    return Cursor.objects.update_or_create(box=box, folder=place.name, defaults=values)[0]


def _is_since(size: Size, begin: datetime | None) -> bool:
    """Whether the server surely got it after that moment. It tells whole seconds."""
    return size.came_at is not None and begin is not None and size.came_at >= begin.replace(microsecond=0)


def _bring(
    line: Line, box: Box, cursor: Cursor, uids: Sequence[int], at: datetime, *, moves: bool = True
) -> int:
    """Letters of these UIDs, stored piece by piece; the cursor follows each piece in its own transaction."""
    stored = 0
    for sizes in _pieces(line.sizes(uids)):
        bodies = _bodies(line, sizes)
        letters = [_raw(box, cursor, size, bodies[size.uid]) for size in sizes if size.uid in bodies]
        with transaction.atomic():
            stored += storing.store(letters, at=at)
            _placed(cursor, letters)
            if moves:
                _move(cursor, sizes[-1].uid)
    if moves and uids:
        _move(cursor, uids[-1])  # the last ones may have vanished
    return stored


def _bodies(line: Line, sizes: Sequence[Size]) -> dict[int, bytes]:
    fitting = [size.uid for size in sizes if size.size_bytes <= LIMIT_BYTES]
    bodies = line.bodies(fitting)
    for size in sizes:
        if size.size_bytes > LIMIT_BYTES:
            bodies |= line.bodies([size.uid], first_bytes=BEGINNING_BYTES)
    return bodies


def _raw(box: Box, cursor: Cursor, size: Size, body: bytes) -> Raw:
    old = size.came_at is not None and box.connected_at is not None and size.came_at < box.connected_at - SKEW
    return Raw(
        box.pk,
        body,
        "imap",
        place=storing.Place(cursor.folder, cursor.uidvalidity, size.uid),
        # what came after the connecting, though before our first look, somebody still waits on
        history=old or (size.uid <= cursor.history_to and not _is_since(size, box.connected_at)),
        size_bytes=size.size_bytes if size.size_bytes > LIMIT_BYTES else 0,
    )


def _placed(cursor: Cursor, letters: Sequence[Raw]) -> None:
    """A letter that we had already lies under its new number now: the ledger goes by it."""
    by_key = {
        key: letter.place
        for letter in letters
        if letter.place
        for key in (letter.key, *prints.known_of_letter(letter.key))  # the latter of one that was erased
    }
    moved = Envelope.objects.filter(box=cursor.box_id, key__in=by_key).exclude(
        folder=cursor.folder, uidvalidity=cursor.uidvalidity
    )
    rows = list(moved.only("key", "folder", "uidvalidity", "uid"))
    for row in rows:
        place = by_key[row.key]
        row.folder, row.uidvalidity, row.uid = place.folder, place.uidvalidity, place.uid
    if rows:
        Envelope.objects.bulk_update(rows, ["folder", "uidvalidity", "uid"])


def _move(cursor: Cursor, uid: int) -> None:
    """Forward only: two readers of one box may meet in spite of the lock."""
    Cursor.objects.filter(pk=cursor.pk, uidvalidity=cursor.uidvalidity, last_uid__lt=uid).update(last_uid=uid)
    cursor.last_uid = max(cursor.last_uid, uid)


def _count(cursor: Cursor, place: Place, at: datetime) -> None:
    Cursor.objects.filter(pk=cursor.pk).update(on_server=place.letters, counted_at=at)


def _chunks(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), ASKED_AT_ONCE):
        yield uids[start : start + ASKED_AT_ONCE]


def _pieces(sizes: Sequence[Size]) -> Iterator[list[Size]]:
    """In the order of UIDs, each piece within the limits of one FETCH; a big letter comes alone."""
    piece: list[Size] = []
    size_bytes = 0
    for size in sorted(sizes, key=lambda one: one.uid):
        if piece and (len(piece) >= MOST_LETTERS or size_bytes + size.size_bytes > MOST_BYTES):
            yield piece
            piece, size_bytes = [], 0
        piece.append(size)
        size_bytes += size.size_bytes
    if piece:
        yield piece
