"""What the composer needs, in one query: signature, boxes, people, drafts with their files."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from otklik import rows
from otklik.accounts.models import User
from otklik.desk import pictures
from otklik.desk.files import File
from otklik.desk.models import Draft, Ticket
from otklik.staff import queries as staff

MODES = (Draft.Mode.REPLY, Draft.Mode.NOTE, Draft.Mode.VENDOR)

_EVERYTHING = """json_build_object(
  'signature', (SELECT signature FROM staff_profile WHERE user_id = %(user)s),
  'after_send', (SELECT after_send FROM staff_profile WHERE user_id = %(user)s),
  'boxes', (SELECT json_agg(json_build_object('pk', id, 'address', address, 'name', name) ORDER BY address)
              FROM channels_box WHERE {sends}),
  'people', (SELECT json_agg(json_build_object('part', p.part, 'address', i.shown, 'name', i.name,
                                                      'value', i.value) ORDER BY p.id)
               FROM desk_participant p JOIN clients_identity i ON i.id = p.identity_id
              WHERE p.ticket_id = {ticket} AND i.kind = 'email'),
  'drafts', (SELECT json_agg(json_build_object('mode', d.mode, 'subject', d.subject, 'text', d.text, 'to', d."to",
                'cc', d.cc, 'box_id', d.box_id, 'saved_at', d.saved_at, 'files',
                (SELECT json_agg(json_build_object('pk', f.id, 'name', f.name, 'size', s.size_bytes, 'type', f.type,
                                          'content_id', f.content_id, 'sha256', f.file_id) ORDER BY f.id)
                   FROM desk_draftfile f JOIN desk_storedfile s ON s.sha256 = f.file_id WHERE f.draft_id = d.id)))
               FROM desk_draft d
              WHERE d.user_id = %(user)s AND d.ticket_id IS NOT DISTINCT FROM {ticket}),
  'said', CASE WHEN %(said)s THEN (SELECT json_build_array(
     (SELECT max(id) FROM desk_message WHERE ticket_id = {ticket}),
     (SELECT reply_text FROM desk_message WHERE ticket_id = {ticket} AND direction = 'in'
         AND circle = 'client' ORDER BY at DESC, id DESC LIMIT 1))) END)"""
_SEEN = "(%(teams)s::bigint[] IS NULL OR team_id = ANY(%(teams)s::bigint[]))"  # of staff.queries.seen_teams()
_SENDS = "mode = 'answer' AND (id = {box} OR " + _SEEN + ")"
_DESK = _EVERYTHING.format(
    ticket="%(ticket)s::bigint", box="%(box)s::bigint", sends=_SENDS.format(box="%(box)s::bigint")
)
_OF_TICKET = f"SELECT %(ticket)s::bigint, %(box)s::bigint, {_DESK}"

# For a statement that has the request as `t` (answers.held): what lies on the desk, the box that this letter leaves by
# (the wished one where it may send, else the request's), and whether this person sees the request.
DESK = _EVERYTHING.format(ticket="t.id", box="t.box_id", sends=_SENDS.format(box="t.box_id"))
CHOSEN = f"""coalesce((SELECT id FROM channels_box WHERE id = %(wished)s::bigint AND {_SENDS.format(box="t.box_id")}),
  t.box_id)"""  # noqa: S608 - texts of ours
SEES = "(%(teams)s::bigint[] IS NULL OR t.team_id = ANY(%(teams)s::bigint[]))"


@dataclass(frozen=True, slots=True)
class BoxChoice:
    pk: int
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """value: the address as letters are told apart by (clients.identifying.normal)."""

    part: str
    address: str
    name: str
    value: str

    def __str__(self) -> str:
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class KeptFile:
    pk: int
    name: str
    size: int
    type: str = ""
    content_id: str = ""
    sha256: str = ""

    @property
    def stands(self) -> bool:
        """Whether it has a place in the words, «[name]»."""
        return bool(self.content_id)

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

    @property
    def attached(self) -> tuple[File, ...]:
        """What a sent message takes over."""
        return tuple(
            File(one.sha256, one.size, one.name, one.type, one.content_id, one.stands) for one in self.files
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the writing desk of one person for one request (or for a new letter).

    last, asked: the last message and the client's last words, where they were asked for. ticket_id, box_id: of the
    request, None for a new letter.
    """

    signature: str
    boxes: list[BoxChoice]
    people: list[Person]
    drafts: dict[str, Kept] = field(default_factory=dict)
    ticket_id: int | None = None
    box_id: int | None = None
    after_send: str = ""
    last: int = 0
    asked: str = ""

    @property
    def signature_line(self) -> str:
        return " · ".join(line.strip() for line in self.signature.splitlines() if line.strip())

    def draft(self, mode: str) -> Kept:
        return self.drafts.get(mode) or Kept(mode)

    def of(self, part: str) -> list[Person]:
        return [one for one in self.people if one.part == part]


def desk(user: User, ticket: Ticket | None, *, said: bool = False) -> Desk:
    """said: what was said last is asked for too."""
    values = {
        "user": user.pk,
        "teams": staff.seen_teams(user),
        "ticket": ticket.pk if ticket else None,
        "box": ticket.box_id if ticket else None,
        "said": said,
    }
    [row] = rows.ask(_OF_TICKET, values)
    return read(*row)


def read(ticket_id: int | None, box_id: int | None, found: dict[str, Any]) -> Desk:  # Any: what JSON gives
    """Out of what DESK gives."""
    last, asked = found["said"] or (0, "")
    return Desk(
        signature=found["signature"] or "",
        boxes=[BoxChoice(**one) for one in found["boxes"] or ()],
        people=[Person(**one) for one in found["people"] or ()],
        drafts={one["mode"]: _kept(one) for one in found["drafts"] or ()},
        ticket_id=ticket_id,
        box_id=box_id,
        after_send=found["after_send"] or "",
        last=last or 0,
        asked=asked or "",
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
