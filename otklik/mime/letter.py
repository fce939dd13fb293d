"""What reading a letter gives: plain frozen values, safe to pickle, to print as JSON and to store in PostgreSQL.

Every string in them is valid UTF-8 without NUL and lone surrogates.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Kind = Literal["normal", "bounce", "auto_reply", "feedback"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the letter. `name` is safe (no path, no control or bidi characters) and unique in the letter.

    content_id: without angle brackets, empty when there is none; size: bytes of `content` as decoded.
    """

    name: str
    size: int
    type: str
    content_id: str
    inline: bool
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BouncedFor:
    """One address that our letter didn't reach. `status` is an enhanced code («5.1.1») or empty."""

    email: str
    status: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Somebody's letter passed on inside this one. `from_email` is empty when the forward names nobody."""

    from_email: str
    from_name: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calendar part. `method` in capitals (REQUEST, CANCEL, REPLY); a bare date is a whole day."""

    method: str
    summary: str
    starts: datetime | date | None
    ends: datetime | date | None
    organizer: str
    location: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as read. The first block is the contract (`as_dict`), the second is for the intake.

    message_id, in_reply_to, references, returned_message_ids: with angle brackets, as sent.
    date: aware; None when missing or unreadable.
    auto: written by a program (answer, list, bounce, robot): never answer it automatically (RFC 3834).
    envelope_to: Delivered-To, X-Original-To, Envelope-To in that order, each address once.
    authentication_results: headers of that name as they came, topmost first; nothing is verified here.
    """

    from_email: str = ""
    from_name: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    html: str | None = None
    reply_text: str = ""
    quoted_text: str = ""
    attachments: tuple[Attachment, ...] = ()
    kind: Kind = "normal"
    bounced_for: tuple[BouncedFor, ...] = ()
    forwarded: Forwarded | None = None
    charset_repaired: bool = False
    warnings: tuple[str, ...] = ()

    auto: bool = False
    returned_message_ids: tuple[str, ...] = ()
    envelope_to: tuple[str, ...] = ()
    authentication_results: tuple[str, ...] = ()
    list_id: str = ""
    return_path: str = ""
    instance: str = ""  # header X-Otklik-Instance: a letter of ours came back
    invitation: Invitation | None = None

    # Any: the values are of JSON, as many kinds as the contract has
    def as_dict(self) -> dict[str, Any]:
        """The contract's keys and no others, ready for `json.dumps`."""
        return {
            "from_email": self.from_email,
            "from_name": self.from_name,
            "to": list(self.to),
            "cc": list(self.cc),
            "reply_to": list(self.reply_to),
            "subject": self.subject,
            "date": self.date.isoformat() if self.date else None,
            "message_id": self.message_id,
            "in_reply_to": self.in_reply_to,
            "references": list(self.references),
            "text": self.text,
            "html": self.html,
            "reply_text": self.reply_text,
            "quoted_text": self.quoted_text,
            "attachments": [_file_as_dict(file) for file in self.attachments],
            "kind": self.kind,
            "bounced_for": [
                {"email": one.email, "status": one.status, "permanent": one.permanent}
                for one in self.bounced_for
            ],
            "forwarded": _forwarded_as_dict(self.forwarded),
            "charset_repaired": self.charset_repaired,
            "warnings": list(self.warnings),
        }


def _file_as_dict(file: Attachment) -> dict[str, str | int | bool]:
    return {
        "name": file.name,
        "size": file.size,
        "type": file.type,
        "content_id": file.content_id,
        "inline": file.inline,
    }


def _forwarded_as_dict(forwarded: Forwarded | None) -> dict[str, str] | None:
    if forwarded is None:
        return None
    return {
        "from_email": forwarded.from_email,
        "from_name": forwarded.from_name,
        "subject": forwarded.subject,
        "text": forwarded.text,
    }
