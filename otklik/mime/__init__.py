"""Letters: bytes → value (`read`) and value → bytes (`write`). Pure: no Django, network or clock.

`read` and `read_invitation` (of a calendar file alone) never raise on any bytes.
`write` raises ValueError for a line break in a header or an empty address.
Contract: a letter of 20 KB ≤ 2 ms, 500 a second on one core (bench/mime.py).
"""

from otklik.mime._calendar import read as read_invitation
from otklik.mime._html import REPLY_ATTRIBUTE
from otklik.mime._read import read
from otklik.mime._signs import REPLY_LINE
from otklik.mime._write import write
from otklik.mime.letter import Attachment, BouncedFor, Forwarded, Invitation, Kind, Letter
from otklik.mime.outgoing import Mailbox, Outgoing, OutgoingFile

__all__ = [
    "REPLY_ATTRIBUTE",
    "REPLY_LINE",
    "Attachment",
    "BouncedFor",
    "Forwarded",
    "Invitation",
    "Kind",
    "Letter",
    "Mailbox",
    "Outgoing",
    "OutgoingFile",
    "read",
    "read_invitation",
    "write",
]
