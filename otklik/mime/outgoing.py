"""What writing a letter takes: plain frozen values."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`email` may have an IDN domain in readable form; `name` may be empty."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that goes along. With `content_id` it is an inline picture, shown by `cid:` in the HTML."""

    name: str
    type: str
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter of ours, whole: the same value always gives the same bytes.

    message_id, in_reply_to, references: with angle brackets; of a long chain the first and the last 19 are
    written. date: aware. headers: further headers in order (Auto-Submitted, X-Otklik-Instance, List-Unsubscribe).
    """

    message_id: str
    date: datetime
    sender: Mailbox
    to: tuple[Mailbox, ...]
    subject: str
    text: str
    html: str | None = None
    cc: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
