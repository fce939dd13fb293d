"""Raw first: whatever came is committed as an Envelope before anything is understood (design §2, R-L1).

The door and the IMAP boxes both bring their letters here. One statement stores many, the same bytes for the same
box are stored once, and the intake's sweep is told when the transaction commits.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from otklik import rows
from otklik.accounts import prints
from otklik.jobs import wakeups

LIMIT_BYTES = 50 * 2**20  # one letter; the door announces it, IMAP asks the size first
Source = Literal["imap", "door", "upload"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an IMAP box a letter lies."""

    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Raw:
    """A letter as it came to one box.

    size_bytes: of the whole letter, 0 = of `content`; larger than the content when only its beginning was taken.
    mail_from, rcpt_to: of the SMTP envelope. history: it is older than our acquaintance with the box.
    """

    box_id: int
    content: bytes
    source: Source
    mail_from: str = ""
    rcpt_to: tuple[str, ...] = ()
    place: Place | None = None
    history: bool = False
    size_bytes: int = 0

    @property
    def key(self) -> str:
        """SHA-256 of the bytes; of a letter taken in part, of its place and size too."""
        known = hashlib.sha256(self.content)
        if self.size_bytes > len(self.content):
            known.update(f"{self.size_bytes}".encode())
        return known.hexdigest()


# one statement, so that it is a transaction of its own with one way to the server and back
_INSERT = """
    WITH stored AS (
    INSERT INTO channels_envelope (box_id, key, source, raw, size_bytes, received_at, mail_from, rcpt_to, folder,
        uidvalidity, uid, history, charset, state, decision, reason, attempts)
    SELECT box_id, key, source, raw, size_bytes, %b, mail_from,
        CASE WHEN rcpt_to = '' THEN '{}' ELSE string_to_array(rcpt_to, E'\\n') END,
        folder, uidvalidity, uid, history, '', 'new', '', '', 0
    FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::bytea[], %b::bigint[], %b::text[], %b::text[],
        %b::text[], %b::bigint[], %b::bigint[], %b::boolean[], %b::text[]) WITH ORDINALITY
        AS new (box_id, key, source, raw, size_bytes, mail_from, rcpt_to, folder, uidvalidity, uid, history, prints, n)
    WHERE NOT EXISTS (SELECT 1 FROM channels_envelope
        WHERE box_id = new.box_id AND key = ANY(string_to_array(new.prints, ' ')))
    ORDER BY n
    ON CONFLICT (box_id, key) DO NOTHING
    RETURNING 1)
    SELECT (SELECT count(*) FROM stored), pg_notify(%b, %b)
"""


def store(letters: Sequence[Raw], *, at: datetime) -> int:
    """Write the letters as envelopes, all or none; returns how many were new. Safe to repeat.

    A letter that was erased with its person is not new either: its keyed fingerprint stands in place of its key.

    Outside a transaction they are committed when it returns.

    Raises django.db.Error when the database cannot take them: none is stored then.
    """
    if not letters:
        return 0
    columns = [list(column) for column in zip(*(_row(letter) for letter in letters), strict=True)]
    with rows.binary_cursor() as cursor:
        cursor.execute(_INSERT, [at, *columns, wakeups.CHANNEL, "intake"])
        count, _told = cursor.fetchone()
    return int(count)


def _row(letter: Raw) -> tuple[object, ...]:
    place = letter.place
    return (
        letter.box_id,
        letter.key,
        letter.source,
        letter.content,
        max(letter.size_bytes, len(letter.content)),
        _text(letter.mail_from),
        "\n".join(_text(address) for address in letter.rcpt_to),
        place.folder if place else "",
        place.uidvalidity if place else None,
        place.uid if place else None,
        letter.history,
        " ".join(prints.known_of_letter(letter.key)),
    )


def _text(address: str) -> str:
    """What PostgreSQL takes and the column holds: no NUL, no lone surrogates, no line breaks."""
    clean = address.encode("utf-8", "replace").decode()
    return "".join(sign for sign in clean if sign.isprintable())[:320]
