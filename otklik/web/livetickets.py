"""The signed ticket by which the live stream, which has no Django and no session, knows who listens.

The page carries it; the stream checks it. It holds rights as they were when it was made, and their epoch: when a role,
a team or a password changes, the epoch of the person grows, their streams end and their tickets open none.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import timedelta

from otklik.env import env

LIFE = timedelta(hours=12)
LONGEST = 4000  # characters; a ticket with 300 teams has 1,900


class BadTicket(Exception):
    """The ticket isn't ours, was changed, or its time is over."""


@dataclass(frozen=True, slots=True)
class LiveTicket:
    """Who listens. An agent: user_id with teams (all=True: everything). A client's page: client_ticket, by its link.

    expires_at: seconds since 1970, UTC. epoch: User.access_epoch when the rights were read.
    """

    expires_at: int
    user_id: int | None = None
    teams: tuple[int, ...] = ()
    all: bool = False
    client_ticket: int | None = None
    epoch: int = 0
    client_link: int | None = None  # accounts.ClientLink: revoked, it ends the stream


def sign(ticket: LiveTicket) -> str:
    """The ticket as text for an address."""
    body = json.dumps(asdict(ticket), separators=(",", ":")).encode()
    return f"{_encoded(body)}.{_encoded(_seal(body))}"


def verify(text: str, *, now: float) -> LiveTicket:
    """Read a ticket; now: seconds since 1970. Raises BadTicket."""
    try:
        body, seal = (_decoded(part) for part in text[:LONGEST].split(".", 1))
    except (ValueError, binascii.Error):
        raise BadTicket("unreadable") from None
    if not hmac.compare_digest(seal, _seal(body)):
        raise BadTicket("not signed by us")
    held = json.loads(body)
    ticket = LiveTicket(**held | {"teams": tuple(held["teams"])})
    if ticket.expires_at <= now:
        raise BadTicket("its time is over")
    return ticket


def _seal(body: bytes) -> bytes:
    # a key of its own: a seal made here opens nothing else
    key = hashlib.sha256(b"otklik.live:" + env().secret_key.encode()).digest()
    return hmac.digest(key, body, "sha256")


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def _decoded(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
