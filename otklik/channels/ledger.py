"""«На сервере N, у нас N, расходятся эти»: what an IMAP folder holds against what we have."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from otklik import mime
from otklik.channels import queries
from otklik.channels.email import checking, fetching, imap, troubles
from otklik.channels.email.imap import Line
from otklik.channels.email.troubles import Trouble
from otklik.channels.email.watching import INBOX
from otklik.channels.models import Box, Cursor

SHOWN = 30
HEAD_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Differing:
    """A letter on the server that we lack."""

    uid: int
    sender: str
    subject: str
    date: datetime | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """older: letters that we were not asked to take. trouble: the server could not be asked."""

    folder: str
    on_server: int
    ours: int
    older: int
    lacking: int
    differing: list[Differing] = field(default_factory=list)
    trouble: Trouble | None = None

    @property
    def agrees(self) -> bool:
        return self.trouble is None and not self.lacking


def compare(box: Box, *, at: datetime) -> Ledger:
    """Ask the server now. Never raises for what it does."""
    try:
        with imap.dial(box, timeout_s=checking.CONNECT_LIMIT_S) as line:
            lacking, on_server = fetching.missing(line, box, INBOX, at=at)
            differing = _described(line, lacking[:SHOWN])
    except checking.FAULTS as fault:
        return Ledger(INBOX, 0, 0, 0, 0, trouble=troubles.of(fault, box))
    cursor = Cursor.objects.get(box=box, folder=INBOX)
    ours = queries.ours(box, cursor)
    here = ours_on_server(on_server, lacking, ours)
    return Ledger(INBOX, on_server, ours, max(0, on_server - here - len(lacking)), len(lacking), differing)


def ours_on_server(on_server: int, lacking: Sequence[int], ours: int) -> int:
    """Letters that stand on both sides: what was deleted there stays with us."""
    return min(ours, on_server - len(lacking))


def bring(box: Box, *, at: datetime) -> int:
    """Fetch what differs; returns how many letters were new to us. Raises what IMAP raises."""
    with imap.dial(box, timeout_s=checking.CONNECT_LIMIT_S) as line:
        lacking, _on_server = fetching.missing(line, box, INBOX, at=at)
        return fetching.bring(line, box, INBOX, lacking[:1000], at=at)


def _described(line: Line, uids: Sequence[int]) -> list[Differing]:
    heads = line.bodies(uids, first_bytes=HEAD_BYTES)
    letters = {uid: mime.read(head.partition(b"\r\n\r\n")[0] + b"\r\n\r\n") for uid, head in heads.items()}
    return [
        Differing(uid, letter.from_name or letter.from_email, letter.subject, letter.date)
        for uid, letter in sorted(letters.items(), reverse=True)
    ]
