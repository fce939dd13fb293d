"""A letter with what we know of it before any row is looked up: who wrote, whom it names, what kind it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from otklik.channels.email.addresses import plain
from otklik.channels.intake import ageing
from otklik.channels.intake.reading import Read
from otklik.channels.models import Box
from otklik.channels.outbox.addresses import is_vendors, ticket_number_of
from otklik.clients.identifying import Sender, normal
from otklik.desk.models import Message
from otklik.mime import Letter

NOBODY = "nobody@unknown.invalid"  # a domain that can never receive letters (RFC 2606)
MOST_PEOPLE = 50
_NUMBER = re.compile(r"(?:№|#|\bN[°o]?\.?)\s?(\d{4,12})\b")
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")


@dataclass(slots=True)
class Post:
    """One letter on its way to a request. ids are without angle brackets; `own` are the addresses of our boxes.

    at_vendors_address: it came to the signed address that we give to vendors.
    """

    read: Read
    box: Box
    sender: Sender
    people: list[tuple[str, str]]  # line and address of everybody it names, ours included
    copies: list[str]  # addresses that are neither ours nor the sender's
    message_id: str
    references: list[str]  # newest first
    plus_numbers: list[int]
    subject_numbers: list[int]
    at_vendors_address: bool = False
    kind: str = Message.Kind.WORDS
    spam: str = ""
    odd: list[str] = field(default_factory=list)

    @property
    def letter(self) -> Letter:
        return self.read.letter

    @property
    def history(self) -> bool:
        return self.read.envelope.history

    @property
    def is_late(self) -> bool:
        """It lay elsewhere for days, or was acknowledged before a restore: not acknowledged as if it were fresh."""
        letter, raw, came_at = self.letter, self.read.raw, self.read.envelope.received_at
        return ageing.is_late(letter, raw, came_at=came_at) or ageing.is_older(
            letter, raw, came_at=came_at, moment=self.box.quiet_before
        )

    @property
    def from_robot(self) -> bool:
        """Written by a program: answered by people if at all, never automatically (RFC 3834)."""
        letter = self.letter
        empty_path = letter.return_path == "<>" or (
            self.read.envelope.source == "door" and not self.read.envelope.mail_from
        )
        return letter.auto or bool(letter.list_id) or empty_path or letter.kind != "normal"


def post(read: Read, box: Box, own: frozenset[str], staff: frozenset[str]) -> Post:
    """own, staff: normalised addresses of our boxes and of our people, who are not clients."""
    letter = read.letter
    people = _people(letter)
    sender = _sender(read, own)
    strangers = dict.fromkeys(normal(address) for _line, address in people)
    copies = [
        address
        for address in strangers
        if plain(address) not in own and address not in staff and address != normal(sender.address)
    ]
    named = (*read.envelope.rcpt_to, *letter.envelope_to, *(address for _line, address in people))
    return Post(
        read=read,
        box=box,
        sender=sender,
        people=people,
        copies=copies[:MOST_PEOPLE],
        message_id=bare(letter.message_id),
        references=_references(letter),
        plus_numbers=[number for address in named if (number := ticket_number_of(address))],
        subject_numbers=[int(number) for number in _NUMBER.findall(letter.subject[:500])][:5],
        at_vendors_address=any(is_vendors(address) for address in named),
        odd=list(letter.warnings),
    )


def bare(message_id: str) -> str:
    """Cut at 1,000 bytes: it is indexed, and PostgreSQL's index takes no more than 2,704."""
    plain_id = message_id.strip().removeprefix("<").removesuffix(">")
    return plain_id.encode()[:1000].decode(errors="ignore")


def _references(letter: Letter) -> list[str]:
    """All ids it answers, newest first: the last of References, then In-Reply-To, then what robots returned."""
    ids = [*reversed(letter.references), letter.in_reply_to, *letter.returned_message_ids]
    return list(dict.fromkeys(bare(one) for one in ids if one))


def _sender(read: Read, own: frozenset[str]) -> Sender:
    """Who wrote. A form of our site that writes in our own name says in Reply-To whom to answer."""
    letter = read.letter
    address, name = letter.from_email, letter.from_name
    if plain(address) in own and letter.reply_to and plain(letter.reply_to[0]) not in own:
        address = letter.reply_to[0]
    candidates: Iterable[str] = (address, letter.return_path.strip("<>"), read.envelope.mail_from)
    found = next((one for one in candidates if _ADDRESS.fullmatch(one.strip())), NOBODY)
    return Sender(found.strip(), name or ("Отправитель неизвестен" if found == NOBODY else ""))


def _people(letter: Letter) -> list[tuple[str, str]]:
    lines = [("to", address) for address in letter.to] + [("cc", address) for address in letter.cc]
    seen: dict[str, tuple[str, str]] = {}
    for line, address in lines:
        if _ADDRESS.fullmatch(address.strip()):
            seen.setdefault(normal(address), (line, normal(address)))
    return list(seen.values())[: 4 * MOST_PEOPLE]
