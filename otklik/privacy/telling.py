"""What an export tells of a client, in words and as values.

Talk: what the client's own mailbox holds or could hold (journeys.talk has the rule), so other people in the same
requests keep what is theirs. Colleagues' notes go along only where they name the client: such a note is data about them
(GDPR art. 15; 152-FZ art. 14), the rest is our work. Who of our people wrote is told by name only in letters.
"""

import json
import re
from collections.abc import Iterator
from typing import TypedDict

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from otklik.clients.models import Client
from otklik.desk.models import Attachment, Message, Participant, Ticket
from otklik.journeys import talk
from otklik.privacy import gathering
from otklik.privacy.needles import Needles

_BAD = re.compile(r"[^\w.() -]+")


class ToldFile(TypedDict):
    """file: its path in the archive."""

    name: str
    file: str
    type: str
    size_bytes: int
    sha256: str


class ToldMessage(TypedDict):
    """from: "client", "us" or "other" (somebody else of the request, who wrote to the client too)."""

    at: object
    author: str
    who: str
    subject: str
    text: str
    files: list[ToldFile]


class ToldNote(TypedDict):
    at: object
    text: str


class Told(TypedDict):
    number: int
    subject: str
    part: str
    state: str
    opened_at: object
    messages: list[ToldMessage]
    notes: list[ToldNote]


FIELDS = {
    "person": "name, position, organisation, note (what colleagues wrote on the card), known_since",
    "addresses[]": "kind (email, phone), value, name, known_since, undeliverable_since, blocked_since",
    "consents[]": "purpose, text, version, door (letter, phone, paper, form), given_at, withdrawn_at",
    "links[]": "request, made_at, expires_at, revoked_at: personal links to the page of a request",
    "requests/N.json": "number, subject, part (requester, copy, vendor), state, opened_at, messages[], notes[]",
    "messages[]": "at, author, who (client, us, other), subject, text, files[]",
    "files[]": "name, file (path in this archive), type, size_bytes, sha256",
    "notes[]": "at, text: colleagues' notes that name the person",
    "times": "ISO 8601, UTC",
}


def tickets(client: Client) -> QuerySet[Ticket]:
    ids = gathering.identity_ids(client.pk)
    there = Participant.objects.filter(identity__in=ids).values("ticket")
    return Ticket.objects.filter(Q(client=client) | Q(pk__in=there)).order_by("pk")


def person(client: Client) -> dict[str, object]:
    """Everything but the requests."""
    identities = list(client.identities.order_by("pk"))
    return {
        "fields": FIELDS,
        "person": {
            "name": client.name, "position": client.position, "note": client.note, "known_since": client.created_at,
            "organisation": client.organisation.name if client.organisation else "",
        },
        "addresses": [
            {
                "kind": one.kind, "value": one.shown, "name": one.name, "known_since": one.created_at,
                "undeliverable_since": one.bad_at, "blocked_since": one.blocked_at,
            }
            for one in identities
        ],
        "consents": [
            {
                "purpose": one.purpose, "purpose_words": one.get_purpose_display(), "text": one.text,
                "version": one.version, "door": one.door, "door_words": one.get_door_display(),
                "given_at": one.given_at, "withdrawn_at": one.withdrawn_at,
            }
            for one in client.consents.order_by("given_at")
        ],
        "links": [
            {
                "request": link.ticket.number, "made_at": link.made_at, "expires_at": link.expires_at,
                "revoked_at": link.revoked_at,
            }
            for one in identities
            for link in one.links.select_related("ticket")
        ],
    }  # fmt: skip


def request(ticket: Ticket, client: Client, *, naming: Needles | None) -> Told:
    """One request as far as it is the client's. naming: the client in notes of colleagues; None leaves them out."""
    parts = list(ticket.participants.filter(identity__client=client).select_related("identity", "ticket"))
    messages: dict[int, Message] = {}
    for part in parts:
        rows = talk.visible(part, at=timezone.now()).select_related("user", "identity")
        messages |= {one.pk: one for one in rows.defer("search", "html")}
    own = Message.objects.filter(ticket=ticket, identity__client=client).select_related("user", "identity")
    messages |= {one.pk: one for one in own.defer("search", "html")}
    attached: dict[int, list[Attachment]] = {}
    for one in Attachment.objects.filter(message__in=messages).select_related("file"):
        attached.setdefault(one.message_id or 0, []).append(one)
    asks = any(one.part == Participant.Part.REQUESTER for one in parts) or ticket.client_id == client.pk
    return {
        "number": ticket.number,
        "subject": ticket.subject,
        "part": Participant.Part.REQUESTER if asks else next((one.part for one in parts), "copy"),
        "state": ticket.state,
        "opened_at": ticket.created_at,
        "messages": [_message(messages[pk], client, attached.get(pk, [])) for pk in sorted(messages)],
        "notes": _notes(ticket, naming) if naming and asks else [],
    }


def _message(message: Message, client: Client, attached: list[Attachment]) -> ToldMessage:
    mine = message.identity is not None and message.identity.client_id == client.pk
    ours = message.direction == Message.Direction.OUT
    author = message.user.name if ours and message.user else message.author_name
    return {
        "at": message.at, "author": author, "who": "us" if ours else "client" if mine else "other",
        "subject": message.subject, "text": message.text if mine or ours else message.reply_text,
        "files": [_file(one) for one in attached],
    }  # fmt: skip


def _file(one: Attachment) -> ToldFile:
    name = _BAD.sub("_", one.name).strip(". ")[:120] or "file"
    return {
        "name": one.name, "file": f"files/{one.pk}-{name}", "type": one.type,
        "size_bytes": one.file.size_bytes, "sha256": one.file_id,
    }  # fmt: skip


def _notes(ticket: Ticket, naming: Needles) -> list[ToldNote]:
    notes = ticket.notes.order_by("at", "pk").only("at", "text", "ticket_id")
    return [{"at": one.at, "text": one.text} for one in notes if naming.cleaned(one.text) != one.text]


def files_of(told: Told) -> Iterator[ToldFile]:
    for message in told["messages"]:
        yield from message["files"]


def as_json(told: object) -> str:
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def page(name: str, context: dict[str, object]) -> str:
    """A page of the archive: opens in any browser without the network."""
    return render_to_string(f"privacy/export_{name}.html", context)
