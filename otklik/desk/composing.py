"""What the composer needs, in one query: signature, boxes, people, drafts with their files."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from otklik.accounts.models import User
from otklik.desk import pictures
from otklik.desk.models import Draft, Ticket

MODES = (Draft.Mode.REPLY, Draft.Mode.NOTE, Draft.Mode.VENDOR)

_EVERYTHING = """
SELECT json_build_object(
  'signature', (SELECT signature FROM staff_profile WHERE user_id = %(user)s),
  'boxes', (SELECT json_agg(json_build_object('pk', id, 'address', address, 'name', name) ORDER BY address)
              FROM channels_box WHERE mode = 'answer' AND (%(all)s OR id = %(box)s OR team_id IN
                (SELECT team_id FROM staff_membership WHERE user_id = %(user)s))),
  'people', (SELECT json_agg(json_build_object('part', p.part, 'address', i.shown, 'name', i.name) ORDER BY p.id)
               FROM desk_participant p JOIN clients_identity i ON i.id = p.identity_id
              WHERE p.ticket_id = %(ticket)s AND i.kind = 'email'),
  'drafts', (SELECT json_agg(json_build_object('mode', d.mode, 'subject', d.subject, 'text', d.text, 'to', d."to",
                'cc', d.cc, 'box_id', d.box_id, 'saved_at', d.saved_at, 'files',
                (SELECT json_agg(json_build_object('pk', f.id, 'name', f.name, 'size', s.size_bytes, 'type', f.type,
                                          'stands', f.content_id <> '') ORDER BY f.id)
                   FROM desk_draftfile f JOIN desk_storedfile s ON s.sha256 = f.file_id WHERE f.draft_id = d.id)))
               FROM desk_draft d
              WHERE d.user_id = %(user)s AND d.ticket_id IS NOT DISTINCT FROM %(ticket)s))
"""


@dataclass(frozen=True, slots=True)
class BoxChoice:
    pk: int
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    part: str
    address: str
    name: str

    def __str__(self) -> str:
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class KeptFile:
    """stands: it has a place in the words, «[name]»."""

    pk: int
    name: str
    size: int
    type: str = ""
    stands: bool = False

    @property
    def is_picture(self) -> bool:
        return self.type in pictures.TYPES


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved draft of one mode, or an empty one."""

    mode: str
    subject: str = ""
    text: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    box_id: int | None = None
    saved_at: datetime | None = None
    files: tuple[KeptFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the writing desk of one person for one request (or for a new letter)."""

    signature: str
    boxes: list[BoxChoice]
    people: list[Person]
    drafts: dict[str, Kept] = field(default_factory=dict)

    @property
    def signature_line(self) -> str:
        return " · ".join(line.strip() for line in self.signature.splitlines() if line.strip())

    def draft(self, mode: str) -> Kept:
        return self.drafts.get(mode) or Kept(mode)

    def of(self, part: str) -> list[Person]:
        return [one for one in self.people if one.part == part]


def desk(user: User, ticket: Ticket | None) -> Desk:
    values = {
        "user": user.pk,
        "all": user.sees_all,
        "ticket": ticket.pk if ticket else None,
        "box": ticket.box_id if ticket else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EVERYTHING, values)
        row = cursor.fetchone()
    found = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return Desk(
        signature=found["signature"] or "",
        boxes=[BoxChoice(**one) for one in found["boxes"] or ()],
        people=[Person(**one) for one in found["people"] or ()],
        drafts={one["mode"]: _kept(one) for one in found["drafts"] or ()},
    )


def _kept(row: dict[str, Any]) -> Kept:  # Any: what JSON gives; its shape is the query's above
    return Kept(
        mode=row["mode"],
        subject=row["subject"],
        text=row["text"],
        to=tuple(row["to"]),
        cc=tuple(row["cc"]),
        box_id=row["box_id"],
        saved_at=datetime.fromisoformat(row["saved_at"]),
        files=tuple(KeptFile(**one) for one in row["files"] or ()),
    )
